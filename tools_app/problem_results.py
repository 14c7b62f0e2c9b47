"""What the problem tools answer with."""

from typing import Annotated

from pydantic import Field

from tools_app.results import (
    From,
    HiddenFields,
    Label,
    Moment,
    PageOf,
    Pointer,
    Text,
    Truth,
)
from tools_app.task_results import TaskInFull, TaskLine, TaskSummary


class ProblemRow(TaskSummary):
    """One problem of a list."""

    known_error: Truth | None = None
    opened_at: Moment | None = None


class ProblemsFound(PageOf[ProblemRow]):
    """One page of problems."""


class RelatedIncident(TaskLine):
    """An incident that a problem causes."""

    priority: Label | None = None


class Problem(TaskInFull):
    """A problem, what is known about it, and the incidents that it causes."""

    urgency: Label | None = None
    subcategory: Label | None = None
    known_error: Truth | None = None
    major_problem: Truth | None = None
    workaround: Text | None = None
    cause: Annotated[Text, From("cause_notes")] | None = None
    fix: Annotated[Text, From("fix_notes")] | None = None
    resolution_code: Label | None = None
    close_notes: Text | None = None
    duplicate_of: Pointer | None = None
    change_request: Annotated[Pointer, From("rfc")] | None = None
    resolved_at: Moment | None = None
    related_incidents: (
        Annotated[list[RelatedIncident], Field(description="Open ones first; 20 at most.")] | None
    ) = None
    related_incidents_total: int | None = None
    hidden_fields: HiddenFields = ()
