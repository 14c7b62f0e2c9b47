"""Incidents by the thousand or the million, the same for the same number, seed and moment."""

from collections.abc import Iterator
from hashlib import md5
from itertools import accumulate, islice
from random import Random

from simulator.areas.incidents import many_service_levels
from simulator.areas.incidents.histories import HOUR, Histories, History
from simulator.areas.incidents.rules import CANCELED, CLOSED
from simulator.areas.organisation.places import COMPANY
from simulator.data.bulk import BulkTable, bulk_load
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.store import Cell
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed.crowd import plant_crowd
from simulator.seed.ids import company_id, item_id
from simulator.seed.moments import moment_text

RECORDS_A_DAY = 1000
FEWEST_DAYS, MOST_DAYS = 180, 1095

_COMPANY = company_id(COMPANY)
_INACTIVE = frozenset({CLOSED, CANCELED})
_INCIDENT = (
    "sys_id",
    "number",
    "task_effective_number",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
    "sys_mod_count",
    "opened_at",
    "opened_by",
    "caller_id",
    "short_description",
    "description",
    "state",
    "incident_state",
    "active",
    "impact",
    "urgency",
    "priority",
    "category",
    "subcategory",
    "contact_type",
    "hold_reason",
    "assignment_group",
    "assigned_to",
    "cmdb_ci",
    "location",
    "company",
    "reassignment_count",
    "made_sla",
    "close_code",
    "close_notes",
    "resolved_at",
    "resolved_by",
    "closed_at",
    "closed_by",
    "calendar_stc",
    "business_stc",
    "calendar_duration",
    "business_duration",
)
_ENTRY = ("sys_id", "element_id", "element", "name", "value", "sys_created_on", "sys_created_by")

_CHUNK = 5_000
_WORTH_AN_INDEX = 50_000


def plant_many(instance: Instance, *, records: int, seed: int) -> None:
    """Add incidents and the people they need until there are `records` of them.

    An instance that has as many is left alone. A million take some three minutes.
    """
    missing = records - instance.count("incident")
    if missing <= 0:
        return
    random, now = Random(seed), int(instance.clock().timestamp())  # noqa: S311  # the same data every time is the point
    with bulk_load(instance.store, ("task", "sys_journal_field", "task_sla")):
        crowd = plant_crowd(instance, records=missing, random=random)
        histories = Histories(crowd, random=random, now=now)
        opened = _opening_times(missing, now=now, random=random)
        _write(instance, (histories.opened(at) for at in opened))
        if missing >= _WORTH_AN_INDEX:
            instance.index_texts("task")


def _opening_times(many: int, *, now: int, random: Random) -> Iterator[int]:
    """When they were opened, first one first: mostly in the daytime of working days."""
    days = min(max(many // RECORDS_A_DAY, FEWEST_DAYS), MOST_DAYS)
    start = now - days * 24 * HOUR
    weights = list(accumulate(_weight(start + hour * HOUR) for hour in range(days * 24)))
    hour, slot = 0, weights[-1] / many
    for number in range(many):
        place = (number + random.random()) * slot
        while weights[hour] < place:
            hour += 1
        before = weights[hour - 1] if hour else 0.0
        within = (place - before) / (weights[hour] - before)
        yield start + int((hour + within) * HOUR)


def _weight(second: int) -> float:
    """How busy an hour is: offices in many time zones, quiet week-ends."""
    day, hour = divmod(second // HOUR, 24)
    busy = 1.0 if 6 <= hour < 18 else 0.3
    return busy * (0.2 if day % 7 in (2, 3) else 1.0)  # 1970 began on a Thursday


def _write(instance: Instance, histories: Iterator[History]) -> None:
    store, dictionary = instance.store, instance.dictionary
    incidents = BulkTable(store, dictionary, "incident", columns=_INCIDENT)
    entries = BulkTable(store, dictionary, "sys_journal_field", columns=_ENTRY)
    levels = BulkTable(store, dictionary, "task_sla", columns=many_service_levels.COLUMNS)
    counter = stable_sys_id("sys_number", "incident")
    row = instance.row("sys_number", counter)
    number = int(row["number"]) if row else FIRST_NUMBER
    now = int(instance.clock().timestamp())
    while chunk := list(islice(histories, _CHUNK)):
        numbered = [(f"INC{number + at:07d}", one) for at, one in enumerate(chunk, start=1)]
        incidents.write([_incident(one, number=text, now=now) for text, one in numbered])
        levels.write([row for text, one in numbered for row in _levels(one, text, now=now)])
        entries.write([row for text, one in numbered for row in _entries(one, number=text)])
        number += len(chunk)
    instance.update("sys_number", counter, {"number": str(number)})


def _levels(one: History, number: str, *, now: int) -> Iterator[tuple[Cell, ...]]:
    return many_service_levels.task_slas(one, incident=_sys_id("incident/" + number), now=now)


def _incident(one: History, *, number: str, now: int) -> tuple[Cell, ...]:
    opened, agent = moment_text(one.opened_at), one.agent
    author = one.opened_by.user_name
    worker = agent.sys_id if agent else ""
    took = one.resolved_at - one.opened_at if one.resolved_at else None
    duration = "" if took is None else moment_text(took)
    state = int(one.state)
    return (
        _sys_id("incident/" + number),
        number,
        number,
        opened,
        author,
        moment_text(one.updated_at),
        _last_writer(one),
        one.updates,
        opened,
        one.opened_by.sys_id,
        one.caller.sys_id,
        one.short_description,
        one.description,
        state,
        state,
        "false" if one.state in _INACTIVE else "true",
        int(one.impact),
        int(one.urgency),
        int(one.priority),
        one.subject.category,
        one.subject.subcategory,
        one.contact,
        int(one.hold_reason) if one.hold_reason else None,
        one.team.sys_id,
        worker,
        _item(one),
        one.caller.location,
        _COMPANY,
        one.reassigned,
        "false" if many_service_levels.is_breached(one, now=now) else "true",
        one.close_code,
        one.close_notes,
        moment_text(one.resolved_at),
        worker if one.resolved_at else "",
        moment_text(one.closed_at),
        (worker or one.caller.sys_id) if one.closed_at else "",
        took,
        took,
        duration,
        duration,
    )


def _entries(one: History, *, number: str) -> Iterator[tuple[Cell, ...]]:
    incident = _sys_id("incident/" + number)
    for at, entry in enumerate(one.entries):
        sys_id = _sys_id(f"entry/{number}/{at}")
        moment = moment_text(entry.at)
        yield (sys_id, incident, entry.element, "incident", entry.text, moment, entry.by)


def _last_writer(one: History) -> str:
    if one.state == CLOSED:
        return "system"  # a job closes what was resolved a week ago
    return one.agent.user_name if one.agent else one.opened_by.user_name


def _item(one: History) -> str:
    """What the subject names, or the device of the caller where it can be that."""
    if one.subject.item:
        return item_id(one.subject.item)
    return one.caller.item_id if one.subject.category in ("hardware", "software") else ""


def _sys_id(about: str) -> str:
    return md5(about.encode(), usedforsecurity=False).hexdigest()
