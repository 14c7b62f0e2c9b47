"""Approvals of the demo's changes: those given, those refused, and those that wait."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.areas.changes.approval_steps import BOARD
from simulator.areas.changes.models import ASSESS, AUTHORIZE, CANCELED, NEW
from simulator.areas.changes.seed.rows import Values, change_id
from simulator.areas.changes.seed.templates import DemoChange
from simulator.areas.organisation.people import PEOPLE
from simulator.data.sys_ids import stable_sys_id
from simulator.seed.ids import group_id, person_id


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A group that was asked about a change, and its members' answers."""

    group: Values
    members: list[Values]


def asked_groups(number: str, change: DemoChange, *, at: str) -> Iterator[Asked]:
    """The groups asked about a change so far, in the order they were. `at` is when."""
    if change.kind == "standard" or (change.state in (NEW, CANCELED) and not change.rejected):
        return
    steps = [change.group, BOARD] if change.kind == "normal" else [BOARD]
    if change.state == ASSESS:
        yield _asked(number, change.group, "requested", at=at)
        return
    last = {AUTHORIZE: "requested", NEW: "rejected"}.get(change.state, "approved")
    for step, answer in zip(steps, ["approved"] * (len(steps) - 1) + [last], strict=True):
        yield _asked(number, step, answer, at=at)


def _asked(number: str, group: str, answer: str, *, at: str) -> Asked:
    people = [person for person in PEOPLE if group in person.groups and person.active]
    request = {
        "sys_id": stable_sys_id("sysapproval_group", number, group),
        "sys_class_name": "sysapproval_group",
        "parent": change_id(number),
        "assignment_group": group_id(group),
        "approval": answer,
        "short_description": f"Approval request for {number}",
        "active": "true" if answer == "requested" else "false",
        "opened_at": at,
        "sys_created_on": at,
        "sys_created_by": "system",
        "sys_updated_on": at,
    }
    first, *rest = people
    others = "requested" if answer == "requested" else "not_required"
    rows = [_approval(number, request["sys_id"], first.user_name, answer, at=at)]
    rows += [_approval(number, request["sys_id"], one.user_name, others, at=at) for one in rest]
    return Asked(group=request, members=rows)


def _approval(number: str, group: str, approver: str, state: str, *, at: str) -> Values:
    return {
        "sys_id": stable_sys_id("sysapproval_approver", number, group, approver),
        "sysapproval": change_id(number),
        "document_id": change_id(number),
        "source_table": "change_request",
        "group": group,
        "approver": person_id(approver),
        "state": state,
        "sys_created_on": at,
        "sys_created_by": "system",
        "sys_updated_on": at,
        "sys_updated_by": approver if state in ("approved", "rejected") else "system",
    }
