"""Change tasks: what a change makes of them, and what they make of a change."""

from collections.abc import Sequence

from simulator.areas.changes.models import CANCELED, IMPLEMENT, NEW
from simulator.areas.changes.transitions import is_open, ways_from
from simulator.records.rules import (
    ON_INSERT,
    ON_UPDATE,
    BusinessRule,
    Change,
    DataPolicy,
    rule,
)

PENDING, OPEN, IN_PROGRESS, DONE, DROPPED = "-5", "1", "2", "3", "4"
_ENDED = (DONE, DROPPED)
_TASK = "change_task"
_MADE = (("Implement", "implementation"), ("Post implementation testing", "testing"))


def task_rules() -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Link task to its change", _TASK, _link, order=60, on=ON_INSERT),
        rule("Clear task's On hold reason", _TASK, leave_hold, order=100),
        rule("Set task's actual dates", _TASK, _set_dates, order=220),
        rule("Task moves its change on", _TASK, _move_change, order=900, on=ON_UPDATE, after=True),
    )


def make_tasks(change: Change) -> None:
    """A change that is being implemented has the tasks for it, once."""
    if not change.changes_to("state", IMPLEMENT):
        return
    made = f"change_request={change.sys_id}^created_from=workflow"
    if change.records.query(_TASK, made):
        return
    for subject, kind in _MADE:
        change.insert(
            _TASK,
            {
                "change_request": change.sys_id,
                "short_description": subject,
                "change_task_type": kind,
                "created_from": "workflow",
                "state": OPEN,
                "assignment_group": change.get("assignment_group"),
                "cmdb_ci": change.get("cmdb_ci"),
                "planned_start_date": change.get("start_date"),
                "planned_end_date": change.get("end_date"),
            },
        )


def end_tasks(change: Change) -> None:
    """Nobody works on a change that is canceled or sent back."""
    if not change.changes_to("state", CANCELED, NEW) or not change.before("state"):
        return
    for task in change.records.query(_TASK, f"change_request={change.sys_id}^active=true"):
        change.update(_TASK, task["sys_id"], {"state": DROPPED})


def put_tasks_on_hold(change: Change) -> None:
    """Open tasks are held with their change, and go on with it."""
    if not change.changes("on_hold") or not change.before("state"):
        return
    held = {"on_hold": change.get("on_hold"), "on_hold_reason": change.get("on_hold_reason")}
    for task in change.records.query(_TASK, f"change_request={change.sys_id}^active=true"):
        change.update(_TASK, task["sys_id"], held)


def _link(change: Change) -> None:
    if not change.get("parent"):
        change.set("parent", change.get("change_request"))


def leave_hold(change: Change) -> None:
    """What is not on hold has no reason to be."""
    if change.get("on_hold") != "true":
        change.set("on_hold_reason", "")


def _set_dates(change: Change) -> None:
    if change.changes_to("state", IN_PROGRESS) and not change.get("work_start"):
        change.set("work_start", change.at)
    if change.changes_to("state", *_ENDED):
        change.set("work_end", change.get("work_end") or change.at)


def _move_change(change: Change) -> None:
    """The last task that ends may open a way for the change."""
    parent = change.records.row("change_request", change.get("change_request"))
    if parent is None or not change.changes("active") or change.get("active") != "false":
        return
    for way in ways_from(change.records, parent, state=parent["state"]):
        if way.automatic and is_open(change.records, parent, way):
            change.update("change_request", parent["sys_id"], {"state": way.target})
            return


def _is_done(change: Change) -> bool:
    return change.get("state") == DONE


def _is_held(change: Change) -> bool:
    return change.get("on_hold") == "true"


TASK_POLICIES = (
    DataPolicy(table=_TASK, fields=("close_code", "close_notes"), applies=_is_done),
    DataPolicy(table=_TASK, fields=("on_hold_reason",), applies=_is_held),
)
