"""Free time for a change over the Change Management API."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.acls import WRITE
from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.requests import host_of
from simulator.areas.changes import workers
from simulator.areas.changes.api.requests import (
    CHANGE,
    ChangeRefused,
    body,
    change_of,
    readable,
    refusals_as_bad_requests,
)
from simulator.areas.changes.slots import Slot, days_ahead, free_slots
from simulator.areas.changes.windows import planned_at
from simulator.errors import AclRefused, NoRecord
from simulator.instance import Instance

_LONGEST = 10 * 366 * 86400


async def of_item(instance: Instance, request: Request, person: Person) -> Response:
    """Give a worker an item and a duration to find free time for."""
    asked = request.query_params
    try:
        item = readable(instance, "cmdb_ci", request.path_params["ci_sys_id"], person=person)
    except NoRecord:
        raise ChangeRefused("Unable to find a cmdb_ci with the provided sys_id") from None
    seconds = _seconds(asked.get("duration_in_seconds"))
    planned = asked.get("planned_start_time", "")
    slots = free_slots(instance, item["sys_id"], start=_start(instance, planned), seconds=seconds)
    given = {
        "cmdb_ci_sys_id": item["sys_id"],
        "planned_start_time": planned,
        "duration_in_seconds": seconds,
        "timezone": _zone(person),
    }
    return _accepted(instance, request, given, _outcome(instance, slots, person), task="")


async def of_change(instance: Instance, request: Request, person: Person) -> Response:
    """Give a worker a planned change to find other free time for."""
    change = change_of(instance, request, person)
    _check_item(change)
    try:
        start, end = planned_at(change["start_date"]), planned_at(change["end_date"])
    except ValueError:
        raise ChangeRefused("Planned start date and planned end date are required") from None
    seconds = int((end - start).total_seconds())
    if not 0 < seconds <= _LONGEST:
        raise ChangeRefused("Planned end date must be after planned start date")
    slots = free_slots(
        instance,
        change["cmdb_ci"],
        start=max(start, instance.clock()),
        seconds=seconds,
        but=change["sys_id"],
    )
    given = {"change_sys_id": change["sys_id"], "timezone": _zone(person)}
    outcome = _outcome(instance, slots, person)
    return _accepted(instance, request, given, outcome, task=change["sys_id"])


async def take_first(instance: Instance, request: Request, person: Person) -> Response:
    """Give a worker a change to plan for the first free time."""
    change = change_of(instance, request, person)
    asked = await body(request)
    _check_item(change)
    seconds = _seconds(asked.get("duration_in_seconds"))
    planned = asked.get("planned_start_time", "")
    start = _start(instance, planned if isinstance(planned, str) else "?")
    for field in ("start_date", "end_date"):
        verdict = instance.access.field(person, CHANGE, WRITE, field=field)
        if not verdict.holds(person, change):
            raise AclRefused("Update")
    slots = free_slots(
        instance, change["cmdb_ci"], start=start, seconds=seconds, but=change["sys_id"]
    )
    outcome = workers.Outcome()
    if slots:
        dates = {"start_date": slots[0].start, "end_date": slots[0].end}
        with refusals_as_bad_requests():
            instance.writer.change(CHANGE, change["sys_id"], dates, person=person)
        outcome.notes.append("Change has been updated")
    else:
        outcome.notes.append(_none_found(instance))
    given = {
        "change_sys_id": change["sys_id"],
        "duration_in_seconds": seconds,
        "timezone": _zone(person),
    }
    return _accepted(instance, request, given, outcome, task=change["sys_id"])


def _accepted(
    instance: Instance,
    request: Request,
    given: Mapping[str, object],
    outcome: workers.Outcome,
    *,
    task: str,
) -> Response:
    worker = workers.start(instance, "schedule", given, outcome=outcome, task=task)
    return answer({"result": workers.started(instance, worker, host=host_of(request))}, status=202)


def _outcome(instance: Instance, slots: Sequence[Slot], person: Person) -> workers.Outcome:
    if not slots:
        return workers.Outcome(notes=[_none_found(instance)])
    spans = [{"start": _both(slot.start, person), "end": _both(slot.end, person)} for slot in slots]
    return workers.Outcome(found={"spans": spans})


def _both(moment: str, person: Person) -> dict[str, str]:
    return {"value": moment, "display_value": person.shown(moment)}


def _none_found(instance: Instance) -> str:
    return f"No slots found for {days_ahead(instance)} days from now"


def _check_item(change: Mapping[str, str]) -> None:
    if not change["cmdb_ci"]:
        raise ChangeRefused("The change request has no configuration item")


def _seconds(given: object) -> int:
    """A duration. Raises ChangeRefused where there is none, or none that can be."""
    text = "" if isinstance(given, bool) else str(given or "")
    if text.isascii() and text.isdigit() and len(text) < 12 and 0 < int(text) <= _LONGEST:
        return int(text)
    raise ChangeRefused("duration_in_seconds is required and must be a positive number")


def _start(instance: Instance, planned: str) -> datetime:
    """When to begin looking: not before now. Raises ChangeRefused for what is no moment."""
    if not planned:
        return instance.clock()
    try:
        return max(planned_at(planned), instance.clock())
    except ValueError:
        raise ChangeRefused("planned_start_time must be yyyy-mm-dd hh:mm:ss") from None


def _zone(person: Person) -> str:
    return person.time_zone or "UTC"
