"""Events of attachments in `sysevent`: who attached, renamed, read and deleted which file."""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.records.rules import Change, Moment, Records

UPLOADED, RENAMED, READ, DELETED = (
    f"attachment.{what}" for what in ("uploaded", "renamed", "read", "deleted")
)

_OF_MOMENT = {Moment.INSERT: UPLOADED, Moment.UPDATE: RENAMED, Moment.DELETE: DELETED}


def tell(change: Change) -> None:
    """After an attachment was added, renamed or deleted."""
    if change.operation is Moment.UPDATE and not change.changes("file_name"):
        return
    name = _OF_MOMENT[change.operation]
    note(change.records, name, change.values, person=change.person, at=change.at)


def note(
    records: Records, name: str, attachment: Mapping[str, str], *, person: Person | None, at: str
) -> None:
    """Write an event: `parm1` is the name of the file, `parm2` the table of its record."""
    records.insert(
        "sysevent",
        {
            "name": name,
            "state": "processed",
            "table": "sys_attachment",
            "instance": attachment["sys_id"],
            "parm1": attachment["file_name"],
            "parm2": attachment["table_name"],
            "user_id": person.sys_id if person else "",
            "user_name": person.user_name if person else "system",
            "process_on": at,
            "processed": at,
        },
    )
