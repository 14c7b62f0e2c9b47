"""Work notes, comments and decisions about a record, newest first.

They are rows of `sys_journal_field`, which answers an empty list to whoever lacks its own ACL,
also to people who see the same entries on the form. Then the record's own text is taken apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from servicenow.query import Query
from servicenow.records import Page, Record, servicenow_time
from tools_app.cleaning import clean, clean_line
from tools_app.journal_text import HEADING
from tools_app.paging import ROOM_FOR_ROWS
from tools_app.results import Result, how_many_fit, iso
from tools_app.spec import ToolCall

EntryKind = Literal["work_note", "comment", "approval"]

ENTRY_LIMIT = 4_000
# Who approved or rejected, and why, stands in a journal of its own.
_KINDS: dict[str, EntryKind] = {
    "work_notes": "work_note",
    "comments": "comment",
    "approval_history": "approval",
}
FIELD_OF: dict[EntryKind, str] = {kind: field for field, kind in _KINDS.items()}
_ROW_FIELDS = ("element_id", "element", "value", "sys_created_by", "sys_created_on")


class JournalEntry(Result):
    """One work note, comment, or decision of an approver."""

    kind: EntryKind
    author: (
        Annotated[str, Field(description="User name, or the name that ServiceNow shows.")] | None
    ) = None
    created_at: Annotated[str, Field(description="ISO 8601, UTC.")] | None = None
    created_at_shown: (
        Annotated[str, Field(description="The time as ServiceNow shows it to this person.")] | None
    ) = None
    text: str


@dataclass(frozen=True)
class JournalPart:
    """Some entries of a journal, where to go on, and the fields that were withheld."""

    entries: list[JournalEntry]
    total: int | None
    next_offset: int | None
    hidden: Sequence[str] = ()


async def read_journal(
    call: ToolCall,
    record: Record,
    *,
    kind: EntryKind | None,
    limit: int,
    offset: int = 0,
    room: int = ROOM_FOR_ROWS,
) -> JournalPart:
    """At most `limit` entries of `record`, newest first, that take at most `room` characters."""
    fields = [FIELD_OF[kind]] if kind else list(_KINDS)
    page = await _rows(call, record, fields, limit=limit, offset=offset)
    if page is None or _is_withheld(page):
        return await _from_the_record(call, record, fields, limit=limit, offset=offset, room=room)
    entries = [_entry(row) for row in page.records]
    fitting = max(1, how_many_fit(entries, within=room))
    if fitting < len(entries):
        # Asked again, not cut: offsets count the rows that access control removed as well.
        return await read_journal(call, record, kind=kind, limit=fitting, offset=offset, room=room)
    return JournalPart(entries, page.total, page.next_offset)


async def _rows(
    call: ToolCall, record: Record, fields: Sequence[str], *, limit: int, offset: int
) -> Page | None:
    query = Query().equals("element_id", record.sys_id).is_in("element", fields)
    newest_first = query.order_by("sys_created_on", descending=True)
    return await call.tables.list_if_allowed(
        "sys_journal_field", query=newest_first, fields=_ROW_FIELDS, limit=limit, offset=offset
    )


def _is_withheld(page: Page) -> bool:
    """Whether nothing came although something may be there; an end of the list is no such thing."""
    return not page.records and (not page.total or page.offset < page.total)


def _entry(row: Record) -> JournalEntry:
    written = servicenow_time(row.value("sys_created_on"))
    return JournalEntry(
        kind=_KINDS.get(row.value("element"), "comment"),
        author=clean_line(row.value("sys_created_by")),
        created_at=iso(written) if written else None,
        text=clean(row.value("value"), most=ENTRY_LIMIT),
    )


async def _from_the_record(
    call: ToolCall, record: Record, fields: Sequence[str], *, limit: int, offset: int, room: int
) -> JournalPart:
    shown = await call.tables.get(record.table, sys_id=record.sys_id, fields=fields)
    entries = [entry for field in fields for entry in parsed(shown.display(field), field=field)]
    # Each field is newest first; ISO-like times sort together, and others keep their field.
    if len(fields) > 1 and all(_sorts(entry) for entry in entries):
        entries.sort(key=lambda entry: entry.created_at_shown or "", reverse=True)
    part = entries[offset : offset + limit]
    part = part[: max(1, how_many_fit(part, within=room))]
    end = offset + len(part)
    more = end if end < len(entries) else None
    hidden = [_KINDS[field] for field in shown.hidden(fields)]
    return JournalPart(part, len(entries), more, hidden)


def parsed(thread: str, *, field: str) -> list[JournalEntry]:
    """The entries of a journal field as the form shows it, in the order in which they stand.

    Whoever writes a note can write lines that look like the heading of another one, so authors
    are no better than what the form shows; `created_at` is left out, since the time is in the
    person's own zone and format.
    """
    text = thread.replace("\r\n", "\n")
    headings = list(HEADING.finditer(text))
    if not headings:
        # A heading in another form than ours: better one entry of everything than nothing.
        whole = clean(text, most=ENTRY_LIMIT)
        return [JournalEntry(kind=_KINDS[field], text=whole)] if whole else []
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [
        JournalEntry(
            kind=_KINDS[field],
            author=clean_line(heading["author"]),
            created_at_shown=clean_line(heading["time"]),
            text=clean(text[heading.end() : end], most=ENTRY_LIMIT),
        )
        for heading, end in zip(headings, ends, strict=True)
    ]


def _sorts(entry: JournalEntry) -> bool:
    return re.match(r"\d{4}-\d\d-\d\d \d\d:", entry.created_at_shown or "") is not None
