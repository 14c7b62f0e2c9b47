"""What a task tells of its service levels: when it is due, and how far it has escalated.

Only levels that are still running count; when none is left, the task goes on telling what it told.
"""

from collections.abc import Mapping, Sequence

from simulator.areas.service_levels.stages import TASK_SLAS
from simulator.records.rules import Records

_OVERDUE, _HIGH, _MODERATE, _NORMAL = "3", "2", "1", "0"
_FROM = ((100, _OVERDUE), (75, _HIGH), (50, _MODERATE))


def escalation(percentage: str) -> str:
    """The escalation of a task by how much of a level's time is used."""
    used = float(percentage or 0)
    return next((value for least, value in _FROM if used >= least), _NORMAL)


def told(levels: Sequence[Mapping[str, str]], targets: Mapping[str, str]) -> dict[str, str]:
    """The fields of a task whose running levels these are; `targets` are those of definitions.

    `sla_due` is the end of what has to be resolved, of anything where no level says it is for that;
    `activity_due` is what comes first.
    """
    if not levels:
        return {}
    ends = [row["planned_end_time"] for row in levels if row["planned_end_time"]]
    resolving = [
        row["planned_end_time"]
        for row in levels
        if targets.get(row["sla"]) == "resolution" and row["planned_end_time"]
    ]
    return {
        "sla_due": min(resolving or ends, default=""),
        "activity_due": min(ends, default=""),
        "escalation": max(escalation(row["business_percentage"]) for row in levels),
    }


def tell(records: Records, task: str, *, targets: Mapping[str, str]) -> None:
    """Write it on a task, which counts as no update of it."""
    levels = records.query(TASK_SLAS, f"task={task}^active=true")
    values = told([row for row in levels if row["sla"] in targets], targets)
    row = records.row("task", task) if values else None
    if row is not None and any(row[name] != value for name, value in values.items()):
        records.note("task", task, values)
