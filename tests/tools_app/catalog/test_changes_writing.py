"""Creating and changing changes, and adding tasks, as oneself."""

import json

import pytest

from servicenow.exceptions import (
    NotAuthorized,
    OutcomeUnknown,
    RejectedByInstance,
)
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from tests.tools_app.catalog.changes_at_work import PLANNED, planned, submitted
from tests.tools_app.desk import CORRELATION_ID, Desk
from tools_app.exceptions import InvalidArguments, NothingToWrite, StateForbids

API = "/api/sn_chg_rest/change"
PLANS = {
    "description": "Two switches.\nOne rack.",
    "justification": "It fails weekly.",
    "implementation_plan": "Swap it.",
    "backout_plan": "Swap it back.",
    "test_plan": "Ping it.",
}


def without_the_api(desk: Desk) -> None:
    """Let the instance lack the Change Management API."""
    desk.instance.switches.absent_plugins = ("com.snc.change_management.rest",)


@pytest.mark.parametrize("kind", ["normal", "emergency"])
@pytest.mark.parametrize("has_api", [True, False])
async def test_a_change_is_created_as_oneself_with_names_labels_and_times(
    abel: Desk, kind: str, *, has_api: bool
) -> None:
    if not has_api:
        without_the_api(abel)
    answer = await planned(
        abel,
        type=kind,
        **PLANS,
        **PLANNED,
        risk="Moderate",
        impact="2 - Medium",
        category="Network",
        configuration_item="switch-ber-2f",
        other_fields={"reason": "Hardware upgrade", "cab_required": "true"},
    )
    row = abel.row("change_request", answer["sys_id"])
    assert answer["requested_by"] == {"sys_id": abel.caller.sys_id, "name": "Abel Tuter"}
    assert (row["type"], row["state"], row["correlation_id"]) == (kind, "-5", CORRELATION_ID)
    assert {name: row[name] for name in PLANS} == PLANS
    assert (row["risk"], row["impact"], row["cab_required"]) == ("3", "2", "true")
    assert (row["start_date"], row["end_date"]) == ("2099-03-01 20:00:00", "2099-03-01 22:00:00")
    assert (answer["state"], answer["configuration_item"]["name"]) == ("New", "switch-ber-2f")
    assert not {"ignored", "not_applied", "hidden_fields"} & answer.keys()
    paths = [one.path for one in abel.requests("POST") if "batch" not in one.path]
    table = "/api/now/table/change_request"
    assert paths == ([f"{API}/{kind}"] if has_api else [f"{API}/{kind}", table])


async def test_a_standard_change_has_the_plans_of_its_template(abel: Desk) -> None:
    answer = await abel.call(
        "create_change_request",
        type="standard",
        template="Reboot Windows Server",
        short_description="Reboot of Sunday",
        test_plan="None.",
    )
    assert (answer["type"], answer["test_plan"]) == ("Standard", "All automatic services run.")
    assert answer["short_description"] == "Reboot of Sunday"
    assert answer["not_applied"] == ["test_plan"]


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"type": "standard"}, "template", "Renew a TLS certificate"),
    ({"type": "standard", "template": "Reboot"}, "template", "Reboot Windows Server"),
    ({"type": "standard", "template": "f" * 32}, "template", "Reboot Windows Server"),
    ({"template": "Reboot Windows Server"}, "template", "type standard"),
    ({"risk": "Enormous"}, "risk", "Moderate"),
    ({"category": "Pigeons"}, "category", "Network"),
    ({"planned_start": "2099-01-02", "planned_end": "2099-01-01"}, "planned_end", "after"),
    ({"planned_start": "2099-01-02", "planned_end": "2099-01-02"}, "planned_end", "after"),
    ({"assignment_group": "Nobody"}, "assignment_group", "exact name"),
    ({"other_fields": {"shoe_size": "42"}}, "other_fields.shoe_size", "fields"),
    ({"other_fields": {"risk": "High"}, "risk": "High"}, "other_fields.risk", "once"),
    ({"other_fields": {"type": "standard"}}, "other_fields.type", "once"),
]


async def test_wrong_arguments_are_refused_with_what_is_accepted_and_nothing_is_sent(
    abel: Desk,
) -> None:
    for given, argument, words in WRONG:
        with pytest.raises(InvalidArguments) as refused:
            await planned(abel, **given)
        [problem] = refused.value.arguments
        assert problem.argument == argument
        assert words in str(problem)
    assert abel.requests("POST") == []


async def test_a_standard_change_is_refused_where_nothing_applies_its_template(abel: Desk) -> None:
    without_the_api(abel)
    with pytest.raises(InvalidArguments, match="Change Management API"):
        await planned(abel, type="standard", template="Reboot Windows Server")
    assert len(abel.requests("POST")) == 1


