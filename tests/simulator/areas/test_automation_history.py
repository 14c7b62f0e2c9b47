"""The history of a record, as its audit tells it."""

import pytest

from simulator.data.store import Store
from simulator.instance import Instance
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, FIRST, SECOND, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


@fact("sys_history_line tells each change of a record by its set, which names the record", tag="R")
async def test_the_history_of_a_record_is_there_when_it_is_read(api: Api) -> None:
    await api.patch(f"/table/incident/{FIRST}", {"short_description": "Out", "comments": "Done"})
    await api.patch(f"/table/incident/{SECOND}", {"category": "software"}, by=BETH)
    (found,) = await api.result("/table/sys_history_set", by=DANA, sysparm_query=f"id={FIRST}")
    assert (found["table"], found["id"], found["last_update"]) == ("incident", FIRST, "1")
    lines = await api.result(
        "/table/sys_history_line",
        by=DANA,
        sysparm_query=f"set={found['sys_id']}^fieldINshort_description,comments^ORDERBYfield",
        sysparm_exclude_reference_link="true",
    )
    assert [line["field"] for line in lines] == ["comments", "short_description"]
    line = lines[1]
    assert (line["label"], line["old"], line["new"]) == (
        "Short description",
        "Printer on fire",
        "Out",
    )
    assert (line["user"], line["user_name"], line["user_id"]) == ("Abel Tuter", "abel.tuter", ABEL)
    assert (line["update"], line["update_time"]) == ("1", "2026-11-20 09:00:00")


async def test_a_line_leads_to_its_set_and_is_read_alone(api: Api) -> None:
    await api.patch(f"/table/incident/{SECOND}", {"category": "software"}, by=BETH)
    query = {"sysparm_query": "field=category", "sysparm_fields": "sys_id,set.id,set.table"}
    (line,) = await api.result("/table/sys_history_line", by=DANA, **query)
    assert (line["set.id"], line["set.table"]) == (SECOND, "incident")
    path = f"/table/sys_history_line/{line['sys_id']}"
    assert (await api.result(path, by=DANA))["new"] == "software"
    assert (await api.get(path, by=ABEL)).status_code == 404


async def test_nobody_writes_history(api: Api) -> None:
    for table in ("sys_history_set", "sys_history_line"):
        response = await api.post(f"/table/{table}", {"table": "incident"}, by=DANA)
        assert response.status_code == 403
    assert await api.result("/table/sys_history_line", by=ABEL) == []


def test_a_table_of_an_older_simulator_gives_way(api: Api) -> None:
    store = Store(None, snapshot=api.instance.snapshot())
    store.write('DROP VIEW "sys_history_set"')
    store.write('CREATE TABLE "sys_history_set" ("sys_id" TEXT, "id" TEXT)')
    store.write("PRAGMA user_version = 1")
    assert Instance(snapshot=store.snapshot()).count("sys_history_set") == 0
