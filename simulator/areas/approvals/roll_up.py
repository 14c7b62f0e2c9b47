"""What approvals make of the record they are about."""

from collections.abc import Iterable, Sequence

from simulator.areas.approvals.decisions import (
    APPROVALS,
    APPROVED,
    CANCELLED,
    DECIDED,
    NOT_REQUESTED,
    NOT_REQUIRED,
    OPEN,
    REJECTED,
    REQUESTED,
    document,
)
from simulator.areas.approvals.groups import settle
from simulator.queries.parsing import literal
from simulator.records.rules import Change, Moment, Row

_IGNORED = frozenset({CANCELLED, NOT_REQUIRED, "duplicate", ""})


def verdict(states: Iterable[str]) -> str:
    """What single approvals come to.

    Any rejection rejects, and only when all have approved is the whole approved. Approvals that
    were cancelled or are not needed any more say nothing.
    """
    counted = {state for state in states if state not in _IGNORED}
    if REJECTED in counted:
        return REJECTED
    if not counted - {NOT_REQUESTED}:
        return NOT_REQUESTED
    return APPROVED if counted == {APPROVED} else REQUESTED


def roll_up(change: Change) -> None:
    """After an approval was written: settle its group, then the record it is about."""
    if change.operation is Moment.UPDATE and not change.changes("state"):
        return
    if change.get("group"):
        settle(change, change.get("group"))
    table, sys_id = document(change)
    record = _record(change, table, sys_id)
    column = change.get("approval_column") or "approval"
    if record is None or column not in record:
        return
    approvals = change.records.query(APPROVALS, f"document_id={literal(sys_id)}")
    values = _history(change, record)
    reached = verdict(_states(change, approvals))
    if record.get("active") != "false" or reached != NOT_REQUESTED:
        values[column] = reached
    change.update(table, sys_id, values)
    if reached == REJECTED:
        drop(change, approvals, state=NOT_REQUIRED)


def drop(change: Change, approvals: Sequence[Row], *, state: str) -> None:
    """Approvals that still wait need not be given any more."""
    for each in approvals:
        if each["state"] in OPEN:
            change.update(APPROVALS, each["sys_id"], {"state": state})


def cancel_with_the_task(change: Change) -> None:
    """After a task has come to its end nobody has to approve it."""
    if change.changes_to("active", "false"):
        waiting = change.records.query(
            APPROVALS, f"document_id={change.sys_id}^stateIN{','.join(sorted(OPEN))}"
        )
        drop(change, waiting, state=CANCELLED)


def note_when_decided(change: Change) -> None:
    """`approval_set` of a task: since when its approval is what it is."""
    if change.operation is Moment.UPDATE and change.changes_to("approval", *DECIDED):
        change.set("approval_set", change.at)


def go_with_the_task(change: Change) -> None:
    """After a task was deleted: its approvals are deleted too, without a word."""
    for each in change.records.query(APPROVALS, f"document_id={change.sys_id}"):
        change.records.delete(APPROVALS, each["sys_id"])


def _record(change: Change, table: str, sys_id: str) -> Row | None:
    try:
        return change.records.row(table, sys_id) if sys_id else None
    except KeyError:  # a client may name a table that does not exist
        return None


def _states(change: Change, approvals: Sequence[Row]) -> list[str]:
    """Of people asked by themselves their own, of the others that of each group."""
    groups = {each["group"] for each in approvals if each["group"]}
    rows = [change.records.row("sysapproval_group", group) for group in sorted(groups)]
    alone = [each["state"] for each in approvals if not each["group"]]
    return alone + [row["approval"] for row in rows if row]


def _history(change: Change, record: Row) -> dict[str, str]:
    """A line for the journal of the record that the approval names."""
    column = change.get("approval_journal_column")
    approver = change.records.row("sys_user", change.get("approver"))
    name = approver["name"] if approver else "Somebody"
    said = {
        REQUESTED: f"Approval requested from {name}",
        APPROVED: f"{name} has approved{_stand_in(change)}",
        REJECTED: f"{name} has rejected{_stand_in(change)}",
    }.get(change.get("state"))
    if said is None or change.operation is Moment.DELETE or record.get("number") is None:
        return {}
    comments = change.entries.get("comments", "")
    return {column: f"{said}\n{comments}".strip()} if column else {}


def _stand_in(change: Change) -> str:
    decides_for_another = change.person is not None and not change.is_by("approver")
    return f" ({change.person.name} for them)" if decides_for_another and change.person else ""
