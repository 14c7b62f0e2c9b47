"""An approval on its way to the store: what it is about, who decides it, and why."""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.errors import PolicyViolated
from simulator.queries.parsing import literal
from simulator.records.rules import Aborted, Change
from simulator.switches import Switches

APPROVALS = "sysapproval_approver"
NOT_REQUESTED, REQUESTED, APPROVED, REJECTED = "not requested", "requested", "approved", "rejected"
CANCELLED, NOT_REQUIRED, DUPLICATE = "cancelled", "not_required", "duplicate"
OPEN = frozenset({NOT_REQUESTED, REQUESTED})
DECIDED = frozenset({APPROVED, REJECTED})


def is_theirs(person: Person, row: Mapping[str, str]) -> bool:
    """Whether the person is the approver of an approval, or stands in for them now."""
    approver = row.get("approver", "")
    return approver == person.sys_id or approver in person.approves_for


def is_open(_: Person, row: Mapping[str, str]) -> bool:
    """Whether an approval still waits for its decision."""
    return row.get("state") in OPEN


def document(change: Change) -> tuple[str, str]:
    """Table and sys_id of what an approval is about; two empty strings if of nothing."""
    about = change.get("document_id") or change.get("sysapproval")
    return (change.get("source_table") or "task", about) if about else ("", "")


def name_the_document(change: Change) -> None:
    """`sysapproval` holds a task only; `source_table` and `document_id` any record."""
    task = change.records.row("task", change.get("sysapproval") or change.get("document_id"))
    if task is None:
        return
    change.set("sysapproval", task["sys_id"])
    change.set("document_id", change.get("document_id") or task["sys_id"])
    change.set("source_table", change.get("source_table") or task["sys_class_name"])


def mark_duplicate(change: Change) -> None:
    """Asked twice for the same group's approval, somebody has to answer once."""
    group, approver = change.get("group"), change.get("approver")
    if not group or not approver or change.get("state") not in OPEN:
        return
    twice = f"group={literal(group)}^approver={literal(approver)}^state=requested"
    asked = change.records.query(APPROVALS, twice)
    if asked:
        change.set("state", DUPLICATE)


def rejection_needs_comments(change: Change, *, switches: Switches) -> None:
    """Raises PolicyViolated where a person rejects and does not say why."""
    rejects = change.changes_to("state", REJECTED) and change.person is not None
    if switches.rejections_need_comments and rejects and not change.entries.get("comments"):
        raise PolicyViolated(["Comments"], terse=switches.terse_data_policies)


def delegate_for_oneself(change: Change) -> None:
    """Raises Aborted where somebody without rights over people names a delegate for another one."""
    if not change.is_by("user") and not change.has_role("user_admin"):
        raise Aborted


def delegate_for_a_time(change: Change) -> None:
    """A delegation begins now unless it says when. Raises Aborted if it ends before."""
    if not change.get("starts"):
        change.set("starts", change.at)
    if change.get("ends") and change.get("ends") < change.get("starts"):
        raise Aborted
