"""What the update-set tools answer with."""

from typing import Annotated

from pydantic import Field

from tools_app.results import From, Label, Line, Moment, NotApplied, Pointer, Result, Text, Truth

BROWSER_WINS = (
    "An open browser session keeps the update set chosen there, whatever is chosen here, until it "
    "is changed there or the person signs in anew."
)


class UpdateSet(Result):
    """An update set."""

    sys_id: str
    name: Line | None = None
    state: Label | None = None
    application: Pointer | None = None
    description: Text | None = None
    is_default: Truth | None = None
    created_at: Annotated[Moment, From("sys_created_on")] | None = None


class CurrentUpdateSet(Result):
    """The update set that the person prefers."""

    update_set: UpdateSet | None = None
    is_in_use: Annotated[bool, Field(description="Whether it is in progress: it takes changes.")]
    note: str


class UpdateSetChosen(Result):
    """The update set that is now the person's current one."""

    update_set: UpdateSet
    url: str
    is_current: bool
    not_applied: NotApplied = ()
    note: str
