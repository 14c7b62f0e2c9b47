"""Approvals of a group: its members are asked, and some of them are enough."""

from collections.abc import Sequence

from simulator.areas.approvals.decisions import (
    APPROVALS,
    APPROVED,
    DUPLICATE,
    NOT_REQUIRED,
    OPEN,
    REJECTED,
    REQUESTED,
)
from simulator.queries.parsing import literal
from simulator.records.rules import Change, Row

GROUPS = "sysapproval_group"
_WHOLE = 100


def ask_members(change: Change) -> None:
    """After a group approval was requested: an approval of every active member."""
    if not change.changes_to("approval", REQUESTED) or not change.get("parent"):
        return
    members = change.records.query(
        "sys_user_grmember", f"group={literal(change.get('assignment_group'))}^user.active=true"
    )
    for member in members if change.get("assignment_group") else ():
        asked = {
            "sysapproval": change.get("parent"),
            "group": change.sys_id,
            "approver": member["user"],
            "state": REQUESTED,
            "due_date": change.get("due_date"),
        }
        if not change.records.query(
            APPROVALS, f"group={change.sys_id}^approver={literal(member['user'])}"
        ):
            change.insert(APPROVALS, asked)


def settle(change: Change, group: str) -> None:
    """Write what the members' answers come to; those who need not answer are told so."""
    row = change.records.row(GROUPS, group)
    if row is None:
        return
    asked = [
        each
        for each in change.records.query(APPROVALS, f"group={literal(group)}")
        if each["state"] != DUPLICATE
    ]
    reached = decision(row, [each["state"] for each in asked])
    if reached != row["approval"]:
        change.update(GROUPS, group, {"approval": reached})
    if reached in (APPROVED, REJECTED):
        _release(change, asked)


def _release(change: Change, asked: Sequence[Row]) -> None:
    for each in asked:
        if each["state"] in OPEN and each["sys_id"] != change.sys_id:
            change.update(APPROVALS, each["sys_id"], {"state": NOT_REQUIRED})


def decision(group: Row, states: Sequence[str]) -> str:
    """The approval of a group whose members' approvals have these states."""
    approved, rejected = states.count(APPROVED), states.count(REJECTED)
    waiting = sum(state in OPEN for state in states)
    if not approved + rejected + waiting:
        return group["approval"]
    rejects_at_once = group["reject_handling"] != "wait" or group["wait_for"] == "first"
    if rejected and (rejects_at_once or not waiting):
        enough_before = approved >= _needed(group, approved + rejected + waiting)
        return APPROVED if enough_before and not rejects_at_once else REJECTED
    if approved and approved >= _needed(group, approved + rejected + waiting):
        return APPROVED
    return REQUESTED if REQUESTED in states or approved else group["approval"]


def _needed(group: Row, asked: int) -> int:
    """How many of those asked have to approve."""
    if group["wait_for"] == "all":
        return asked
    if group["wait_for"] == "percentage":
        # Rounded up: half of three is two.
        return max(1, -(-int(group["percentage"] or _WHOLE) * asked // _WHOLE))
    return 1
