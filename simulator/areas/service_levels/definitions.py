"""The demo's schedules and service levels of incidents."""

from collections.abc import Iterator

from simulator.data.sys_ids import stable_sys_id
from simulator.moments import as_duration

# The first two have the sys_ids of the base system.
WEEKDAYS = "090eecae0a0a0b260077e1dfa71da828"
WITHOUT_HOLIDAYS = "08fcd0830a0a0b2600079f56b1adb9ae"
HOLIDAYS = stable_sys_id("cmn_schedule", "Company holidays")

_HOUR = 3600
_WORKING_DAY = 9 * _HOUR

Values = dict[str, str]

_HOLIDAYS = (
    ("New Year's Day", "20200101"),
    ("Labour Day", "20200501"),
    ("Christmas Day", "20201225"),
    ("Second Day of Christmas", "20201226"),
)

# priority, seconds to respond, seconds to resolve, whether all hours count
LEVELS = (
    ("1", _HOUR // 4, _HOUR, True),
    ("2", _HOUR // 2, 8 * _HOUR, True),
    ("3", 4 * _HOUR, 2 * _WORKING_DAY, False),
    ("4", _WORKING_DAY, 5 * _WORKING_DAY, False),
)
_NAMES = {
    ("1", "response"): "Priority 1 response (15 minutes)",
    ("2", "response"): "Priority 2 response (30 minutes)",
    ("3", "response"): "Priority 3 response (4 hours)",
    ("4", "response"): "Priority 4 response (1 day)",
    ("1", "resolution"): "Priority 1 resolution (1 hour)",
    ("2", "resolution"): "Priority 2 resolution (8 hours)",
    ("3", "resolution"): "Priority 3 resolution (2 days)",
    ("4", "resolution"): "Priority 4 resolution (1 week)",
}
_STOPS = {"response": "state!=1", "resolution": "stateIN6,7"}


def definition_id(priority: str, target: str) -> str:
    """The sys_id of a definition of the demo."""
    return stable_sys_id("contract_sla", "incident", priority, target)


def schedules() -> Iterator[Values]:
    """Working hours with and without holidays, and the holidays."""
    for sys_id, name, kind in (
        (WEEKDAYS, "8-5 weekdays", "schedule"),
        (WITHOUT_HOLIDAYS, "8-5 weekdays excluding holidays", "schedule"),
        (HOLIDAYS, "Company holidays", "holiday"),
    ):
        yield {"sys_id": sys_id, "sys_class_name": "cmn_schedule", "name": name, "type": kind}


def entries() -> Iterator[Values]:
    """What the schedules consist of."""
    for schedule in (WEEKDAYS, WITHOUT_HOLIDAYS):
        yield {
            "sys_id": stable_sys_id("cmn_schedule_span", schedule),
            "sys_class_name": "cmn_schedule_span",
            "schedule": schedule,
            "name": "Weekdays from 8 to 5",
            "start_date_time": "20200101T080000",
            "end_date_time": "20200101T170000",
            "repeat_type": "weekdays",
        }
    for name, day in _HOLIDAYS:
        yield {
            "sys_id": stable_sys_id("cmn_schedule_span", name),
            "sys_class_name": "cmn_schedule_span",
            "schedule": HOLIDAYS,
            "name": name,
            "start_date_time": f"{day}T000000",
            "end_date_time": f"{day}T235959",
            "all_day": "true",
            "repeat_type": "yearly",
            "show_as": "free",
        }


def children() -> Iterator[Values]:
    """Which schedule takes the holidays away."""
    yield {
        "sys_id": stable_sys_id("cmn_other_schedule", WITHOUT_HOLIDAYS),
        "schedule": WITHOUT_HOLIDAYS,
        "child_schedule": HOLIDAYS,
        "type": "exclude",
    }


def definitions() -> Iterator[Values]:
    """A service level for each priority and target."""
    for priority, response, resolution, always in LEVELS:
        for target, seconds in (("response", response), ("resolution", resolution)):
            yield {
                "sys_id": definition_id(priority, target),
                "sys_class_name": "contract_sla",
                "name": _NAMES[priority, target],
                "type": "SLA",
                "target": target,
                "collection": "incident",
                "duration": as_duration(seconds),
                "schedule_source": "no_schedule" if always else "sla_definition",
                "schedule": "" if always else WITHOUT_HOLIDAYS,
                "start_condition": f"active=true^priority={priority}",
                "pause_condition": "state=3" if target == "resolution" else "",
                "stop_condition": _STOPS[target],
                "retroactive": "true",
                "set_start_to": "opened_at",
            }
