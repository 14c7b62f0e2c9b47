"""Business rules and data policies of stories, sprints and scrum tasks."""

from collections.abc import Sequence

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

COMPLETE, CANCELLED = "3", "4"
_STORY, _TASK = "rm_story", "rm_scrum_task"
_WRITTEN = ON_INSERT | ON_UPDATE | ON_DELETE
_SHARED = ("sprint", "story_points", "state")


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Take over from the epic", _STORY, _from_epic, order=50),
        rule("Clear blocked reason", _STORY, _unblock, order=60),
        rule("Story is complete", _STORY, _complete, order=210),
        rule("Sum up the points of a sprint", _STORY, _sum_up, order=500, on=_WRITTEN, after=True),
        rule("Clear task's blocked reason", _TASK, _unblock, order=60),
        rule("Hours of a scrum task", _TASK, _count_hours, order=100),
        rule("Link task to its story", _TASK, _link, order=110, on=ON_INSERT),
    )


def _from_epic(change: Change) -> None:
    """A story of an epic is about the same product and theme unless it says otherwise."""
    epic = change.records.row("rm_epic", change.get("epic"))
    if epic is None or not change.changes("epic"):
        return
    for name in ("product", "theme"):
        if not change.get(name):
            change.set(name, epic[name])


def _unblock(change: Change) -> None:
    if change.get("blocked") != "true":
        change.set("blocked_reason", "")


def _complete(change: Change) -> None:
    if change.changes_to("state", COMPLETE):
        change.set("percent_complete", "100.0")
        change.set("work_end", change.get("work_end") or change.at)


def _sum_up(change: Change) -> None:
    """Keep the points of the sprints that a story leaves, joins, or counts for."""
    updates = change.operation is Moment.UPDATE
    if updates and not any(change.changes(name) for name in _SHARED):
        return
    for sprint in {change.before("sprint"), change.get("sprint")} - {""}:
        if change.records.row("rm_sprint", sprint) is None:
            continue
        stories = change.records.query(_STORY, f"sprint={sprint}^state!={CANCELLED}")
        points = [(row["state"], int(row["story_points"] or 0)) for row in stories]
        total = sum(number for _, number in points)
        done = sum(number for state, number in points if state == COMPLETE)
        sums = {"story_points": str(total), "actual_points": str(done)}
        change.records.update("rm_sprint", sprint, sums)


def _count_hours(change: Change) -> None:
    """What remains of a new task is what was planned; of one that is done, nothing."""
    if not change.previous and change.get("remaining_hours") in ("", "0"):
        change.set("remaining_hours", change.get("planned_hours"))
    if change.changes_to("state", COMPLETE, CANCELLED):
        change.set("remaining_hours", "0")


def _link(change: Change) -> None:
    if not change.get("parent"):
        change.set("parent", change.get("story"))


def _is_blocked(change: Change) -> bool:
    return change.get("blocked") == "true"


POLICIES = (
    DataPolicy(table=_STORY, fields=("blocked_reason",), applies=_is_blocked),
    DataPolicy(table=_TASK, fields=("blocked_reason",), applies=_is_blocked),
)
