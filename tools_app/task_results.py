"""What every kind of task shows of itself; incidents, changes, problems and others add theirs."""

from typing import Annotated

from tools_app.results import From, Label, Line, Moment, Pointer, Result, Text, Truth


class TaskLine(Result):
    """What a task is called and where it stands."""

    sys_id: str
    number: Line | None = None
    short_description: Line | None = None
    state: Label | None = None


class TaskSummary(TaskLine):
    """One task of a list."""

    priority: Label | None = None
    assigned_to: Pointer | None = None
    assignment_group: Pointer | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None


class TaskInFull(TaskSummary):
    """A task as far as a person needs it for the next step."""

    url: str
    description: Text | None = None
    impact: Label | None = None
    category: Label | None = None
    configuration_item: Annotated[Pointer, From("cmdb_ci")] | None = None
    active: Truth | None = None
    opened_at: Moment | None = None
    closed_at: Moment | None = None
