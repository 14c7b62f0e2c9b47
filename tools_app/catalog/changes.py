"""Changes: find, read, plan, move on, and their tasks."""

from servicenow.exceptions import NotAuthorized, RejectedByInstance
from servicenow.records import Record
from tools_app import arguments, change_filters, finding
from tools_app import change_arguments as given
from tools_app.access import Access
from tools_app.change_answers import change_url, details_of, written_change
from tools_app.change_api import CHANGES, create_change
from tools_app.change_planning import PLANNED, PLANNED_TASK, check_planned, template_for
from tools_app.change_results import (
    ChangeDetails,
    ChangeRow,
    ChangesFound,
    ChangeTaskAdded,
    ChangeWritten,
)
from tools_app.change_states import FIELDS_TO_DECIDE_BY, check_closing, why_refused
from tools_app.choosing import values_to_write
from tools_app.filtering import containing, labelled, pointing_to, within
from tools_app.paging import listed, ordered
from tools_app.results import fields_for, hidden, named, read_into
from tools_app.spec import ToolCall, Toolset

tools = Toolset("changes", title="Changes")


@tools.tool(title="List change requests", access=Access.READ)
async def list_change_requests(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    text: arguments.SearchText | None = None,
    state: given.ChangeState | None = None,
    type: given.TypeFilter | None = None,  # noqa: A002  # the name that people know
    category: arguments.Category | None = None,
    priority: arguments.Priority | None = None,
    risk: given.Risk | None = None,
    assigned_to_me: arguments.AssignedToMe = False,
    assignment_group: arguments.AssignmentGroup | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    timeframe: given.Timeframe | None = None,
    start_after: given.StartAfter | None = None,
    start_before: given.StartBefore | None = None,
    query: given.EncodedQuery | None = None,
    order_by: arguments.OrderBy = "-updated",
    limit: arguments.Limit = 10,
    offset: arguments.Offset = 0,
) -> ChangesFound:
    """Find changes by text, state, type, risk, group, item and planned time; all filters must hold.

    Reads as the signed-in person and changes nothing; changes that they may not see are left out,
    so a page can be short. Returns number, short description, type, state, risk, people and
    planned times, last changed first; go on with `offset` = `next_offset` until there is none.
    Use get_change_request_details for one change in full.
    """
    labels = {
        "state": state,
        "type": type,
        "category": category,
        "priority": priority,
        "risk": risk,
    }
    pointers = {"assignment_group": assignment_group, "configuration_item": configuration_item}
    wanted = containing(text).also(await labelled(call, CHANGES, labels))
    if assigned_to_me:
        wanted = wanted.equals("assigned_to", call.caller.sys_id)
    wanted = wanted.also(await pointing_to(call, pointers))
    wanted = wanted.also(change_filters.in_timeframe(timeframe))
    wanted = wanted.also(within("start_date", start_after, start_before))
    wanted = wanted.also(await change_filters.encoded(call, CHANGES, query))
    in_order = await ordered(call, CHANGES, wanted, order_by)
    page, rows = await listed(call, CHANGES, in_order, ChangeRow, limit=limit, offset=offset)
    return ChangesFound.of(page, rows, hidden_fields=hidden(ChangeRow, page.records))


@tools.tool(title="Get change request details", access=Access.READ)
async def get_change_request_details(
    call: ToolCall, *, change: given.ChangeRecord
) -> ChangeDetails:
    """Read one change in full, with its tasks, approvals, affected items and next states.

    Reads as the signed-in person and changes nothing; what they may not see is named in
    `hidden_fields`. Returns plans, people, times, who has approved or is asked, and where the
    change can go from here, with the conditions that do not hold yet. Use list_change_requests to
    find a number, get_journal for notes, check_change_conflicts for conflicts.
    """
    record = await _change(call, change, fields=fields_for(ChangeDetails))
    return await details_of(call, record)


@tools.tool(title="Create change request", access=Access.CREATE)
async def create_change_request(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    type: given.ChangeType,  # noqa: A002  # the name that people know
    short_description: given.Subject,
    description: arguments.Description | None = None,
    justification: given.Justification | None = None,
    implementation_plan: given.ImplementationPlan | None = None,
    backout_plan: given.BackoutPlan | None = None,
    test_plan: given.TestPlan | None = None,
    risk: given.Risk | None = None,
    impact: arguments.Impact | None = None,
    category: arguments.Category | None = None,
    assignment_group: arguments.AssignmentGroup | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    planned_start: given.PlannedStart | None = None,
    planned_end: given.PlannedEnd | None = None,
    template: given.Template | None = None,
    other_fields: arguments.OtherFields | None = None,
) -> ChangeWritten:
    """Create a normal, standard or emergency change. It is requested by the signed-in person.

    A standard change takes `template` and keeps its plans. Needs the role itil, as a rule, else
    ServiceNow refuses. It begins in state New: nobody is asked yet. Returns it as stored, with
    link, `ignored` (what nobody may set here) and `not_applied` (what did not take). Then use
    add_change_task, check_change_conflicts and submit_change_for_approval.
    """
    check_planned(planned_start, planned_end)
    made_from = await template_for(call, type, template)
    values = await values_to_write(
        call,
        CHANGES,
        {
            "type": type,
            "short_description": short_description,
            "description": description,
            "justification": justification,
            "implementation_plan": implementation_plan,
            "backout_plan": backout_plan,
            "test_plan": test_plan,
            "risk": risk,
            "impact": impact,
            "category": category,
            "assignment_group": assignment_group,
            "configuration_item": configuration_item,
            "planned_start": planned_start,
            "planned_end": planned_end,
        },
        other_fields,
        stored_as=PLANNED,
    )
    written = await create_change(
        call, type, values, template=made_from, fields=fields_for(ChangeWritten)
    )
    return written_change(call, written)


