"""Business rules of all tasks."""

from collections.abc import Sequence

from simulator.records.rules import ON_INSERT, ON_UPDATE, BusinessRule, Change, rule
from simulator.switches import Switches


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Opened by the person who inserts", "task", _opened, order=10, on=ON_INSERT),
        rule("Count reassignments", "task", _reassign, order=110, on=ON_UPDATE),
    )


def _opened(change: Change) -> None:
    if not change.get("opened_at"):
        change.set("opened_at", change.at)
    if not change.get("opened_by") and change.person:
        change.set("opened_by", change.person.sys_id)


def _reassign(change: Change) -> None:
    if change.changes("assignment_group") and change.before("assignment_group"):
        change.set("reassignment_count", str(int(change.before("reassignment_count") or 0) + 1))
