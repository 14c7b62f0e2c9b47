"""Events and mails of approvals: who is asked is told so, and those who stand in for them."""

from simulator.areas.approvals.decisions import CANCELLED, REQUESTED, document
from simulator.queries.parsing import literal
from simulator.records.rules import Change, Row

_EVENTS = {REQUESTED: "approval.inserted", CANCELLED: "approval.cancelled"}


def notify(change: Change) -> None:
    """After an approval was requested or cancelled: an event, and a mail for a request."""
    event = _EVENTS.get(change.get("state"))
    if event is None or not change.changes("state"):
        return
    person = change.person
    change.records.insert(
        "sysevent",
        {
            "name": event,
            "state": "processed",
            "table": change.table,
            "instance": change.sys_id,
            "parm1": change.get("approver"),
            "user_id": person.sys_id if person else "",
            "user_name": person.user_name if person else "system",
            "process_on": change.at,
            "processed": change.at,
        },
    )
    approver = change.records.row("sys_user", change.get("approver"))
    if event == _EVENTS[REQUESTED] and approver is not None and _wants_mail(approver):
        _mail(change, approver)


def _wants_mail(person: Row) -> bool:
    return bool(person["email"]) and person["active"] == "true" and person["notification"] == "2"


def _mail(change: Change, approver: Row) -> None:
    _, about = document(change)
    task = change.records.row("task", about)
    named = f"{task['number']} Approval request" if task else "Approval request"
    text = f"{task['short_description']}" if task else "Something waits for your approval."
    change.records.insert(
        "sys_email",
        {
            "type": "send-ready",
            "mailbox": "outbox",
            "subject": named,
            "recipients": approver["email"],
            "copied": ",".join(_stand_ins(change)),
            "user_id": approver["sys_id"],
            "target_table": change.table,
            "instance": change.sys_id,
            "body_text": text,
            "content_type": "text/plain",
        },
    )


def _stand_ins(change: Change) -> list[str]:
    """The addresses of delegates who want to be told too."""
    active = (
        f"user={literal(change.get('approver'))}^notifications=true"
        f"^starts<={change.at}^ends>={change.at}"
    )
    rows = change.records.query("sys_user_delegate", active)
    people = [change.records.row("sys_user", row["delegate"]) for row in rows]
    return [person["email"] for person in people if person and _wants_mail(person)]
