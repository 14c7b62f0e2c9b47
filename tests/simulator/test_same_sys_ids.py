"""Clients choose sys_ids: a record with that of one in another table has nothing of it."""

import pytest

from tests.simulator.small_instance import CHARLIE, FIRST, MAIL, Api


@pytest.fixture
def api() -> Api:
    return Api()


def journal(api: Api, sys_id: str) -> int:
    return api.instance.count("sys_journal_field", f"element_id={sys_id}")


async def test_deleting_a_record_leaves_what_hangs_on_one_with_its_sys_id(api: Api) -> None:
    file = {"table_name": "incident", "table_sys_id": FIRST, "file_name": "fire.txt"}
    attachment = api.instance.insert("sys_attachment", file)
    api.instance.insert("sys_attachment_doc", {"sys_attachment": attachment, "data": "QQ=="})
    entries = journal(api, FIRST)
    for sys_id in (FIRST, attachment):
        mine = {"sys_id": sys_id, "name": "Mine", "owner": CHARLIE}
        assert (await api.post("/table/label", mine, by=CHARLIE)).status_code == 201
        gone = await api.call("DELETE", f"/table/label/{sys_id}", by=CHARLIE)
        assert gone.status_code == 204
    assert journal(api, FIRST) == entries > 0
    assert api.instance.row("sys_attachment", attachment) is not None
    assert api.instance.count("sys_attachment_doc", f"sys_attachment={attachment}") == 1


async def test_what_hangs_on_a_record_still_goes_with_it(api: Api) -> None:
    for table in ("incident", "task", "ZZ_YYincident"):
        file = {"table_name": table, "table_sys_id": FIRST, "file_name": "fire.txt"}
        api.instance.insert("sys_attachment", file)
    api.instance.delete("incident", FIRST)
    assert journal(api, FIRST) == 0
    assert api.instance.count("sys_attachment", f"table_sys_id={FIRST}") == 0


async def test_the_journal_of_another_table_does_not_show(api: Api) -> None:
    api.instance.insert(
        "sys_journal_field",
        {"element_id": MAIL, "element": "comments", "name": "cmdb_ci", "value": "Zebra"},
    )
    mine = {"sys_id": MAIL, "short_description": "Mine", "caller_id": CHARLIE}
    assert (await api.post("/table/incident", mine, by=CHARLIE)).status_code == 201
    shown = await api.result(f"/table/incident/{MAIL}", by=CHARLIE, sysparm_display_value="true")
    assert shown["comments"] == shown["comments_and_work_notes"] == ""
    for query in ("commentsLIKEzebra", "123TEXTQUERY321=zebra"):
        assert await api.result("/table/incident", by=CHARLIE, sysparm_query=query) == []
