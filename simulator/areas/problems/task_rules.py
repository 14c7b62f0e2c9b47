"""Business rules and data policies of problem tasks."""

from collections.abc import Sequence

from simulator.areas.problems.states import (
    CLOSED,
    TASK_ASSESS,
    TASK_CLOSED,
    TASK_NEW,
    TASK_WAYS,
    TASK_WORK,
    check_way,
)
from simulator.records.rules import (
    ON_INSERT,
    ON_UPDATE,
    Aborted,
    BusinessRule,
    Change,
    DataPolicy,
    rule,
)

_TASK = "problem_task"
_MAY_BE_ADDED = "problem.closed.can_create_tasks"


def task_rules() -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("No task of a closed problem", _TASK, _check_problem, order=50, on=ON_INSERT),
        rule("Problem Task Model: Check State Transition", _TASK, _check_transition, order=200),
        rule("Start or re-assess a task", _TASK, _note_steps, order=210, on=ON_UPDATE),
    )


def _check_problem(change: Change) -> None:
    problem = change.records.row("problem", change.get("problem"))
    allowed = change.records.property(_MAY_BE_ADDED, default="false") == "true"
    if problem is not None and problem["state"] == CLOSED and not allowed:
        raise Aborted
    if not change.get("parent"):
        change.set("parent", change.get("problem"))


def _check_transition(change: Change) -> None:
    check_way(change, TASK_WAYS, first=TASK_NEW)


def _note_steps(change: Change) -> None:
    person = change.person.sys_id if change.person else ""
    if change.changes_to("state", TASK_WORK) and not change.get("started_at"):
        change.set("started_at", change.at)
        change.set("started_by", person)
    if change.before("state") == TASK_CLOSED and change.changes("state"):
        change.set("reopen_count", str(int(change.before("reopen_count") or 0) + 1))
        change.set("reopened_at", change.at)
        change.set("reopened_by", person)
        change.set("close_code", "")


def _is_assigned(change: Change) -> bool:
    return change.get("state") in (TASK_ASSESS, TASK_WORK)


def _is_closed(change: Change) -> bool:
    return change.get("state") == TASK_CLOSED


TASK_POLICIES = (
    DataPolicy(table=_TASK, fields=("assigned_to",), applies=_is_assigned),
    DataPolicy(table=_TASK, fields=("close_code", "close_notes"), applies=_is_closed),
)
