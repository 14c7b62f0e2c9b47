"""Problems: the causes behind incidents, to find and to read."""

from typing import Annotated

from pydantic import Field

from servicenow.query import Query
from servicenow.records import Page
from tools_app import arguments, finding
from tools_app.access import Access
from tools_app.filtering import containing, labelled, pointing_to
from tools_app.paging import listed, ordered
from tools_app.problem_results import Problem, ProblemRow, ProblemsFound, RelatedIncident
from tools_app.results import fields_for, hidden, read_into
from tools_app.spec import ToolCall, Toolset

tools = Toolset("problems", title="Problems")

_MOST_INCIDENTS = 20

ProblemRecord = Annotated[
    arguments.RecordText,
    Field(description="Number (PRB0040001), sys_id or link of the problem."),
]
KnownError = Annotated[bool, Field(description="true: only these; false: only others.")]


@tools.tool(title="Search problems", access=Access.READ)
async def search_problems(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    text: arguments.SearchText | None = None,
    state: arguments.State | None = None,
    priority: arguments.Priority | None = None,
    known_error: KnownError | None = None,
    assignment_group: arguments.AssignmentGroup | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    active: arguments.Active | None = None,
    order_by: arguments.OrderBy = "-updated",
    limit: arguments.Limit = 10,
    offset: arguments.Offset = 0,
) -> ProblemsFound:
    """Find problems, the causes of incidents; all filters must hold.

    Reads as the signed-in person and changes nothing; without a role such as itil or
    sn_problem_read ServiceNow refuses. Returns number, short description, state, priority and
    people, last changed first; go on with `offset` = `next_offset` until there is none. Use
    get_problem for workaround and cause, search_incidents for single cases.
    """
    query = containing(text).also(
        await labelled(call, "problem", {"state": state, "priority": priority})
    )
    query = query.also(
        await pointing_to(
            call,
            {
                "assignment_group": assignment_group,
                "configuration_item": configuration_item,
            },
        )
    )
    for field, wanted in (("known_error", known_error), ("active", active)):
        query = query if wanted is None else query.equals(field, wanted)
    in_order = await ordered(call, "problem", query, order_by)
    page, rows = await listed(call, "problem", in_order, ProblemRow, limit=limit, offset=offset)
    return ProblemsFound.of(page, rows, hidden_fields=hidden(ProblemRow, page.records))


@tools.tool(title="Get problem", access=Access.READ)
async def get_problem(call: ToolCall, *, problem: ProblemRecord) -> Problem:
    """Read one problem in full, with workaround, cause, fix and the incidents that it causes.

    Reads as the signed-in person and changes nothing; fields that they may not see are named in
    `hidden_fields`. Returns what is known, state, people, item, times, at most 20 incidents and a
    link. Use search_problems to find a number, get_journal for its notes.
    """
    record = await finding.numbered(
        call, "problem", problem, argument="problem", fields=fields_for(Problem)
    )
    page = await _incidents_of(call, record.sys_id)
    incidents = [read_into(RelatedIncident, one, sys_id=one.sys_id) for one in page.records]
    return read_into(
        Problem,
        record,
        sys_id=record.sys_id,
        url=f"{call.caller.instance_url}/problem.do?sys_id={record.sys_id}",
        related_incidents=incidents,
        related_incidents_total=page.total,
        hidden_fields=hidden(Problem, [record]),
    )


async def _incidents_of(call: ToolCall, sys_id: str) -> Page:
    """Incidents that point to the problem; without the right to read any, an empty page."""
    query = Query().equals("problem_id", sys_id).order_by("active", descending=True)
    page = await call.tables.list_if_allowed(
        "incident",
        query=query.order_by("number"),
        fields=["problem_id", *fields_for(RelatedIncident)],
        limit=_MOST_INCIDENTS,
    )
    return page or Page(
        records=(), total=None, offset=0, limit=_MOST_INCIDENTS, next_offset=None, asked=()
    )