@tools.tool(title="Update change request", access=Access.UPDATE)
async def update_change_request(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    change: given.ChangeRecord,
    short_description: given.Subject | None = None,
    description: arguments.Description | None = None,
    justification: given.Justification | None = None,
    implementation_plan: given.ImplementationPlan | None = None,
    backout_plan: given.BackoutPlan | None = None,
    test_plan: given.TestPlan | None = None,
    state: given.ChangeState | None = None,
    risk: given.Risk | None = None,
    impact: arguments.Impact | None = None,
    category: arguments.Category | None = None,
    assignment_group: arguments.AssignmentGroup | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    planned_start: given.PlannedStart | None = None,
    planned_end: given.PlannedEnd | None = None,
    close_code: given.CloseCode | None = None,
    close_notes: arguments.CloseNotes | None = None,
    other_fields: arguments.OtherFields | None = None,
) -> ChangeWritten:
    """Change fields of a change or move it to another state, as the signed-in person.

    Overwrites what is given; needs the role itil, as a rule, else ServiceNow refuses or ignores
    it. A state that cannot be reached is refused with those that can and what they wait for;
    Closed needs `close_code` and `close_notes`. Returns the change as it then stands, `ignored`
    (what nobody may set here) and `not_applied` (what did not take). Use
    submit_change_for_approval to ask for approval, add_work_note to comment.
    """
    record = await _change(call, change, fields=FIELDS_TO_DECIDE_BY)
    check_planned(planned_start, planned_end, before=record)
    values = await values_to_write(
        call,
        CHANGES,
        {
            "short_description": short_description,
            "description": description,
            "justification": justification,
            "implementation_plan": implementation_plan,
            "backout_plan": backout_plan,
            "test_plan": test_plan,
            "state": state,
            "risk": risk,
            "impact": impact,
            "category": category,
            "assignment_group": assignment_group,
            "configuration_item": configuration_item,
            "planned_start": planned_start,
            "planned_end": planned_end,
            "close_code": close_code,
            "close_notes": close_notes,
        },
        other_fields,
        stored_as=PLANNED,
        before=record,
    )
    await check_closing(call, record, values)
    try:
        written = await call.tables.update(record, values, fields=fields_for(ChangeWritten))
    except (RejectedByInstance, NotAuthorized) as refused:
        raise await why_refused(call, record, values.get("state"), refused) from refused
    return written_change(call, written, before=record)


@tools.tool(title="Add change task", access=Access.CREATE)
async def add_change_task(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    change: given.ChangeRecord,
    short_description: given.Subject,
    description: arguments.Description | None = None,
    type: given.TaskKind | None = None,  # noqa: A002  # the name that people know
    assignment_group: arguments.AssignmentGroup | None = None,
    assigned_to: arguments.AssignedTo | None = None,
    planned_start: given.PlannedStart | None = None,
    planned_end: given.PlannedEnd | None = None,
) -> ChangeTaskAdded:
    """Add a task to a change, as the signed-in person.

    Needs the role itil, as a rule, else ServiceNow refuses. Whoever is assigned is usually
    notified; ServiceNow itself adds tasks to implement and to test once a change is implemented.
    Returns the task as stored, with link, and `not_applied` (what did not take). Use
    get_change_request_details to read tasks, add_work_note to write to one.
    """
    record = await _change(call, change)
    check_planned(planned_start, planned_end)
    values = await values_to_write(
        call,
        "change_task",
        {
            "short_description": short_description,
            "description": description,
            "type": type,
            "assignment_group": assignment_group,
            "assigned_to": assigned_to,
            "planned_start": planned_start,
            "planned_end": planned_end,
        },
        stored_as=PLANNED_TASK,
    )
    written = await call.tables.create(
        "change_task",
        {"change_request": record.sys_id, **values},
        fields=fields_for(ChangeTaskAdded),
    )
    return read_into(
        ChangeTaskAdded,
        written.record,
        sys_id=written.record.sys_id,
        url=change_url(call, written.record),
        not_applied=named(ChangeTaskAdded, written.not_applied),
        hidden_fields=hidden(ChangeTaskAdded, [written.record]),
    )


async def _change(call: ToolCall, text: str, *, fields: tuple[str, ...] = ()) -> Record:
    return await finding.numbered(call, CHANGES, text, argument="change", fields=fields)
