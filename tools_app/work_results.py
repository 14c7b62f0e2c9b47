"""What the tools about a person's own work answer with: tasks and approvals."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from servicenow.records import Record
from tools_app.results import (
    From,
    HiddenFields,
    Label,
    Line,
    Moment,
    NamedRecord,
    NotApplied,
    PageOf,
    Pointer,
    Result,
    Text,
    hidden,
    sources,
)
from tools_app.task_results import TaskSummary


class TaskRow(TaskSummary):
    """One task of a list."""

    kind: Annotated[Label, From("sys_class_name")] | None = None
    due_at: Annotated[Moment, From("due_date")] | None = None


class TasksFound(PageOf[TaskRow]):
    """One page of tasks."""


class ApprovalRow(Result):
    """One approval of a list, with what is being approved."""

    sys_id: Annotated[str, Field(description="Of the approval: what approve_or_reject takes.")]
    state: Label | None = None
    approver: Pointer | None = None
    record: Annotated[Pointer, From("sysapproval")] | None = None
    kind: Annotated[Label, From("sysapproval.sys_class_name")] | None = None
    about: (
        Annotated[Line, From("document_id"), Field(description="Where it is about no task.")] | None
    ) = None
    short_description: Annotated[Line, From("sysapproval.short_description")] | None = None
    record_state: Annotated[Label, From("sysapproval.state")] | None = None
    opened_by: Annotated[Pointer, From("sysapproval.opened_by")] | None = None
    group: Annotated[Pointer, From("group.assignment_group")] | None = None
    due_at: Annotated[Moment, From("due_date")] | None = None
    asked_at: Annotated[Moment, From("sys_created_on")] | None = None
    delegated: Annotated[bool, Field(description="The approver delegated it to me.")] = False


class ApprovalsFound(PageOf[ApprovalRow]):
    """One page of approvals."""


class RecordToApprove(Result):
    """The task behind an approval."""

    number: Annotated[Line, From("sysapproval.number")] | None = None
    kind: Annotated[Label, From("sysapproval.sys_class_name")] | None = None
    short_description: Annotated[Line, From("sysapproval.short_description")] | None = None
    description: Annotated[Text, From("sysapproval.description")] | None = None
    state: Annotated[Label, From("sysapproval.state")] | None = None
    approval: Annotated[Label, From("sysapproval.approval")] | None = None
    priority: Annotated[Label, From("sysapproval.priority")] | None = None
    opened_by: Annotated[Pointer, From("sysapproval.opened_by")] | None = None
    opened_at: Annotated[Moment, From("sysapproval.opened_at")] | None = None
    assigned_to: Annotated[Pointer, From("sysapproval.assigned_to")] | None = None
    assignment_group: Annotated[Pointer, From("sysapproval.assignment_group")] | None = None
    due_at: Annotated[Moment, From("sysapproval.due_date")] | None = None


class OtherApproval(Result):
    """What somebody else decides, or has decided, on the same record."""

    approver: Pointer | None = None
    state: Label | None = None
    group: Annotated[Pointer, From("group.assignment_group")] | None = None


class Approval(Result):
    """An approval, the record behind it, and who else decides."""

    sys_id: str
    url: str
    state: Label | None = None
    can_decide: Annotated[bool, Field(description="Whether I may decide it now.")]
    approver: Pointer | None = None
    about: Annotated[Line, From("document_id")] | None = None
    group: Annotated[Pointer, From("group.assignment_group")] | None = None
    group_needs: Annotated[Label, From("group.wait_for")] | None = None
    comments: Text | None = None
    due_at: Annotated[Moment, From("due_date")] | None = None
    asked_at: Annotated[Moment, From("sys_created_on")] | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None
    task: RecordToApprove | None = None
    task_url: str | None = None
    others: list[OtherApproval]
    others_more: Annotated[bool, Field(description="More decide than are listed.")] = False
    hidden_fields: HiddenFields = ()


class ApprovalDecided(Result):
    """What was decided, and what became of the record behind it."""

    sys_id: str
    url: str
    state: Annotated[Label, Field(description="Of the approval, read back.")] | None = None
    record: Annotated[Pointer, From("sysapproval")] | None = None
    kind: Annotated[Label, From("sysapproval.sys_class_name")] | None = None
    about: Annotated[Line, From("document_id")] | None = None
    short_description: Annotated[Line, From("sysapproval.short_description")] | None = None
    record_state: Annotated[Label, From("sysapproval.state")] | None = None
    record_approval: Annotated[Label, From("sysapproval.approval")] | None = None
    decided_for: (
        Annotated[NamedRecord, Field(description="The approver who delegated it to me.")] | None
    ) = None
    waiting_for: (
        Annotated[list[str], Field(description="Who else still has to decide, if readable.")] | None
    ) = None
    what_next: str
    not_applied: NotApplied = ()
    hidden_fields: HiddenFields = ()


def withheld(model: type[Result], records: Sequence[Record]) -> tuple[str, ...]:
    """The fields of `model` that ServiceNow withheld; what a record does not point to is none."""
    missing = {
        name
        for record in records
        for name in hidden(model, [record])
        if record.value(_pointer_of(model, name)) or "." not in sources(model)[name][0]
    }
    return tuple(name for name in sources(model) if name in missing)


def _pointer_of(model: type[Result], name: str) -> str:
    return sources(model)[name][0].partition(".")[0]
