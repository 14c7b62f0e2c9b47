"""Business rules and data policies of problems."""

from collections.abc import Sequence

from simulator.areas.problems.related import (
    close_tasks,
    count_related,
    move_to_original,
    resolve_waiting_incidents,
)
from simulator.areas.problems.states import (
    ANALYSIS,
    ASSESS,
    CANCELED,
    CLOSED,
    DUPLICATE,
    FIX,
    FIX_APPLIED,
    NEW,
    PROBLEM_WAYS,
    RESOLVED,
    RISK_ACCEPTED,
    check_way,
)
from simulator.areas.problems.task_rules import TASK_POLICIES, task_rules
from simulator.areas.tasks.priorities import look_up
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    BusinessRule,
    Change,
    DataPolicy,
    Moment,
    rule,
)
from simulator.switches import Switches

CHECK = "Problem Model: Check State Transition"
_PROBLEM = "problem"
_WRITTEN = ON_INSERT | ON_UPDATE | ON_DELETE
_ENDED = (RESOLVED, CLOSED)


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Copy Problem State to State", _PROBLEM, _mirror_state, order=20),
        rule("Calculate problem priority", _PROBLEM, look_up, order=50),
        rule("Set resolution code", _PROBLEM, _default_resolution, order=90, on=ON_UPDATE),
        rule(CHECK, _PROBLEM, _check_transition, order=200),
        rule("Set confirmed, fix and resolved", _PROBLEM, _note_steps, order=210, on=ON_UPDATE),
        rule("Re-analyze a problem", _PROBLEM, _reopen, order=220, on=ON_UPDATE),
        rule("Cancel open Problem Tasks", _PROBLEM, close_tasks, order=300, after=True),
        rule("Move records of a duplicate", _PROBLEM, move_to_original, order=310, after=True),
        rule(
            "Resolve incidents that wait for a problem",
            _PROBLEM,
            resolve_waiting_incidents,
            order=320,
            after=True,
        ),
        rule(
            "Count related incidents", "incident", count_related, order=900, on=_WRITTEN, after=True
        ),
        *task_rules(),
    )


def _mirror_state(change: Change) -> None:
    updates = change.operation is Moment.UPDATE
    if updates and change.changes("problem_state") and not change.changes("state"):
        change.set("state", change.get("problem_state"))
    change.set("problem_state", change.get("state"))


def _default_resolution(change: Change) -> None:
    """What was fixed is resolved by the fix, unless somebody says otherwise."""
    if change.changes_to("state", RESOLVED) and not change.get("resolution_code"):
        change.set("resolution_code", FIX_APPLIED)


def _check_transition(change: Change) -> None:
    check_way(change, PROBLEM_WAYS, first=NEW)


def _note_steps(change: Change) -> None:
    """Who took which step, and when."""
    if not change.changes("state"):
        return
    person = change.person.sys_id if change.person else ""
    steps = {ANALYSIS: "confirmed", FIX: "fix", RESOLVED: "resolved", CLOSED: "resolved"}
    step = steps.get(change.get("state"))
    if step and not change.get(f"{step}_at"):
        change.set(f"{step}_at", change.at)
        change.set(f"{step}_by", person)


def _reopen(change: Change) -> None:
    if change.before("state") not in _ENDED or not change.changes_to("state", ANALYSIS):
        return
    change.set("reopen_count", str(int(change.before("reopen_count") or 0) + 1))
    change.set("reopened_at", change.at)
    change.set("reopened_by", change.person.sys_id if change.person else "")
    for name in ("resolution_code", "resolved_at", "resolved_by", "fix_at", "fix_by"):
        change.set(name, "")
    change.set("duplicate_of", "")


def _is_assigned(change: Change) -> bool:
    return change.get("state") in (ASSESS, ANALYSIS, FIX)


def _is_being_fixed(change: Change) -> bool:
    return change.changes_to("state", FIX)


def _is_ended(change: Change) -> bool:
    return change.get("state") in _ENDED


def _was_fixed(change: Change) -> bool:
    return _is_ended(change) and change.get("resolution_code") == FIX_APPLIED


def _risk_is_accepted(change: Change) -> bool:
    return _is_ended(change) and change.get("resolution_code") == RISK_ACCEPTED


def _is_canceled(change: Change) -> bool:
    return _is_ended(change) and change.get("resolution_code") == CANCELED


def _is_duplicate(change: Change) -> bool:
    return _is_ended(change) and change.get("resolution_code") == DUPLICATE


POLICIES = (
    DataPolicy(table=_PROBLEM, fields=("assigned_to",), applies=_is_assigned),
    DataPolicy(table=_PROBLEM, fields=("cause_notes", "fix_notes"), applies=_is_being_fixed),
    DataPolicy(table=_PROBLEM, fields=("resolution_code",), applies=_is_ended),
    DataPolicy(table=_PROBLEM, fields=("cause_notes", "fix_notes"), applies=_was_fixed),
    DataPolicy(table=_PROBLEM, fields=("cause_notes", "close_notes"), applies=_risk_is_accepted),
    DataPolicy(table=_PROBLEM, fields=("close_notes",), applies=_is_canceled),
    DataPolicy(table=_PROBLEM, fields=("duplicate_of",), applies=_is_duplicate),
    *TASK_POLICIES,
)
