"""What else the demo has about changes: templates, boards, windows, conflicts, items."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.areas.changes.approval_steps import BOARD
from simulator.areas.changes.models import AUTHORIZE
from simulator.areas.changes.seed.rows import (
    Values,
    change_id,
    numbered,
    template_id,
    version_id,
)
from simulator.areas.changes.seed.templates import TEMPLATES, DemoTemplate
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.moments import as_moment
from simulator.seed.ids import group_id, item_id, person_id

_MEETING_DAYS = (-5, 2)


def related_rows(moment: datetime) -> Iterator[tuple[str, list[Values]]]:
    """Tables and their rows, in an order in which what is referred to is there before."""
    yield "sys_template", [_values_row(one) for one in TEMPLATES]
    yield "std_change_proposal", [_proposal(place) for place in range(len(TEMPLATES))]
    yield "std_change_record_producer", [_template(place) for place in range(len(TEMPLATES))]
    yield "std_change_producer_version", [_version(place) for place in range(len(TEMPLATES))]
    yield "conflict", list(_conflicts(moment))
    yield "task_ci", list(_affected())
    yield from _boards(moment)
    yield from _windows(moment)


def _values_row(template: DemoTemplate) -> Values:
    values = {
        "type": "standard",
        "short_description": template.name,
        "category": template.category,
        "assignment_group": group_id(template.group),
        "risk": "4",
        "impact": "3",
        "implementation_plan": template.plan,
        "backout_plan": template.backout,
        "test_plan": template.test,
    }
    return {
        "sys_id": stable_sys_id("sys_template", template.name),
        "name": template.name,
        "short_description": template.name,
        "table": "change_request",
        "template": "^".join(f"{name}={value}" for name, value in values.items()) + "^EQ",
    }


def _proposal(place: int) -> Values:
    template = TEMPLATES[place]
    return {
        "sys_id": _proposal_id(place),
        "sys_class_name": "std_change_proposal",
        "number": f"STDCHG{FIRST_NUMBER + 1 + place:07d}",
        "short_description": template.name,
        "template_name": template.name,
        "state": "3",
        "active": "false",
        "std_change_producer": template_id(place),
        "std_change_producer_version": version_id(place),
        "assignment_group": group_id("Change Management"),
        "opened_by": person_id("rosa.delgado"),
    }


def _proposal_id(place: int) -> str:
    return stable_sys_id("std_change_proposal", TEMPLATES[place].name)


def _template(place: int) -> Values:
    template = TEMPLATES[place]
    return {
        "sys_id": template_id(place),
        "name": template.name,
        "short_description": f"Standard change template: {template.name.lower()}",
        "template": stable_sys_id("sys_template", template.name),
        "std_change_proposal": _proposal_id(place),
        "current_version": version_id(place),
        "owner": person_id("rosa.delgado"),
        "order": str(place * 100),
    }


def _version(place: int) -> Values:
    template = TEMPLATES[place]
    successful = template.closed - template.unsuccessful
    return {
        "sys_id": version_id(place),
        "name": f"{template.name} - 1",
        "version": "1",
        "std_change_producer": template_id(place),
        "std_change_proposal": _proposal_id(place),
        "closed_change_count": str(template.closed),
        "successful_change_count": str(successful),
        "unsuccessful_change_count": str(template.unsuccessful),
        "percent_successful": str(successful * 100 // template.closed),
    }


def _conflicts(moment: datetime) -> Iterator[Values]:
    """Each of those that collide, with the other one of the same item."""
    colliding = [(number, change) for number, change in numbered() if change.conflict]
    for number, change in colliding:
        for other, another in colliding:
            if other != number and another.item == change.item:
                yield {
                    "sys_id": stable_sys_id("conflict", number, other),
                    "change": change_id(number),
                    "conflicting_change": change_id(other),
                    "configuration_item": item_id(change.item),
                    "type": change.conflict,
                    "last_checked": as_moment(moment - timedelta(hours=20)),
                }


def _affected() -> Iterator[Values]:
    for number, change in numbered():
        yield {
            "sys_id": stable_sys_id("task_ci", number, change.item),
            "task": change_id(number),
            "ci_item": item_id(change.item),
        }


def _boards(moment: datetime) -> Iterator[tuple[str, list[Values]]]:
    board = stable_sys_id("cab_definition", "Weekly CAB")
    definition = {
        "sys_id": board,
        "name": "Weekly CAB",
        "manager": person_id("fred.luddy"),
        "groups": group_id(BOARD),
        "change_conditions": f"state={AUTHORIZE}^cab_required=true^EQ",
    }
    meetings = [_meeting(board, days, moment=moment) for days in _MEETING_DAYS]
    yield "cab_definition", [definition]
    yield "cab_meeting", meetings
    waiting = [number for number, change in numbered() if change.state == AUTHORIZE]
    yield (
        "cab_agenda_item",
        [
            {
                "sys_id": stable_sys_id("cab_agenda_item", number),
                "cab_meeting": meetings[-1]["sys_id"],
                "task": change_id(number),
                "order": str(place * 100),
            }
            for place, number in enumerate(waiting)
        ],
    )


def _meeting(board: str, days: int, *, moment: datetime) -> Values:
    start = (moment + timedelta(days=days)).replace(hour=14, minute=0, second=0)
    return {
        "sys_id": stable_sys_id("cab_meeting", str(days)),
        "name": f"Weekly CAB {start:%Y-%m-%d}",
        "cab_definition": board,
        "manager": person_id("fred.luddy"),
        "start": as_moment(start),
        "end": as_moment(start + timedelta(hours=1)),
        "state": "complete" if days < 0 else "pending",
    }


def _windows(moment: datetime) -> Iterator[tuple[str, list[Values]]]:
    """Nights for the switches, and a freeze of the payroll in three weeks."""
    window = stable_sys_id("cmn_schedule_maintenance", "Network nights")
    freeze = stable_sys_id("cmn_schedule_blackout", "Payroll freeze")
    month_end = moment + timedelta(days=21)
    nights = (moment - timedelta(days=30)).replace(hour=20, minute=0, second=0)
    yield (
        "cmn_schedule_maintenance",
        [_schedule(window, "Network nights", condition="nameSTARTSWITHswitch-^EQ")],
    )
    yield (
        "cmn_schedule_blackout",
        [_schedule(freeze, "Payroll freeze", condition="nameLIKEpayroll^EQ")],
    )
    yield (
        "cmn_schedule_span",
        [
            _span(window, nights, nights + timedelta(hours=8), repeats="daily"),
            _span(freeze, month_end, month_end + timedelta(days=4)),
        ],
    )


def _schedule(sys_id: str, name: str, *, condition: str) -> Values:
    return {"sys_id": sys_id, "name": name, "time_zone": "UTC", "condition": condition}


def _span(schedule: str, start: datetime, end: datetime, *, repeats: str = "") -> Values:
    return {
        "sys_id": stable_sys_id("cmn_schedule_span", schedule),
        "schedule": schedule,
        "start_date_time": f"{start:%Y%m%dT%H%M%SZ}",
        "end_date_time": f"{end:%Y%m%dT%H%M%SZ}",
        "repeat_type": repeats,
    }
