"""Service levels of the demo, and how far they have got on its open incidents."""

from collections.abc import Iterator
from datetime import datetime

from simulator.areas.service_levels import definitions
from simulator.areas.service_levels.attaching import clock_of, targets_of
from simulator.areas.service_levels.schedules import Schedules
from simulator.areas.service_levels.stages import COMPLETED, IN_PROGRESS, PAUSED
from simulator.areas.service_levels.telling import tell
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment, moment_of
from simulator.records.rules import Row

_OPEN = "active=true^priorityIN1,2,3,4^ORDERBYnumber"
# More than the demo has; an instance of a million incidents does not need them all.
_MOST = 300
_NEW, _ON_HOLD, _RESOLVED = "1", "3", "6"

Values = dict[str, str]


def plant(instance: Instance) -> None:
    """Insert them. For the incidents that counts as no update."""
    instance.insert_many("cmn_schedule", definitions.schedules())
    instance.insert_many("cmn_schedule_span", definitions.entries())
    instance.insert_many("cmn_other_schedule", definitions.children())
    instance.insert_many("contract_sla", definitions.definitions())
    levels = list(_task_slas(instance))
    instance.insert_many("task_sla", levels)
    targets = targets_of(instance.query("contract_sla"))
    for task in dict.fromkeys(row["task"] for row in levels):
        tell(instance, task, targets=targets)


def _task_slas(instance: Instance) -> Iterator[Values]:
    schedules, now = Schedules(instance), instance.clock()
    rules = {row["sys_id"]: row for row in instance.query("contract_sla")}
    for incident in instance.query("incident", _OPEN, limit=_MOST):
        for target in ("response", "resolution"):
            definition = rules[definitions.definition_id(incident["priority"], target)]
            yield _task_sla(instance, incident, definition, schedules=schedules, now=now)


def _task_sla(
    instance: Instance, incident: Row, definition: Row, *, schedules: Schedules, now: datetime
) -> Values:
    start = moment_of(incident["opened_at"]) or now
    stage, at = _stage(incident, definition, start=start, now=now)
    schedule = definition["schedule"]
    clock = clock_of(instance, schedules, definition, schedule=schedule, task=incident)
    planned = clock.planned_end(start, paused=0)
    row = {
        "sys_id": stable_sys_id("task_sla", incident["sys_id"], definition["sys_id"]),
        "sys_created_on": as_moment(start),
        "sys_updated_on": as_moment(at),
        "task": incident["sys_id"],
        "sla": definition["sys_id"],
        "schedule": schedule,
        "stage": stage,
        "active": "false" if stage == COMPLETED else "true",
        "start_time": as_moment(start),
        "end_time": as_moment(at) if stage == COMPLETED else "",
        "pause_time": as_moment(at) if stage == PAUSED else "",
        "planned_end_time": planned,
        "original_breach_time": planned,
        "pause_duration": "",
        "business_pause_duration": "",
    }
    return {**row, **clock.elapsed(row, at=at)}


def _stage(
    incident: Row, definition: Row, *, start: datetime, now: datetime
) -> tuple[str, datetime]:
    """What the state of the incident makes of it, and since when."""
    changed = moment_of(incident["sys_updated_on"]) or now
    if definition["target"] == "response":
        if incident["state"] == _NEW:
            return IN_PROGRESS, now
        # Somebody took it some time between its beginning and its last change.
        return COMPLETED, start + (changed - start) / 4
    if incident["state"] == _RESOLVED:
        return COMPLETED, moment_of(incident["resolved_at"]) or changed
    return (PAUSED, changed) if incident["state"] == _ON_HOLD else (IN_PROGRESS, now)
