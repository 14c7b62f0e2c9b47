"""What a change is made of: its type, its template, and when it is to happen."""

from datetime import datetime
from typing import Final

from servicenow.query import Query
from servicenow.records import Record, servicenow_time
from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.finding import Kind, one_of
from tools_app.results import iso
from tools_app.spec import ToolCall
from tools_app.validation import shown

STANDARD: Final = "standard"
# The fields behind arguments that changes and their tasks name otherwise.
PLANNED: Final = {"planned_start": "start_date", "planned_end": "end_date"}
PLANNED_TASK: Final = {
    "type": "change_task_type",
    "planned_start": "planned_start_date",
    "planned_end": "planned_end_date",
}
TEMPLATE: Final = Kind(
    table="std_change_record_producer",
    noun="standard change template",
    known_by=("name",),
    details=("short_description",),
    found_with="Ask the person which standard change template is meant.",
)
_MOST_LISTED: Final = 20


def check_planned(
    start: datetime | None, end: datetime | None, *, before: Record | None = None
) -> None:
    """Raise `InvalidArguments` if a change would end before it starts, as it is then planned."""
    first = start or (servicenow_time(before.value("start_date")) if before else None)
    last = end or (servicenow_time(before.value("end_date")) if before else None)
    if (start or end) and first and last and last <= first:
        argument = "planned_end" if end else "planned_start"
        raise InvalidArguments(
            ArgumentProblem(
                argument,
                f"puts the end at {iso(last)}, not after the start at {iso(first)}",
                "an end after the start",
            )
        )


async def template_for(call: ToolCall, kind: str, template: str | None) -> str | None:
    """The sys_id of the template that a standard change is made from; None for other types.

    Raises `InvalidArguments` for a standard change without one, for one with another type, and
    for one that does not exist, with those that do.
    """
    if kind != STANDARD:
        if template is not None:
            raise InvalidArguments(
                ArgumentProblem("template", "goes only with type standard", "type standard")
            )
        return None
    if template is None:
        raise await _which_template(call, "is missing, and a standard change is made from one")
    try:
        found = await one_of(call, TEMPLATE, template, argument="template")
    except InvalidArguments:
        raise await _which_template(call, f"is {shown(template)!r}") from None
    return found.sys_id


async def _which_template(call: ToolCall, problem: str) -> InvalidArguments:
    page = await call.tables.list_if_allowed(
        TEMPLATE.table,
        query=Query().equals("active", value=True).order_by("name"),
        fields=["name", "active"],
        limit=_MOST_LISTED,
    )
    names = [clean_line(one.display("name"), most=80) for one in (page.records if page else ())]
    listed = f"the name or sys_id of a template: {', '.join(names)}" if names else TEMPLATE.noun
    return InvalidArguments(
        ArgumentProblem("template", problem, listed), next_step=TEMPLATE.found_with
    )
