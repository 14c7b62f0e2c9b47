"""How far the service levels of made-up incidents got, where all hours count: priority 1 and 2.

The definitions are those of the demo; working hours would take longer than everything else.
"""

from collections.abc import Iterator
from hashlib import md5

from simulator.areas.incidents.histories import History
from simulator.areas.incidents.rules import CANCELED, NEW, ON_HOLD
from simulator.areas.service_levels.definitions import LEVELS, definition_id
from simulator.data.kept_reads import Cell
from simulator.seed.moments import moment_text

COLUMNS = (
    *("sys_id", "sys_created_on", "sys_updated_on", "task", "sla", "stage", "active"),
    *("has_breached", "start_time", "end_time", "pause_time", "planned_end_time"),
    *("original_breach_time", "duration", "business_duration", "time_left"),
    *("business_time_left", "percentage", "business_percentage"),
)

_ALLOWED = {
    (priority, target): seconds
    for priority, response, resolution, always in LEVELS
    if always
    for target, seconds in (("response", response), ("resolution", resolution))
}
_FINISHED = frozenset({"completed", "cancelled"})


def is_breached(one: History, *, now: int) -> bool:
    """Whether resolving takes, or took, longer than the service level allows."""
    allowed = _ALLOWED.get((one.priority, "resolution"))
    if allowed is None or one.state == CANCELED:
        return False
    return _stage(one, "resolution", now=now)[1] - one.opened_at >= allowed


def task_slas(one: History, *, incident: str, now: int) -> Iterator[tuple[Cell, ...]]:
    """The rows of an incident, whose sys_id is `incident`; none for most."""
    for target in ("response", "resolution"):
        allowed = _ALLOWED.get((one.priority, target))
        if allowed is not None:
            yield _row(one, target, incident=incident, allowed=allowed, now=now)


def _row(one: History, target: str, *, incident: str, allowed: int, now: int) -> tuple[Cell, ...]:
    stage, at = _stage(one, target, now=now)
    start, changed = moment_text(one.opened_at), moment_text(at)
    elapsed, due = at - one.opened_at, moment_text(one.opened_at + allowed)
    took, left = moment_text(elapsed), moment_text(max(allowed - elapsed, 0))
    share = round(elapsed * 100 / allowed, 2)
    about = f"task_sla/{incident}/{target}".encode()
    return (
        md5(about, usedforsecurity=False).hexdigest(),
        start,
        changed,
        incident,
        definition_id(one.priority, target),
        stage,
        "false" if stage in _FINISHED else "true",
        "true" if elapsed >= allowed else "false",
        start,
        changed if stage in _FINISHED else "",
        changed if stage == "paused" else "",
        due,
        due,
        took,
        took,
        left,
        left,
        share,
        share,
    )


def _stage(one: History, target: str, *, now: int) -> tuple[str, int]:
    """What the state of the incident makes of it, and since when."""
    if one.state == CANCELED:
        return "cancelled", one.closed_at
    if target == "response":
        if one.state == NEW:
            return "in_progress", now
        # Somebody took it some time before anything else happened.
        return "completed", one.opened_at + (one.first_step_at(now) - one.opened_at) // 4
    if one.resolved_at:
        return "completed", one.resolved_at
    return ("paused", one.updated_at) if one.state == ON_HOLD else ("in_progress", now)
