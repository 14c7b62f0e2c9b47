"""People who fill in an argument wait for no slow instance, and hear how many more there are."""

import pytest

from servicenow.exceptions import DeadlinePassed
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.suggesting import APPROVAL, MOST, PATIENCE_SECONDS, suggestions


async def test_a_suggestion_is_not_waited_for_long(abel: Desk) -> None:
    assert PATIENCE_SECONDS <= 3
    for kind in ("incident", APPROVAL):
        abel.fault(FaultKind.HOLD)
        with pytest.raises(DeadlinePassed):
            await suggestions(abel.tool_call(), kind, "", patience_seconds=0.05)


async def test_who_may_read_no_approvals_has_none_to_decide(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/sysapproval_approver", count=None)
    fitting = await suggestions(abel.tool_call(), APPROVAL, "")
    assert (fitting.values, fitting.has_more) == ((), False)


async def test_who_may_not_read_which_tables_there_are_is_told_those_of_the_base_system(
    abel: Desk,
) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/sys_db_object", count=None)
    call = abel.tool_call()
    changes = (await suggestions(call, "table", "Change")).values
    assert changes == ("change_request", "change_task", "std_change_record_producer")
    assert (await suggestions(call, "table", "_task")).values == (
        "change_task",
        "problem_task",
        "sc_task",
    )
    assert (await suggestions(call, "table", "")).has_more


async def test_all_that_waits_for_a_decision_is_looked_through(abel: Desk) -> None:
    changes = abel.instance.query("change_request", "", limit=MOST + 5)
    assert len(changes) == MOST + 5
    me = {"approver": abel.caller.sys_id, "state": "requested"}
    for change in changes:
        abel.instance.insert("sysapproval_approver", {**me, "sysapproval": change["sys_id"]})
    everything = await suggestions(abel.tool_call(), APPROVAL, "chg")
    assert (len(everything.values), everything.has_more) == (MOST, True)
    assert everything.total is not None
    assert everything.total >= MOST + 5
    one = await suggestions(abel.tool_call(), APPROVAL, changes[0]["number"].lower())
    assert (one.values, one.has_more, one.total) == ((changes[0]["number"],), False, 1)


async def test_what_is_no_longer_offered_is_not_suggested(abel: Desk) -> None:
    for kind, table in (("catalog", "sc_cat_item"), ("group", "sys_user_group")):
        for name, active in (("Zz old", "false"), ("Zz new", "true")):
            abel.instance.insert(table, {"name": name, "active": active})
        assert (await suggestions(abel.tool_call(), kind, "zz")).values == ("Zz new",)
