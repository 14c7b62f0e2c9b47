"""What the tools for changes answer with."""

from typing import Annotated

from pydantic import Field

from servicenow.records import Record
from tools_app.cleaning import clean
from tools_app.results import (
    As,
    From,
    HiddenFields,
    Ignored,
    Label,
    Line,
    Moment,
    NamedRecord,
    NotApplied,
    PageOf,
    Pointer,
    Result,
    Truth,
)
from tools_app.task_results import TaskInFull, TaskLine, TaskSummary

_PLAN_LIMIT = 4_000


def _plan(record: Record, field: str) -> str | None:
    return clean(record.display(field), most=_PLAN_LIMIT) or None


# Six long texts have to fit into one answer, with tasks and approvals beside them.
Plan = Annotated[str, As(_plan)]


class ChangeRow(TaskSummary):
    """One change of a list."""

    type: Label | None = None
    risk: Label | None = None
    configuration_item: Annotated[Pointer, From("cmdb_ci")] | None = None
    planned_start: Annotated[Moment, From("start_date")] | None = None
    planned_end: Annotated[Moment, From("end_date")] | None = None


class ChangesFound(PageOf[ChangeRow]):
    """One page of changes."""


class Change(TaskInFull):
    """A change as far as a person needs it for the next step."""

    description: Plan | None = None
    type: Label | None = None
    on_hold: Truth | None = None
    on_hold_reason: Line | None = None
    approval: Label | None = None
    risk: Label | None = None
    requested_by: Pointer | None = None
    justification: Plan | None = None
    implementation_plan: Plan | None = None
    backout_plan: Plan | None = None
    test_plan: Plan | None = None
    planned_start: Annotated[Moment, From("start_date")] | None = None
    planned_end: Annotated[Moment, From("end_date")] | None = None
    actual_start: Annotated[Moment, From("work_start")] | None = None
    actual_end: Annotated[Moment, From("work_end")] | None = None
    conflict_status: Label | None = None
    close_code: Label | None = None
    close_notes: Plan | None = None


class ChangeTask(TaskLine):
    """A task of a change, in a list."""

    type: Annotated[Label, From("change_task_type")] | None = None
    assigned_to: Pointer | None = None
    assignment_group: Pointer | None = None


class ChangeApproval(Result):
    """What one person was asked, and has answered."""

    sys_id: str
    approver: Pointer | None = None
    state: Label | None = None
    comments: Line | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None


class NextState(Result):
    """A state to which a change can go."""

    state: Annotated[str, Field(description="Its label.")]
    available: bool
    waits_for: Annotated[
        list[str], Field(description="Conditions that do not hold yet, as the instance names them.")
    ] = []
    automatic: Annotated[bool, Field(description="ServiceNow moves it there by itself.")] = False


class ChangeDetails(Change):
    """A change and what belongs to it."""

    tasks: list[ChangeTask] | None = None
    approvals: list[ChangeApproval] | None = None
    affected_items: list[NamedRecord] | None = None
    next_states: (
        Annotated[list[NextState], Field(description="Absent where the change API is.")] | None
    ) = None
    more_of: (
        Annotated[list[str], Field(description="Lists that are longer than shown here.")] | None
    ) = None
    hidden_fields: HiddenFields = ()


class ChangeWritten(Change):
    """A change after it was written."""

    approvals: (
        Annotated[list[ChangeApproval], Field(description="Who is asked, after submitting.")] | None
    ) = None
    ignored: Ignored = ()
    not_applied: NotApplied = ()
    hidden_fields: HiddenFields = ()


class ChangeTaskAdded(ChangeTask):
    """A new task of a change."""

    url: str
    change: Annotated[Pointer, From("change_request")] | None = None
    planned_start: Annotated[Moment, From("planned_start_date")] | None = None
    planned_end: Annotated[Moment, From("planned_end_date")] | None = None
    not_applied: NotApplied = ()
    hidden_fields: HiddenFields = ()


class ChangeDecided(Result):
    """A change after the person decided their approval of it."""

    sys_id: str
    number: Line | None = None
    url: str
    decision: str
    approval_sys_id: str
    delegated_by: (
        Annotated[NamedRecord, Field(description="Whose approval it was, if not one's own.")] | None
    ) = None
    state: Label | None = None
    approval: Annotated[Label, Field(description="Of the change as a whole.")] | None = None
    waiting_for: (
        Annotated[list[str], Field(description="Who else still has to decide, if readable.")] | None
    ) = None
    what_next: str
    not_applied: NotApplied = ()


class Conflict(Result):
    """One thing that speaks against the planned time of a change."""

    type: Label | None = None
    configuration_item: Pointer | None = None
    conflicting_change: Pointer | None = None
    related_item: Annotated[Pointer, From("related_configuration_item")] | None = None
    schedule: Pointer | None = None
    last_checked: Moment | None = None


class ConflictsFound(Result):
    """What the last conflict check of a change found."""

    sys_id: str
    number: Line | None = None
    url: str
    status: Annotated[Label, From("conflict_status")] | None = None
    checked_at: Annotated[Moment, From("conflict_last_run")] | None = None
    running: (
        Annotated[bool, Field(description="The check goes on: call again without recalculate.")]
        | None
    ) = None
    records: list[Conflict] | None = None
    count: int = 0
    total: int | None = None
    hidden_fields: HiddenFields = ()
