"""Submitting, approving, rejecting, and conflicts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette

from servicenow.exceptions import NotAuthorized, OutcomeUnknown, RejectedByInstance
from servicenow.records import to_servicenow_time
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from tests.identity.requirements import protects
from tests.tools_app.catalog.changes_at_work import (
    PLANNED,
    approver_of,
    planned,
    seat_of,
    submitted,
)
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments, NotYours, StateForbids

BETHS_ID = "46d44a23a9fe19810012d100cca80666"


def user_name(desk: Desk, sys_id: str) -> str:
    return desk.row("sys_user", sys_id)["user_name"]


@pytest.mark.parametrize(("kind", "state"), [("normal", "Assess"), ("emergency", "Authorize")])
@pytest.mark.parametrize("has_api", [True, False])
async def test_submitting_moves_a_change_to_where_it_is_asked_about(
    abel: Desk, kind: str, state: str, *, has_api: bool
) -> None:
    if not has_api:
        abel.instance.switches.absent_plugins = ("com.snc.change_management.rest",)
    new = await planned(abel, type=kind)
    answer = await abel.call(
        "submit_change_for_approval", change=new["number"], comments="Please look at step 2."
    )
    assert (answer["state"], answer["approval"]) == (state, "Requested")
    assert {one["state"] for one in answer["approvals"]} == {"Requested"}
    assert "not_applied" not in answer
    assert json.loads(abel.requests("PATCH")[-1].body)["comments"] == "Please look at step 2."
    with pytest.raises(StateForbids, match="asked for already"):
        await abel.call("submit_change_for_approval", change=new["number"])


async def test_a_change_that_lacks_something_is_not_submitted_and_it_is_named(abel: Desk) -> None:
    new = await abel.call("create_change_request", type="normal", short_description="Swap it")
    with pytest.raises(StateForbids, match="Assignment group is set"):
        await abel.call("submit_change_for_approval", change=new["number"])
    assert abel.requests("PATCH") == []


async def test_a_standard_change_needs_nobodys_approval(abel: Desk) -> None:
    new = await planned(abel, type="standard", template="Reboot Windows Server")
    with pytest.raises(StateForbids) as refused:
        await abel.call("submit_change_for_approval", change=new["number"])
    assert "Scheduled" in refused.value.next_step
    answer = await abel.call("update_change_request", change=new["number"], state="Scheduled")
    assert answer["state"] == "Scheduled"


async def test_a_change_that_is_under_way_is_not_submitted(abel: Desk) -> None:
    row = abel.one("change_request", "state=-1^type=normal")
    with pytest.raises(StateForbids) as refused:
        await abel.call("submit_change_for_approval", change=row["number"])
    assert "Review" in refused.value.next_step
    abel.instance.switches.absent_plugins = ("com.snc.change_management.rest",)
    with pytest.raises(StateForbids) as refused:
        await abel.call("submit_change_for_approval", change=row["number"])
    assert refused.value.next_step == "Use update_change_request to move it on.", "nothing invented"


async def test_what_is_submitted_and_lost_is_of_unknown_outcome(abel: Desk) -> None:
    new = await planned(abel)
    abel.fault(FaultKind.SERVER_FAULT, method="PATCH")
    with pytest.raises(OutcomeUnknown):
        await abel.call("submit_change_for_approval", change=new["number"])
    assert len(abel.requests("PATCH")) == 1


async def test_a_submitted_change_is_answered_even_where_approvals_may_not_be_read(
    abel: Desk,
) -> None:
    new = await planned(abel)
    abel.fault(FaultKind.NOT_AUTHORIZED, path="*/sysapproval_approver")
    answer = await abel.call("submit_change_for_approval", change=new["number"])
    assert answer["state"] == "Assess"
    assert "approvals" not in answer


async def test_an_approver_approves_their_own_and_the_change_moves_on(
    abel: Desk, simulator: Starlette
) -> None:
    new = await submitted(abel)
    approval = approver_of(abel, new["sys_id"])
    async with seat_of(simulator, user_name(abel, approval["approver"])) as approver:
        answer = await approver.call("approve_change", change=new["number"], comments="Fine.")
    assert (answer["decision"], answer["approval_sys_id"]) == ("approved", approval["sys_id"])
    assert answer["state"] == "Authorize"
    assert answer["what_next"].startswith(
        f"{new['number']} still waits for {answer['waiting_for'][0]}"
    )
    assert answer["what_next"].endswith("Its state is now Authorize.")
    assert not {"delegated_by", "not_applied"} & answer.keys()
    row = abel.row("sysapproval_approver", approval["sys_id"])
    assert row["state"] == "approved"


async def test_an_approver_rejects_with_a_reason_and_the_change_goes_back(
    abel: Desk, simulator: Starlette
) -> None:
    new = await submitted(abel)
    approval = approver_of(abel, new["sys_id"])
    async with seat_of(simulator, user_name(abel, approval["approver"])) as approver:
        for missing in ({}, {"comments": ""}):
            with pytest.raises(InvalidArguments, match="comments"):
                await approver.call("reject_change", change=new["number"], **missing)
        with pytest.raises(InvalidArguments, match="is blank"):
            await approver.call("reject_change", change=new["number"], comments=" \u200b ")
        answer = await approver.call("reject_change", change=new["number"], comments="Too soon.")
        assert (answer["decision"], answer["state"]) == ("rejected", "New")
        assert "is rejected; nobody else has to decide." in answer["what_next"]
    for readable in (True, False):
        abel.instance.switches.journal_rows_readable = readable
        journal = await abel.call("get_journal", record=new["number"], kind="approval", limit=1)
        assert [one["kind"] for one in journal["records"]] == ["approval"]
        assert journal["records"][0]["text"].endswith("has rejected\nToo soon.")
    async with seat_of(simulator, user_name(abel, approval["approver"])) as approver:
        with pytest.raises(StateForbids):
            await approver.call("approve_change", change=new["number"])


@pytest.mark.parametrize("tool", ["approve_change", "reject_change"])
async def test_a_decision_whose_reply_is_lost_is_settled_or_unknown_and_never_repeated(
    abel: Desk, simulator: Starlette, tool: str
) -> None:
    new = await submitted(abel)
    who = user_name(abel, approver_of(abel, new["sys_id"])["approver"])
    async with seat_of(simulator, who) as approver:
        approver.fault(FaultKind.SERVER_FAULT, method="PATCH")
        abel.world.journal.clear()
        with pytest.raises(OutcomeUnknown):
            await approver.call(tool, change=new["number"], comments="Because.")
        assert len(approver.requests("PATCH")) == 1
        approver.fault(FaultKind.SERVER_FAULT_AFTER_COMMIT, method="PATCH")
        answer = await approver.call(tool, change=new["number"], comments="Because.")
        assert answer["decision"] in {"approved", "rejected"}
        assert len(approver.requests("PATCH")) == 2


@pytest.mark.parametrize("tool", ["approve_change", "reject_change"])
@protects("P7")
async def test_an_approval_of_somebody_else_is_not_decided(abel: Desk, tool: str) -> None:
    new = await submitted(abel)
    assert approver_of(abel, new["sys_id"])["approver"] != abel.caller.sys_id
    for dropped in (False, True):
        abel.instance.switches.ignore_query_conditions = dropped
        abel.world.journal.clear()
        with pytest.raises((NotYours, StateForbids)):
            await abel.call(tool, change=new["sys_id"], comments="Mine to say.")
        assert abel.requests("PATCH") == []
    with pytest.raises(InvalidArguments, match="approver"):
        await abel.call(tool, change=new["sys_id"], comments="x", approver=BETHS_ID)


@protects("P7")
async def test_a_delegate_decides_while_the_delegation_holds(
    abel: Desk, simulator: Starlette
) -> None:
    new = await submitted(abel)
    approval = approver_of(abel, new["sys_id"], who="tomas.novak")
    delegate = abel.one("sys_user", "user_name=aisha.khan")["sys_id"]
    now = datetime.now(UTC)
    delegation = abel.instance.insert(
        "sys_user_delegate",
        {
            "user": approval["approver"],
            "delegate": delegate,
            "approvals": "true",
            "starts": to_servicenow_time(now - timedelta(days=9)),
            "ends": to_servicenow_time(now - timedelta(days=1)),
        },
    )
    for others in abel.instance.query(
        "sysapproval_approver", f"sysapproval={new['sys_id']}^sys_id!={approval['sys_id']}"
    ):
        abel.instance.update("sysapproval_approver", others["sys_id"], {"state": "not_required"})
    async with seat_of(simulator, "aisha.khan") as aisha:
        with pytest.raises(NotYours):
            await aisha.call("approve_change", change=new["number"])
        ends = to_servicenow_time(now + timedelta(days=1))
        abel.instance.update("sys_user_delegate", delegation, {"ends": ends})
        answer = await aisha.call("approve_change", change=new["number"])
    assert answer["delegated_by"]["sys_id"] == approval["approver"]


async def test_a_change_nobody_is_asked_about_is_not_approved(abel: Desk) -> None:
    new = await planned(abel)
    with pytest.raises(StateForbids, match="No approval"):
        await abel.call("approve_change", change=new["number"])


async def test_conflicts_are_shown_as_the_last_check_found_them(abel: Desk) -> None:
    row = abel.one("conflict", "type=ci_already_scheduled")
    answer = await abel.call("check_change_conflicts", change=row["change"])
    assert answer["status"] == "Conflict"
    assert "CI Already Scheduled" in {one["type"] for one in answer["records"]}
    assert row["conflicting_change"] in {
        one.get("conflicting_change", {}).get("sys_id") for one in answer["records"]
    }
    assert answer["count"] == len(answer["records"]) == answer["total"]
    assert abel.requests("POST") == []


async def test_conflicts_are_looked_for_anew(abel: Desk) -> None:
    item = {"configuration_item": "switch-ber-2f"}
    first = await planned(abel, **PLANNED, **item)
    before = await abel.call("check_change_conflicts", change=first["number"])
    assert (before["status"], before["records"]) == ("Not Run", [])
    other = await submitted(abel)
    await abel.call("update_change_request", change=other["number"], **PLANNED, **item)
    answer = await abel.call("check_change_conflicts", change=first["number"], recalculate=True)
    assert answer["status"] == "Conflict"
    assert other["number"] in {
        one["conflicting_change"]["name"]
        for one in answer["records"]
        if "conflicting_change" in one
    }
    assert answer["checked_at"].endswith("Z")
    assert "running" not in answer


async def test_a_check_that_takes_its_time_is_said_to_run(abel: Desk) -> None:
    abel.instance.switches.change_worker_seconds = 60
    new = await planned(abel, **PLANNED, configuration_item="switch-ber-2f")
    answer = await abel.call("check_change_conflicts", change=new["number"], recalculate=True)
    assert answer["running"] is True


async def test_a_check_needs_an_item_and_times_and_says_which_are_missing(abel: Desk) -> None:
    new = await planned(abel, planned_start=PLANNED["planned_start"])
    abel.world.journal.clear()
    with pytest.raises(StateForbids, match="no configuration_item, no planned_end"):
        await abel.call("check_change_conflicts", change=new["number"], recalculate=True)
    assert abel.requests("POST") == []


async def test_a_refused_check_keeps_the_reason_of_the_instance(abel: Desk) -> None:
    new = await planned(abel, **PLANNED, configuration_item="switch-ber-2f")
    abel.instance.update("change_request", new["sys_id"], {"end_date": "2001-01-01 00:00:00"})
    with pytest.raises(RejectedByInstance, match="planned start and end"):
        await abel.call("check_change_conflicts", change=new["number"], recalculate=True)


async def test_without_the_change_api_conflicts_are_read_but_not_recalculated(abel: Desk) -> None:
    new = await planned(abel, **PLANNED, configuration_item="switch-ber-2f")
    abel.instance.switches.absent_plugins = ("com.snc.change_management.rest",)
    answer = await abel.call("check_change_conflicts", change=new["number"])
    assert answer["status"] == "Not Run"
    with pytest.raises(InvalidArguments, match="Change Management API"):
        await abel.call("check_change_conflicts", change=new["number"], recalculate=True)


async def test_who_has_no_role_recalculates_nothing(charlie: Desk) -> None:
    row = charlie.one("change_request", "cmdb_ciISNOTEMPTY^start_dateISNOTEMPTY^state=-5")
    mine = {"requested_by": charlie.caller.sys_id}
    charlie.instance.update("change_request", row["sys_id"], mine)
    with pytest.raises(NotAuthorized):
        await charlie.call("check_change_conflicts", change=row["number"], recalculate=True)


async def test_conflicts_that_may_not_be_read_are_named_as_hidden(abel: Desk) -> None:
    abel.instance.access.add(
        Acl(table="conflict", operation=Operation.READ, field="type", roles=frozenset({"admin"}))
    )
    row = abel.one("conflict", "type=ci_already_scheduled")
    answer = await abel.call("check_change_conflicts", change=row["change"])
    assert answer["hidden_fields"] == ["type"]