async def test_who_has_no_role_creates_no_change(charlie: Desk) -> None:
    with pytest.raises(NotAuthorized):
        await charlie.call("create_change_request", type="normal", short_description="Mine")
    assert len(charlie.requests("POST")) == 1


async def test_what_an_acl_keeps_out_of_a_new_change_is_not_applied(abel: Desk) -> None:
    abel.instance.access.add(
        Acl(
            table="change_request",
            operation=Operation.CREATE,
            field="backout_plan",
            roles=frozenset({"admin"}),
        )
    )
    answer = await planned(abel, backout_plan="None.")
    assert answer["not_applied"] == ["backout_plan"]


async def test_a_reason_of_the_instance_against_a_new_change_is_passed_on(abel: Desk) -> None:
    with pytest.raises(RejectedByInstance) as refused:
        await planned(abel, other_fields={"on_hold": "true"})
    assert "On hold reason" in refused.value.sentence


async def test_a_lost_reply_to_a_new_change_is_settled_by_its_correlation_id(abel: Desk) -> None:
    abel.fault(FaultKind.SERVER_FAULT_AFTER_COMMIT, method="POST")
    answer = await planned(abel)
    assert answer["number"].startswith("CHG")
    assert len(abel.requests("POST")) == 1
    assert abel.instance.count("change_request", f"correlation_id={CORRELATION_ID}") == 1


async def test_a_new_change_that_never_arrived_is_of_unknown_outcome(abel: Desk) -> None:
    abel.fault(FaultKind.SERVER_FAULT, method="POST")
    with pytest.raises(OutcomeUnknown):
        await planned(abel)
    assert len(abel.requests("POST")) == 1


async def test_only_what_is_given_is_changed(abel: Desk) -> None:
    new = await planned(abel, **PLANNED)
    answer = await abel.call(
        "update_change_request",
        change=new["number"],
        risk="High",
        planned_end="2099-03-01T23:00:00+01:00",
        other_fields={"assigned_to": "Beth Anglin", "requested_by": "beth.anglin"},
    )
    assert (answer["risk"], answer["planned_end"]) == ("High", "2099-03-01T22:00:00Z")
    assert answer["ignored"] == ["requested_by"]
    [update] = abel.requests("PATCH")
    assert json.loads(update.body) == {
        "risk": "2",
        "end_date": "2099-03-01 22:00:00",
        "assigned_to": "46d44a23a9fe19810012d100cca80666",
    }


async def test_a_change_cannot_be_made_to_end_before_its_stored_start(abel: Desk) -> None:
    new = await planned(abel, **PLANNED)
    with pytest.raises(InvalidArguments, match="2099-03-01T20:00:00Z"):
        await abel.call("update_change_request", change=new["number"], planned_end="2099-03-01")
    with pytest.raises(InvalidArguments, match="planned_start"):
        await abel.call("update_change_request", change=new["number"], planned_start="2099-03-02")


async def test_an_update_of_nothing_and_of_protected_fields_is_refused(abel: Desk) -> None:
    new = await planned(abel)
    with pytest.raises(InvalidArguments, match="nothing to change"):
        await abel.call("update_change_request", change=new["number"])
    with pytest.raises(NothingToWrite):
        await abel.call(
            "update_change_request", change=new["number"], other_fields={"approval": "approved"}
        )


async def test_a_state_is_set_by_its_label_together_with_what_it_waits_for(abel: Desk) -> None:
    new = await abel.call("create_change_request", type="normal", short_description="Swap it")
    answer = await abel.call(
        "update_change_request", change=new["number"], state="Assess", assignment_group="Network"
    )
    assert (answer["state"], answer["approval"]) == ("Assess", "Requested")


async def test_a_state_that_leads_on_by_itself_did_take(abel: Desk) -> None:
    group = abel.instance.insert("sys_user_group", {"name": "Nobody home", "active": "true"})
    new = await planned(abel, assignment_group=group)
    answer = await abel.call("update_change_request", change=new["number"], state="Assess")
    assert answer["state"] == "Authorize"
    assert "not_applied" not in answer


async def test_a_refused_transition_says_where_the_change_can_go(abel: Desk) -> None:
    new = await planned(abel)
    how = {"close_code": "Successful", "close_notes": "Done."}
    for state in ("Implement", "Closed", "Review"):
        with pytest.raises(StateForbids) as refused:
            await abel.call("update_change_request", change=new["number"], state=state, **how)
        assert f"in state New and cannot go to {state} now" in refused.value.message
        assert refused.value.next_step == "From its state it can go to: Assess; Canceled."


