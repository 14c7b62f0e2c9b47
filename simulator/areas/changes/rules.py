"""Business rules and data policies of changes."""

from collections.abc import Sequence
from dataclasses import replace

from simulator.areas.changes.approval_steps import ask_for_approval, end_requests
from simulator.areas.changes.models import (
    ASSESS,
    AUTHORIZE,
    BY_TYPE,
    CANCELED,
    CLOSED,
    IMPLEMENT,
    MODELS,
    NEW,
    NORMAL,
    REVIEW,
    SCHEDULED,
)
from simulator.areas.changes.task_rules import (
    TASK_POLICIES,
    end_tasks,
    leave_hold,
    make_tasks,
    put_tasks_on_hold,
    task_rules,
)
from simulator.areas.changes.transitions import first_state, is_open, ways_from
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    Aborted,
    BusinessRule,
    Change,
    DataPolicy,
    Moment,
    rule,
)
from simulator.switches import Switches

CHECK = "Change Model: Check State Transition"
# Clients know it: some deactivate the rule by this sys_id before they move changes.
CHECK_ID = "b6dae9e15317101034d1ddeeff7b1278"
_CHANGE = "change_request"
_OF_A_CHANGE = {
    "change_task": "change_request",
    "conflict": "change",
    "task_ci": "task",
    "task_cmdb_ci_service": "task",
    "task_service_offering": "task",
    "sysapproval_approver": "sysapproval",
}


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Set the change model", _CHANGE, _choose_model, order=50, on=ON_INSERT),
        rule("Requested by the person who inserts", _CHANGE, _request, order=55, on=ON_INSERT),
        rule("Clear On hold reason", _CHANGE, leave_hold, order=100),
        replace(rule(CHECK, _CHANGE, _check_transition, order=200), identity=CHECK_ID),
        rule("Set approval of the state", _CHANGE, _set_approval, order=210, on=ON_UPDATE),
        rule("Set actual dates", _CHANGE, _set_dates, order=220),
        rule("End approval requests", _CHANGE, end_requests, order=290, after=True),
        rule("Request approvals", _CHANGE, ask_for_approval, order=300, after=True),
        rule("Create Change Tasks", _CHANGE, make_tasks, order=310, after=True),
        rule("Cancel open Change Tasks", _CHANGE, end_tasks, order=320, after=True),
        rule("Sync on hold with Change Tasks", _CHANGE, put_tasks_on_hold, order=330, after=True),
        rule("Change Model: Automatic transition", _CHANGE, _go_on, order=900, after=True),
        rule("Delete what belongs to a change", _CHANGE, _tidy, order=900, on=ON_DELETE),
        *task_rules(),
    )


def _choose_model(change: Change) -> None:
    """A change gets the model of its type, or the values its model begins with."""
    known = {model.sys_id: model for model in MODELS}
    chosen = change.get("chg_model")
    if not chosen:
        model = BY_TYPE.get(change.get("type"), NORMAL)
        if change.records.row("chg_model", model.sys_id):
            change.set("chg_model", model.sys_id)
    elif change.get("type") == "normal" and chosen in known and known[chosen].types:
        change.set("type", known[chosen].types[0])


def _request(change: Change) -> None:
    if not change.get("requested_by") and change.person:
        change.set("requested_by", change.person.sys_id)


def _check_transition(change: Change) -> None:
    state = change.get("state")
    if change.operation is Moment.INSERT:
        allowed = state == first_state(change.records, change.values)
    elif not change.changes("state"):
        return
    else:
        ways = ways_from(change.records, change.values, state=change.before("state"))
        allowed = any(
            way.target == state and is_open(change.records, change.values, way) for way in ways
        )
    if not allowed:
        raise Aborted


def _set_approval(change: Change) -> None:
    """Entering a state that asks somebody begins anew; what needs nobody's yes has it."""
    if change.changes_to("state", ASSESS, AUTHORIZE):
        change.set("approval", "requested")
    elif change.changes_to("state", SCHEDULED, IMPLEMENT):
        change.set("approval", "approved")
    elif change.changes_to("state", NEW) and change.get("approval") != "rejected":
        change.set("approval", "not requested")
    if change.changes("approval"):
        change.set("approval_set", change.at if change.get("approval") == "approved" else "")


def _set_dates(change: Change) -> None:
    if change.changes_to("state", IMPLEMENT) and not change.get("work_start"):
        change.set("work_start", change.at)
    if change.changes_to("state", REVIEW) and not change.get("work_end"):
        change.set("work_end", change.at)


def _go_on(change: Change) -> None:
    """Take an automatic way that has become open."""
    stored = change.records.row(_CHANGE, change.sys_id)
    if stored is None or stored["state"] != change.get("state"):
        return
    for way in ways_from(change.records, stored, state=stored["state"]):
        if way.automatic and is_open(change.records, stored, way):
            change.update(_CHANGE, change.sys_id, {"state": way.target})
            return


def _tidy(change: Change) -> None:
    for table, field in _OF_A_CHANGE.items():
        for row in change.records.query(table, f"{field}={change.sys_id}"):
            change.records.delete(table, row["sys_id"])


def _is_closed(change: Change) -> bool:
    return change.get("state") == CLOSED


def _is_held(change: Change) -> bool:
    return change.get("on_hold") == "true" and change.get("state") != CANCELED


POLICIES = (
    DataPolicy(table=_CHANGE, fields=("close_code", "close_notes"), applies=_is_closed),
    DataPolicy(table=_CHANGE, fields=("on_hold_reason",), applies=_is_held),
    *TASK_POLICIES,
)
