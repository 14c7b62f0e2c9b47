"""Rows of the demo's changes and of their tasks, the same every time for the same moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.areas.changes.models import (
    ASSESS,
    AUTHORIZE,
    BY_TYPE,
    CANCELED,
    CLOSED,
    IMPLEMENT,
    NEW,
    REVIEW,
    SCHEDULED,
)
from simulator.areas.changes.seed.network import NETWORK_CHANGES
from simulator.areas.changes.seed.systems import SYSTEM_CHANGES
from simulator.areas.changes.seed.templates import TEMPLATES, DemoChange
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.moments import as_moment
from simulator.seed.ids import group_id, item_id, person_id

Values = dict[str, str]

_FINISHED = (CLOSED, CANCELED)
_WORKED_ON = (IMPLEMENT, REVIEW, CLOSED)
_APPROVALS = {
    NEW: "not requested",
    ASSESS: "requested",
    AUTHORIZE: "requested",
    SCHEDULED: "approved",
    IMPLEMENT: "approved",
    REVIEW: "approved",
    CLOSED: "approved",
    CANCELED: "not requested",
}


def numbered() -> Iterator[tuple[str, DemoChange]]:
    """Every change of the demo with its number, `CHG0010001` first."""
    for number, change in enumerate((*NETWORK_CHANGES, *SYSTEM_CHANGES), start=FIRST_NUMBER + 1):
        yield f"CHG{number:07d}", change


def change_id(number: str) -> str:
    """The sys_id of a change of the demo."""
    return stable_sys_id("change_request", number)


def template_id(place: int) -> str:
    """The sys_id of a template of the demo."""
    return stable_sys_id("std_change_record_producer", TEMPLATES[place].name)


def version_id(place: int) -> str:
    """The sys_id of the version of a template of the demo."""
    return stable_sys_id("std_change_producer_version", TEMPLATES[place].name)


def change_row(number: str, change: DemoChange, *, moment: datetime) -> Values:
    """The row of a change, planted at `moment`."""
    start = (moment + timedelta(days=change.starts)).replace(minute=0, second=0)
    end = start + timedelta(hours=change.hours)
    opened = min(start, moment) - timedelta(days=6)
    return {
        "sys_id": change_id(number),
        "sys_class_name": "change_request",
        "number": number,
        "task_effective_number": number,
        "short_description": change.subject,
        "description": f"{change.subject}. Requested for {change.item}.",
        "type": change.kind,
        "chg_model": BY_TYPE[change.kind].sys_id,
        "state": change.state,
        "active": "false" if change.state in _FINISHED else "true",
        "category": change.category,
        "reason": change.reason,
        "risk": change.risk,
        "impact": change.impact,
        "approval": "rejected" if change.rejected else _APPROVALS[change.state],
        "assignment_group": group_id(change.group),
        "assigned_to": person_id(change.assigned_to) if change.assigned_to else "",
        "cmdb_ci": item_id(change.item),
        "requested_by": person_id(change.requested_by),
        "start_date": as_moment(start),
        "end_date": as_moment(end),
        "unauthorized": "true" if change.unauthorized else "false",
        "on_hold": "true" if change.on_hold_reason else "false",
        "on_hold_reason": change.on_hold_reason,
        "cab_required": "false" if change.kind == "standard" else "true",
        **_plans(change),
        **_opened(change, opened=opened, updated=min(end, moment)),
        **_outcome(change, start=start, end=end, moment=moment),
    }


def task_rows(number: str, change: DemoChange, *, moment: datetime) -> Iterator[Values]:
    """The tasks that a change had made when it was implemented, without their numbers."""
    if change.state not in _WORKED_ON:
        return
    row = change_row(number, change, moment=moment)
    done = change.state != IMPLEMENT
    for subject, kind in (
        ("Implement", "implementation"),
        ("Post implementation testing", "testing"),
    ):
        yield {
            "sys_id": stable_sys_id("change_task", number, kind),
            "sys_class_name": "change_task",
            "short_description": subject,
            "change_task_type": kind,
            "created_from": "workflow",
            "change_request": row["sys_id"],
            "parent": row["sys_id"],
            "state": "3" if done else ("2" if kind == "implementation" else "1"),
            "active": "false" if done else "true",
            "close_code": "successful" if done else "",
            "close_notes": "Done as planned" if done else "",
            "closed_at": row["end_date"] if done else "",
            "closed_by": row["assigned_to"] if done else "",
            "planned_start_date": row["start_date"],
            "planned_end_date": row["end_date"],
            **{
                name: row[name]
                for name in ("assignment_group", "assigned_to", "cmdb_ci", "opened_at", "opened_by")
            },
            "sys_created_on": row["opened_at"],
            "sys_created_by": change.requested_by,
        }


def _plans(change: DemoChange) -> Values:
    if change.template >= 0:
        template = TEMPLATES[change.template]
        return {
            "implementation_plan": template.plan,
            "backout_plan": template.backout,
            "test_plan": template.test,
            "std_change_producer_version": version_id(change.template),
        }
    return {
        "justification": f"Needed: {change.subject.lower()}",
        "implementation_plan": "Prepare, tell those concerned, carry out, check.",
        "backout_plan": "Restore the configuration kept before.",
        "test_plan": "The service answers and its owner agrees.",
    }


def _opened(change: DemoChange, *, opened: datetime, updated: datetime) -> Values:
    return {
        "opened_at": as_moment(opened),
        "opened_by": person_id(change.requested_by),
        "sys_created_on": as_moment(opened),
        "sys_created_by": change.requested_by,
        "sys_updated_on": as_moment(max(opened, updated)),
        "sys_updated_by": change.assigned_to or change.requested_by,
    }


def _outcome(change: DemoChange, *, start: datetime, end: datetime, moment: datetime) -> Values:
    values: Values = {}
    if change.conflict:
        checked = as_moment(moment - timedelta(hours=20))
        values |= {"conflict_status": "Conflict", "conflict_last_run": checked}
    if change.state in _WORKED_ON:
        values["work_start"] = as_moment(min(start, moment))
    if change.state in (REVIEW, CLOSED):
        values["work_end"] = as_moment(end)
    if change.state in _FINISHED:
        values |= {
            "close_code": change.close_code,
            "close_notes": change.close_notes,
            "closed_at": as_moment(min(end + timedelta(days=1), moment)),
            "closed_by": person_id(change.assigned_to),
        }
    return values
