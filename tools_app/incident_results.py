"""What the incident tools answer with."""

from typing import Annotated

from pydantic import Field

from tools_app.journal import JournalEntry
from tools_app.results import (
    From,
    HiddenFields,
    Ignored,
    Label,
    Line,
    Moment,
    NotApplied,
    Pointer,
    Result,
    Text,
    Truth,
)


class IncidentRow(Result):
    """One incident of a list."""

    sys_id: str
    number: Line | None = None
    short_description: Line | None = None
    state: Label | None = None
    priority: Label | None = None
    caller: Annotated[Pointer, From("caller_id")] | None = None
    assigned_to: Pointer | None = None
    assignment_group: Pointer | None = None
    opened_at: Moment | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None


class IncidentsFound(Result):
    """One page of incidents."""

    records: list[IncidentRow]
    count: int
    total: int | None = None
    next_offset: int | None = None
    hidden_fields: HiddenFields = ()


class Incident(Result):
    """An incident as far as a person needs it for the next step."""

    sys_id: str
    number: Line | None = None
    url: str
    short_description: Line | None = None
    description: Text | None = None
    state: Label | None = None
    hold_reason: Label | None = None
    priority: Label | None = None
    impact: Label | None = None
    urgency: Label | None = None
    category: Label | None = None
    subcategory: Label | None = None
    contact_type: Label | None = None
    caller: Annotated[Pointer, From("caller_id")] | None = None
    opened_by: Pointer | None = None
    assigned_to: Pointer | None = None
    assignment_group: Pointer | None = None
    configuration_item: Annotated[Pointer, From("cmdb_ci")] | None = None
    active: Truth | None = None
    opened_at: Moment | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None
    resolved_at: Moment | None = None
    resolved_by: Pointer | None = None
    close_code: Label | None = None
    close_notes: Text | None = None
    closed_at: Moment | None = None


class IncidentWithJournal(Incident):
    """An incident and the latest entries of its journal."""

    journal: Annotated[list[JournalEntry], Field(description="Newest first.")] | None = None
    journal_has_more: (
        Annotated[bool, Field(description="Older entries exist: use get_journal.")] | None
    ) = None
    hidden_fields: HiddenFields = ()


class IncidentWritten(Incident):
    """An incident after it was written."""

    ignored: Ignored = ()
    not_applied: NotApplied = ()
    hidden_fields: HiddenFields = ()


class NoteAdded(Result):
    """What was added to a journal, and in whose name."""

    number: Line | None = None
    sys_id: str
    table: str
    url: str
    kind: str
    author: str
    not_applied: NotApplied = ()


class JournalFound(Result):
    """One page of a journal, newest first."""

    number: Line | None = None
    sys_id: str
    table: str
    records: list[JournalEntry]
    count: int
    total: int | None = None
    next_offset: int | None = None
    hidden_fields: HiddenFields = ()
