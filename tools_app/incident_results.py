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
    PageOf,
    Pointer,
    Result,
    Text,
)
from tools_app.task_results import TaskInFull, TaskSummary


class IncidentRow(TaskSummary):
    """One incident of a list."""

    caller: Annotated[Pointer, From("caller_id")] | None = None
    opened_at: Moment | None = None


class IncidentsFound(PageOf[IncidentRow]):
    """One page of incidents."""


class Incident(TaskInFull):
    """An incident as far as a person needs it for the next step."""

    hold_reason: Label | None = None
    urgency: Label | None = None
    subcategory: Label | None = None
    contact_type: Label | None = None
    caller: Annotated[Pointer, From("caller_id")] | None = None
    opened_by: Pointer | None = None
    resolved_at: Moment | None = None
    resolved_by: Pointer | None = None
    close_code: Label | None = None
    close_notes: Text | None = None


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


class JournalFound(PageOf[JournalEntry]):
    """One page of a journal, newest first."""

    number: Line | None = None
    sys_id: str
    table: str
