"""`sys_audit` and `sys_audit_delete`: who changed what, and what was deleted."""

from typing import Any

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, FIRST, OFFICE, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def audit(api: Api, **where: str) -> list[dict[str, Any]]:
    """Rows of `sys_audit`, oldest first."""
    query = "^".join(f"{name}={text}" for name, text in where.items())
    rows: list[dict[str, Any]] = await api.result("/table/sys_audit", by=DANA, sysparm_query=query)
    return rows


@fact(
    "Each changed field of a task is a row of sys_audit, with its old and new value and who did it",
    tag="D History and audit",
)
async def test_each_changed_field_is_audited(api: Api) -> None:
    change = {"short_description": "Out", "assignment_group": OFFICE, "work_notes": "Done"}
    await api.patch(f"/table/incident/{FIRST}", change, by=BETH)
    rows = {row["fieldname"]: row for row in await audit(api, documentkey=FIRST)}
    assert set(rows) == {
        *change,
        "reassignment_count",
    }
    row = rows["short_description"]
    assert (row["oldvalue"], row["newvalue"]) == ("Printer on fire", "Out")
    assert (row["tablename"], row["user"], row["record_checkpoint"]) == (
        "incident",
        "beth.anglin",
        "1",
    )
    assert row["sys_created_on"] == "2026-11-20 09:00:00"
    assert (rows["work_notes"]["oldvalue"], rows["work_notes"]["newvalue"]) == ("", "Done")


async def test_inserts_and_changes_of_nothing_leave_no_audit(api: Api) -> None:
    made = (await api.post("/table/incident", {"category": "network"})).json()["result"]
    await api.patch(f"/table/incident/{FIRST}", {"urgency": "1"})
    assert await audit(api) == []
    await api.patch(f"/table/incident/{made['sys_id']}", {"comments": "Hello"})
    assert [row["fieldname"] for row in await audit(api)] == ["comments"]


async def test_tables_that_are_not_audited_leave_none(api: Api) -> None:
    await api.patch(f"/table/sys_user_group/{OFFICE}", {"name": "Bureau"}, by=DANA)
    assert await audit(api) == []
    (row,) = await api.result(
        "/table/sys_dictionary", sysparm_query="name=sys_user_group^elementISEMPTY"
    )
    await api.patch(f"/table/sys_dictionary/{row['sys_id']}", {"audit": "true"}, by=DANA)
    await api.patch(f"/table/sys_user_group/{OFFICE}", {"name": "Office"}, by=DANA)
    assert [row["newvalue"] for row in await audit(api)] == ["Office"]


@fact("A deleted record is kept as XML in sys_audit_delete", tag="D Deleted records")
async def test_a_deleted_record_is_kept(api: Api) -> None:
    await api.patch(f"/table/incident/{FIRST}", {"short_description": "<b> & c"})
    await api.call("DELETE", f"/table/incident/{FIRST}", by=DANA)
    (row,) = await api.result("/table/sys_audit_delete", by=DANA)
    assert (row["tablename"], row["documentkey"]) == ("incident", FIRST)
    assert (row["display_value"], row["user"]) == ("INC0000001", "dana.admin")
    assert "<short_description>&lt;b&gt; &amp; c</short_description>" in row["payload"]


async def test_a_refused_change_leaves_no_audit(api: Api) -> None:
    await api.patch(f"/table/incident/{FIRST}", {"state": "6"})
    assert await audit(api) == []


async def test_the_audit_is_for_administrators(api: Api) -> None:
    await api.patch(f"/table/incident/{FIRST}", {"urgency": "2"})
    assert await api.result("/table/sys_audit", by=ABEL) == []
    assert await audit(api, fieldname="urgency") != []
