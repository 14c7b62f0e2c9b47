"""Business rules of all tasks."""

from collections.abc import Mapping, Sequence

from simulator.areas.tasks import assignment
from simulator.moments import as_duration, seconds_of
from simulator.records.rules import ON_INSERT, ON_UPDATE, BusinessRule, Change, rule
from simulator.switches import Switches

# Classes that end in other states than tasks do.
_CLOSED: Mapping[str, frozenset[str]] = {
    "incident": frozenset({"7", "8"}),
    "problem": frozenset({"107"}),
    "problem_task": frozenset({"157"}),
    "change_request": frozenset({"3", "4"}),
}
_CLOSED_TASK = frozenset({"3", "4", "7"})


def rules(switches: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""

    def assign(change: Change) -> None:
        if switches.assignment_rules:
            assignment.assign(change)

    return (
        rule("Opened by the person who inserts", "task", _opened, order=10, on=ON_INSERT),
        rule("Set effective number", "task", _effective_number, order=15, on=ON_INSERT),
        rule("Count reassignments", "task", _reassign, order=110, on=ON_UPDATE),
        rule("Run assignment rules", "task", assign, order=120, on=ON_INSERT),
        rule("Task Active State Management", "task", _active, order=800),
        rule("mark_closed", "task", _mark_closed, order=810),
        rule("Time worked", "task", _time_worked, order=100, after=True),
    )


def closed_states(table: str) -> frozenset[str]:
    """The states in which a task of a class has come to its end."""
    return _CLOSED.get(table, _CLOSED_TASK)


def _opened(change: Change) -> None:
    if not change.get("opened_at"):
        change.set("opened_at", change.at)
    if not change.get("opened_by") and change.person:
        change.set("opened_by", change.person.sys_id)


def _effective_number(change: Change) -> None:
    change.set("task_effective_number", change.get("number"))


def _reassign(change: Change) -> None:
    if change.changes("assignment_group") and change.before("assignment_group"):
        change.set("reassignment_count", str(int(change.before("reassignment_count") or 0) + 1))


def _active(change: Change) -> None:
    if not change.changes("state"):
        return
    closed = closed_states(change.table)
    if change.get("state") in closed:
        change.set("active", "false")
    elif change.before("state") in closed:
        change.set("active", "true")


def _mark_closed(change: Change) -> None:
    if change.get("active") == "false" and change.before("active") != "false":
        change.set("closed_at", change.get("closed_at") or change.at)
        closed_by = change.get("closed_by") or (change.person.sys_id if change.person else "")
        change.set("closed_by", closed_by)
    elif change.changes_to("active", "true") and change.before("active"):
        change.set("closed_at", "")
        change.set("closed_by", "")


def _time_worked(change: Change) -> None:
    """What is added to the time worked on a task is on record for whoever worked."""
    added = seconds_of(change.get("time_worked")) - seconds_of(change.before("time_worked"))
    if change.changes("time_worked") and added > 0:
        change.insert(
            "task_time_worked",
            {
                "task": change.sys_id,
                "user": change.person.sys_id if change.person else "",
                "time_in_seconds": str(added),
                "time_worked": as_duration(added),
                "work_date": change.at[:10],
            },
        )
