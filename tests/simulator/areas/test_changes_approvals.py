"""Who approves a change, and what their answers make of it."""

import pytest

from simulator.areas.changes.models import (
    ASSESS,
    AUTHORIZE,
    CANCELED,
    IMPLEMENT,
    NEW,
    SCHEDULED,
)
from simulator.switches import Switches
from tests.simulator.areas.changes_world import BOARD, CHANGE, MANAGER, Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, NETWORK, OFFICE

APPROVALS = "/table/sysapproval_approver"


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


@fact("In Assess a normal change asks the members of its assignment group", tag="D")
async def test_the_assignment_group_is_asked_first(api: Changes) -> None:
    sys_id = await api.created()
    assert not api.asked(sys_id)
    await api.moved(sys_id, ASSESS)
    assert api.asked(sys_id) == {BETH}
    assert api.row(sys_id)["approval"] == "requested"
    asked = api.instance.query("sysapproval_approver", f"sysapproval={sys_id}")[0]
    group = api.instance.row("sysapproval_group", asked["group"])
    assert group is not None
    assert (group["parent"], group["assignment_group"]) == (sys_id, NETWORK)
    assert (asked["source_table"], asked["document_id"]) == ("change_request", sys_id)


@fact("In Authorize a change asks the CAB Approval group, and any member's yes is enough", tag="M")
async def test_the_board_is_asked_next(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    await api.decided(sys_id, "approved", by=BETH)
    assert api.state(sys_id) == AUTHORIZE
    assert api.asked(sys_id) == {ABEL, DANA}
    await api.decided(sys_id, "approved", by=ABEL)
    assert (api.state(sys_id), api.row(sys_id)["approval"]) == (SCHEDULED, "approved")
    assert not api.asked(sys_id)


@fact("A change whose approvers say no goes back to New and is rejected", tag="R")
@pytest.mark.parametrize("kind", ["normal", "emergency"])
async def test_a_rejected_change_begins_again(api: Changes, kind: str) -> None:
    sys_id = await api.created(type=kind)
    first = ASSESS if kind == "normal" else AUTHORIZE
    approver = BETH if kind == "normal" else DANA
    await api.moved(sys_id, first)
    await api.decided(sys_id, "rejected", by=approver, comments="Too risky")
    assert (api.state(sys_id), api.row(sys_id)["approval"]) == (NEW, "rejected")
    assert not api.asked(sys_id)
    await api.moved(sys_id, first)
    assert api.row(sys_id)["approval"] == "requested"
    await api.decided(sys_id, "approved", by=approver)
    assert api.state(sys_id) == (AUTHORIZE if kind == "normal" else SCHEDULED)


@fact("A group without members is passed over where a change asks for approval", tag="M")
async def test_a_group_of_nobody_is_passed_over(api: Changes) -> None:
    sys_id = await api.created(assignment_group=OFFICE)
    await api.moved(sys_id, ASSESS)
    assert api.state(sys_id) == AUTHORIZE
    assert api.asked(sys_id) == {ABEL, DANA}


async def test_a_manager_answers_for_a_group_of_nobody_else(api: Changes) -> None:
    api.instance.update("sys_user_group", OFFICE, {"manager": MANAGER})
    sys_id = await api.created(assignment_group=OFFICE)
    await api.moved(sys_id, ASSESS)
    assert (api.state(sys_id), api.asked(sys_id)) == (ASSESS, {MANAGER})
    await api.decided(sys_id, "approved", by=MANAGER)
    assert api.state(sys_id) == AUTHORIZE


async def test_without_a_board_nothing_waits_for_it(api: Changes) -> None:
    api.instance.delete("sys_user_group", BOARD)
    sys_id = await api.created(type="emergency")
    await api.moved(sys_id, AUTHORIZE)
    assert api.state(sys_id) == SCHEDULED


@fact("Approvals of a change that is canceled or sent back are cancelled", tag="D c_ApprovalStatus")
@pytest.mark.parametrize("target", [CANCELED, NEW])
async def test_requests_end_with_the_change(api: Changes, target: str) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    await api.moved(sys_id, target)
    states = {row["state"] for row in api.instance.query("sysapproval_approver")}
    assert states == {"cancelled"}
    if target == NEW:
        assert api.row(sys_id)["approval"] == "not requested"


@fact("A change that is approved while on hold moves on once it is released", tag="R")
async def test_an_approved_change_waits_while_on_hold(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "true", "on_hold_reason": "Audit"})
    await api.decided(sys_id, "approved", by=BETH)
    assert api.state(sys_id) == ASSESS
    await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "false"})
    assert api.state(sys_id) == AUTHORIZE


async def test_charlie_cannot_approve(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    approval = api.instance.query("sysapproval_approver", f"sysapproval={sys_id}")[0]
    path = f"{APPROVALS}/{approval['sys_id']}"
    response = await api.patch(path, {"state": "approved"}, by=CHARLIE)
    assert response.status_code in (403, 404)
    assert api.state(sys_id) == ASSESS


async def test_an_approved_change_is_implemented(api: Changes) -> None:
    sys_id = await api.in_state(SCHEDULED)
    assert (await api.moved(sys_id, IMPLEMENT)).status_code == 200
    assert api.row(sys_id)["approval"] == "approved"


@fact("Who works on a change cannot approve it by writing its field approval", tag="R")
async def test_a_change_is_not_approved_by_hand(api: Changes) -> None:
    sys_id = await api.created(approval="approved")
    assert api.row(sys_id)["approval"] == "not requested"
    await api.moved(sys_id, ASSESS)
    written = await api.patch(f"{CHANGE}/{sys_id}", {"approval": "approved", "impact": "1"})
    assert (written.status_code, api.row(sys_id)["impact"]) == (200, "1")
    assert (api.row(sys_id)["approval"], api.state(sys_id)) == ("requested", ASSESS)
    path = f"/api/sn_chg_rest/change/{sys_id}"
    patched = await api.patch(path, {"approval": "approved"})
    assert patched.json()["result"]["__meta"]["ignoredFields"] == ["approval"]
    assert api.state(sys_id) == ASSESS


async def test_an_instance_may_let_people_approve_by_hand() -> None:
    api = Changes(Switches(approvals_by_hand=True))
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    await api.patch(f"{CHANGE}/{sys_id}", {"approval": "approved"})
    assert api.state(sys_id) == AUTHORIZE
