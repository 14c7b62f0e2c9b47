"""What the problem tools answer with."""

from typing import Annotated

from pydantic import Field

from tools_app.results import (
    From,
    HiddenFields,
    Label,
    Line,
    Moment,
    Pointer,
    Result,
    Text,
    Truth,
)


class ProblemRow(Result):
    """One problem of a list."""

    sys_id: str
    number: Line | None = None
    short_description: Line | None = None
    state: Label | None = None
    priority: Label | None = None
    known_error: Truth | None = None
    assigned_to: Pointer | None = None
    assignment_group: Pointer | None = None
    opened_at: Moment | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None


class ProblemsFound(Result):
    """One page of problems."""

    records: list[ProblemRow]
    count: int
    total: int | None = None
    next_offset: int | None = None
    hidden_fields: HiddenFields = ()


class RelatedIncident(Result):
    """An incident that a problem causes."""

    sys_id: str
    number: Line | None = None
    short_description: Line | None = None
    state: Label | None = None
    priority: Label | None = None


class Problem(Result):
    """A problem, what is known about it, and the incidents that it causes."""

    sys_id: str
    number: Line | None = None
    url: str
    short_description: Line | None = None
    description: Text | None = None
    state: Label | None = None
    priority: Label | None = None
    impact: Label | None = None
    urgency: Label | None = None
    category: Label | None = None
    subcategory: Label | None = None
    known_error: Truth | None = None
    major_problem: Truth | None = None
    assigned_to: Pointer | None = None
    assignment_group: Pointer | None = None
    configuration_item: Annotated[Pointer, From("cmdb_ci")] | None = None
    workaround: Text | None = None
    cause: Annotated[Text, From("cause_notes")] | None = None
    fix: Annotated[Text, From("fix_notes")] | None = None
    resolution_code: Label | None = None
    close_notes: Text | None = None
    duplicate_of: Pointer | None = None
    change_request: Annotated[Pointer, From("rfc")] | None = None
    active: Truth | None = None
    opened_at: Moment | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None
    resolved_at: Moment | None = None
    closed_at: Moment | None = None
    related_incidents: (
        Annotated[list[RelatedIncident], Field(description="Open ones first; 20 at most.")] | None
    ) = None
    related_incidents_total: int | None = None
    hidden_fields: HiddenFields = ()
