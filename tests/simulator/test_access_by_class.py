"""The ACLs that protect a record are those of its class, whichever table it is read by."""

from typing import Any

import pytest

from simulator.access.acls import READ, WRITE, Acl
from simulator.switches import HiddenRows
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIFTH,
    FIRST,
    MAIL,
    SECOND,
    Api,
)

PROBLEM, TASK = "9" * 32, "8" * 32
LEAD = frozenset({"network_lead"})


@pytest.fixture
def api() -> Api:
    """The Table API, with a problem that Charlie opened and a task without a class of its own."""
    api = Api()
    api.instance.insert("problem", {"sys_id": PROBLEM, "number": "PRB1", "opened_by": CHARLIE})
    api.instance.insert("task", {"sys_id": TASK, "number": "T1", "opened_by": CHARLIE})
    return api


async def read(api: Api, table: str, *, by: str = ABEL, **more: str) -> set[str]:
    """The sys_ids of what a person gets."""
    rows = await api.result(f"/table/{table}", by=by, sysparm_fields="sys_id", **more)
    return {row["sys_id"] for row in rows}


def refuse(api: Api, table: str, *, field: str = "", operation: Any = READ) -> None:
    """Close a table, or a field of it, to people without a role that nobody has."""
    api.instance.access.add(
        Acl(table=table, field=field, operation=operation, roles=LEAD, deny_unless=True)
    )


@fact("A record read by the table above is protected by the ACLs of its own class", tag="R")
async def test_the_table_above_shows_what_the_class_shows(api: Api) -> None:
    incidents = await read(api, "incident", by=CHARLIE)
    assert incidents == {SECOND, FIFTH}
    assert await read(api, "task", by=CHARLIE) == {*incidents, TASK}
    assert await read(api, "problem", by=CHARLIE) == set()


async def test_a_single_record_is_no_exception(api: Api) -> None:
    for by, path, status in (
        (CHARLIE, f"/table/task/{SECOND}", 200),
        (CHARLIE, f"/table/task/{FIRST}", 404),
        (CHARLIE, f"/table/task/{PROBLEM}", 404),
        (ABEL, f"/table/task/{PROBLEM}", 200),
        (DANA, f"/table/task/{PROBLEM}", 200),
    ):
        assert (await api.get(path, by=by)).status_code == status, path


async def test_what_is_hidden_cannot_be_written_by_the_table_above(api: Api) -> None:
    path = f"/table/task/{PROBLEM}"
    body = {"short_description": "Mine"}
    assert (await api.patch(path, body, by=CHARLIE)).status_code == 404
    assert (await api.call("DELETE", path, by=CHARLIE)).status_code == 404
    refuse(api, "incident", operation=WRITE)
    response = await api.patch(f"/table/task/{FIRST}", body)
    assert response.status_code == 403


async def test_fields_follow_the_class_too(api: Api) -> None:
    refuse(api, "incident", field="short_description")
    rows = await api.result(
        "/table/task",
        sysparm_query=f"sys_idIN{FIRST},{TASK}",
        sysparm_fields="number,short_description",
    )
    assert rows == [{"number": "INC0000001"}, {"number": "T1", "short_description": ""}]
    assert "short_description" not in await api.result(f"/table/task/{FIRST}")


async def test_dot_walks_follow_the_class_of_what_they_come_to(api: Api) -> None:
    api.instance.update("incident", SECOND, {"parent": PROBLEM})
    query = {"sysparm_query": f"sys_id={SECOND}", "sysparm_fields": "number,parent.number"}
    assert await api.result("/table/incident", by=CHARLIE, **query) == [{"number": "INC0000002"}]
    assert await api.result("/table/incident", by=ABEL, **query) == [
        {"number": "INC0000002", "parent.number": "PRB1"}
    ]


async def test_threads_leave_out_what_the_class_hides(api: Api) -> None:
    refuse(api, "incident", field="work_notes")
    rows = await api.result(
        "/table/task",
        sysparm_query=f"sys_id={FIRST}",
        sysparm_fields="comments_and_work_notes,work_notes",
        sysparm_display_value="true",
    )
    assert "It burns" in rows[0]["comments_and_work_notes"]
    assert "Water" not in rows[0]["comments_and_work_notes"]
    assert "work_notes" not in rows[0]


async def test_classes_of_configuration_items_are_protected_too(api: Api) -> None:
    assert MAIL in await read(api, "cmdb_ci")
    refuse(api, "cmdb_ci_server")
    for table in ("cmdb_ci_server", "cmdb_ci_computer", "cmdb_ci", "cmdb"):
        assert MAIL not in await read(api, table), table
        assert MAIL in await read(api, table, by=DANA), table


async def test_a_class_below_may_be_more_open_than_the_table(api: Api) -> None:
    refuse(api, "task")
    assert await read(api, "task") == await read(api, "incident") | {PROBLEM}
    assert (await api.get(f"/table/task/{TASK}")).status_code == 404


async def test_a_class_without_acls_of_its_own_has_those_above(api: Api) -> None:
    ruled = api.instance.access.ruled_by("task", READ)
    assert (ruled["task"], ruled["incident"]) == ("task", "incident")
    assert ruled["sysapproval_group"] == "task"


async def test_aggregates_leave_out_classes_that_are_hidden(api: Api) -> None:
    async def counted(by: str) -> Any:
        return await api.get("/stats/task", by=by, sysparm_count="true")

    before = (await counted(BETH)).json()["result"]["stats"]["count"]
    refuse(api, "problem")
    after = (await counted(BETH)).json()["result"]["stats"]["count"]
    assert int(before) - int(after) == 1
    assert (await counted(CHARLIE)).status_code == 403
    api.instance.switches.aggregates_of_hidden_rows = HiddenRows.LEFT_OUT
    assert (await counted(CHARLIE)).json()["result"]["stats"]["count"] == "3"


async def test_a_new_acl_counts_at_once(api: Api) -> None:
    assert PROBLEM in await read(api, "task")
    refuse(api, "problem")
    assert PROBLEM not in await read(api, "task")


async def test_queries_of_the_table_above_tell_nothing_that_the_class_hides(api: Api) -> None:
    refuse(api, "incident", field="short_description")
    for table in ("incident", "task"):
        query = {"sysparm_query": "short_descriptionLIKEfire"}
        assert (await api.get(f"/table/{table}", by=ABEL, **query)).status_code == 403
        assert (await api.get(f"/table/{table}", by=DANA, **query)).status_code == 200
    walked = {"sysparm_query": "parent.short_descriptionLIKEfire"}
    assert (await api.get("/table/problem", **walked)).status_code == 403


async def test_aggregates_group_by_nothing_that_a_class_hides(api: Api) -> None:
    grouped = {"sysparm_count": "true", "sysparm_group_by": "short_description"}
    assert (await api.get("/stats/task", **grouped)).status_code == 200
    refuse(api, "problem", field="short_description")
    assert (await api.get("/stats/task", **grouped)).status_code == 403
    assert (await api.get("/stats/incident", **grouped)).status_code == 200


async def test_a_search_does_not_look_at_what_a_class_hides(api: Api) -> None:
    search = {"sysparm_query": "123TEXTQUERY321=fire"}
    assert await read(api, "task", by=ABEL, **search) == {FIRST}
    refuse(api, "incident", field="short_description")
    assert await read(api, "task", by=ABEL, **search) == set()
    assert await read(api, "task", by=DANA, **search) == {FIRST}
