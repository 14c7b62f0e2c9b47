"""Numbers, sys_ids and links copied from the browser."""

import pytest

from tests.tools_app.callers import INSTANCE_URL
from tools_app.exceptions import InvalidArguments
from tools_app.record_texts import RecordText, read_record_text

ID = "1c741bd70b2322007518478d83673af3"


def read(text: str, *, instance_url: str = INSTANCE_URL) -> RecordText:
    return read_record_text(text, argument="incident", instance_url=instance_url)


def test_numbers_and_sys_ids_are_read_in_any_case() -> None:
    assert read(" inc0010001 ") == RecordText(number="INC0010001")
    assert read(ID.upper()) == RecordText(sys_id=ID)


@pytest.mark.parametrize(
    "link",
    [
        f"/incident.do?sys_id={ID}",
        f"/incident.do?sysparm_view=ess&sys_id={ID}#tab",
        f"/nav_to.do?uri=incident.do?sys_id={ID}",
        f"/nav_to.do?uri=%2Fincident.do%3Fsys_id%3D{ID}%26sysparm_view%3D",
        f"/now/nav/ui/classic/params/target/incident.do%3Fsys_id%3D{ID}",
        f"/now/nav/ui/classic/params/target/incident.do%253Fsys_id%253D{ID}",
        f"/now/sow/record/incident/{ID}",
        f"/now/workspace/agent/record/incident/{ID}/params/x",
        f"/sp?id=ticket&table=incident&sys_id={ID}",
        f"/sp?sys_id={ID}&view=sp&id=form&table=incident",
        f"/INCIDENT.DO?sys_id={ID.upper()}",
    ],
)
def test_links_of_every_kind_name_a_table_and_a_record(link: str) -> None:
    assert read(INSTANCE_URL + link) == RecordText(sys_id=ID, table="incident")


def test_a_link_by_number_is_read_too() -> None:
    link = f"{INSTANCE_URL}/incident.do?sysparm_query=number%3DINC0010001"
    assert read(link) == RecordText(number="INC0010001", table="incident")


@pytest.mark.parametrize(
    "link",
    [
        f"https://localhost:8090.evil.example/incident.do?sys_id={ID}",
        f"https://evil.example/?http://localhost:8090/incident.do?sys_id={ID}",
        f"http://localhost:8091/incident.do?sys_id={ID}",
        f"http://abel@localhost:8090/incident.do?sys_id={ID}",
        f"http://[localhost/incident.do?sys_id={ID}",
    ],
)
def test_a_link_into_another_host_is_refused(link: str) -> None:
    with pytest.raises(InvalidArguments, match="another host"):
        read(link)


@pytest.mark.parametrize(
    "link", ["/", "/incident_list.do", "/incident.do?sys_id=123", f"/incident.do?sys_id={ID}0"]
)
def test_a_link_to_no_record_is_refused(link: str) -> None:
    with pytest.raises(InvalidArguments, match="link to no record"):
        read(INSTANCE_URL + link)


@pytest.mark.parametrize(
    "text",
    ["0010001", "the printer one", "INC001^ORactive=true", "javascript:gs.getUserID()", "INC"],
)
def test_anything_else_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(InvalidArguments) as refused:
        read(text)
    assert "INC0010001" in refused.value.arguments[0].accepted
