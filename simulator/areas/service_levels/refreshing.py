"""The scheduled job that lets running service levels follow the clock."""

from datetime import datetime, timedelta

from simulator.areas.service_levels.attaching import clock_of, miss, targets_of
from simulator.areas.service_levels.schedules import Schedules
from simulator.areas.service_levels.stages import DEFINITIONS, IN_PROGRESS, TASK_SLAS
from simulator.areas.service_levels.telling import escalation, tell
from simulator.jobs import Job
from simulator.moments import as_moment
from simulator.records.rules import Records, Row

_RUNNING = f"active=true^stage={IN_PROGRESS}"
# A minute's work is little; after a jump of the clock there is more of it.
_A_FEW, _MANY = 25, 300
_OLD = timedelta(minutes=10)


def refresh(records: Records, now: datetime) -> None:
    """Count anew what has breached by now, and of the rest those not counted for longest."""
    schedules = Schedules(records)
    due = _due(records, now)
    definitions = {row["sys_id"]: row for row in records.query(DEFINITIONS)} if due else {}
    targets, escalated = targets_of(definitions.values()), dict[str, None]()
    for row in due:
        definition = definitions.get(row["sla"])
        if definition is None:
            continue
        used = _count(records, row, definition, schedules=schedules, now=now)
        if escalation(used) != escalation(row["business_percentage"]):
            escalated[row["task"]] = None
    for task in escalated:
        tell(records, task, targets=targets)


def _due(records: Records, now: datetime) -> list[Row]:
    breached = f"{_RUNNING}^has_breached=false^planned_end_time<={as_moment(now)}"
    old = f"{_RUNNING}^sys_updated_on<{as_moment(now - _OLD)}"
    found: dict[str, Row] = {}
    for query, limit in (
        (breached, _MANY),
        (old, _MANY),
        (f"{_RUNNING}^ORDERBYsys_updated_on", _A_FEW),
    ):
        found |= {row["sys_id"]: row for row in records.query(TASK_SLAS, query, limit=limit)}
    return list(found.values())


def _count(
    records: Records, row: Row, definition: Row, *, schedules: Schedules, now: datetime
) -> str:
    """How much of its working time is used by now, in per cent."""
    task = _task(records, row, definition)
    clock = clock_of(records, schedules, definition, schedule=row["schedule"], task=task)
    values = clock.elapsed(row, at=now)
    records.update(TASK_SLAS, row["sys_id"], values)
    if values["has_breached"] == "true" and row["has_breached"] != "true":
        miss(records, definition, row["task"])
    return values["business_percentage"]


def _task(records: Records, row: Row, definition: Row) -> Row:
    try:
        return records.row(definition["collection"], row["task"]) or {}
    except KeyError:  # the definition is of a table that does not exist any more
        return {}


JOBS = (Job(name="Refresh service levels", every=timedelta(minutes=1), action=refresh),)