async def test_a_refused_transition_says_what_it_waits_for(abel: Desk) -> None:
    new = await abel.call("create_change_request", type="normal", short_description="Swap it")
    with pytest.raises(StateForbids) as refused:
        await abel.call("update_change_request", change=new["number"], state="Assess")
    assert "waits for: “Assignment group is set”" in refused.value.message


async def test_a_refusal_for_another_reason_keeps_the_sentence_of_the_instance(abel: Desk) -> None:
    new = await planned(abel)
    with pytest.raises(RejectedByInstance) as refused:
        await abel.call(
            "update_change_request", change=new["number"], other_fields={"on_hold": "true"}
        )
    assert "On hold reason" in refused.value.sentence


async def test_a_refused_transition_without_the_change_api_is_the_instances_own(
    abel: Desk,
) -> None:
    new = await planned(abel)
    without_the_api(abel)
    with pytest.raises(RejectedByInstance, match="Check State Transition"):
        await abel.call("update_change_request", change=new["number"], state="Implement")


async def test_a_change_is_closed_only_with_how_it_went(abel: Desk) -> None:
    row = abel.one("change_request", "state=0")
    abel.instance.update("change_request", row["sys_id"], {"close_code": "", "close_notes": ""})
    with pytest.raises(InvalidArguments) as refused:
        await abel.call("update_change_request", change=row["number"], state="Closed")
    code, notes = refused.value.arguments
    assert (code.argument, notes.argument) == ("close_code", "close_notes")
    assert "Successful with issues" in code.accepted
    answer = await abel.call(
        "update_change_request",
        change=row["number"],
        state="Closed",
        close_code="successful with issues",
        close_notes="One port is dead.",
    )
    assert (answer["state"], answer["close_code"]) == ("Closed", "Successful with issues")


async def test_a_closed_change_is_not_written_by_who_may_not(abel: Desk) -> None:
    row = abel.one("change_request", "state=3")
    with pytest.raises(StateForbids, match="in state Closed"):
        await abel.call("update_change_request", change=row["number"], risk="High")


async def test_a_lost_update_is_settled_only_by_proof(abel: Desk) -> None:
    new = await planned(abel)
    abel.fault(FaultKind.SERVER_FAULT_AFTER_COMMIT, method="PATCH")
    answer = await abel.call("update_change_request", change=new["number"], risk="High")
    assert answer["risk"] == "High"
    abel.fault(FaultKind.SERVER_FAULT, method="PATCH")
    with pytest.raises(OutcomeUnknown):
        await abel.call("update_change_request", change=new["number"], risk="Low")
    assert len(abel.requests("PATCH")) == 2


async def test_a_task_is_added_with_names_labels_and_times(abel: Desk) -> None:
    new = await planned(abel)
    answer = await abel.call(
        "add_change_task",
        change=new["number"],
        short_description="Tell the floor",
        type="Planning",
        assignment_group="Network",
        assigned_to="beth.anglin",
        **PLANNED,
    )
    row = abel.row("change_task", answer["sys_id"])
    assert row["change_request"] == row["parent"] == new["sys_id"]
    assert (row["change_task_type"], row["correlation_id"]) == ("planning", CORRELATION_ID)
    assert answer["change"] == {"sys_id": new["sys_id"], "name": new["number"]}
    assert (answer["type"], answer["planned_start"]) == ("Planning", "2099-03-01T20:00:00Z")
    assert answer["url"].endswith(f"/change_task.do?sys_id={answer['sys_id']}")
    assert not {"not_applied", "hidden_fields"} & answer.keys()


async def test_a_lost_reply_to_a_new_task_is_settled(abel: Desk) -> None:
    new = await planned(abel)
    abel.fault(FaultKind.SERVER_FAULT_AFTER_COMMIT, method="POST", path="*change_task")
    answer = await abel.call(
        "add_change_task", change=new["number"], short_description="Tell the floor"
    )
    assert answer["number"].startswith("CTASK")


async def test_a_wrong_kind_of_task_is_refused_with_the_right_ones(abel: Desk) -> None:
    new = await planned(abel)
    with pytest.raises(InvalidArguments, match="Implementation"):
        await abel.call(
            "add_change_task", change=new["number"], short_description="x", type="Dancing"
        )


async def test_who_has_no_role_adds_no_task(charlie: Desk) -> None:
    row = charlie.one("change_request", "state=-5")
    charlie.instance.update(
        "change_request", row["sys_id"], {"requested_by": charlie.caller.sys_id}
    )
    with pytest.raises(NotAuthorized):
        await charlie.call("add_change_task", change=row["number"], short_description="Mine")


async def test_a_submitted_change_lists_who_is_asked(abel: Desk) -> None:
    answer = await submitted(abel)
    assert (answer["state"], answer["approval"]) == ("Assess", "Requested")
    assert {one["state"] for one in answer["approvals"]} == {"Requested"}
