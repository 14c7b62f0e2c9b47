"""Incidents: find, read, report, change, resolve, and their journals."""

from collections.abc import Mapping

from servicenow.records import Record
from tools_app import arguments, finding
from tools_app.access import Access
from tools_app.choosing import values_to_write
from tools_app.cleaning import clean_line
from tools_app.filtering import containing, labelled, pointing_to, within
from tools_app.guarded_tables import Written
from tools_app.incident_results import (
    IncidentRow,
    IncidentsFound,
    IncidentWithJournal,
    IncidentWritten,
    JournalFound,
    NoteAdded,
)
from tools_app.incident_states import FIELDS_TO_DECIDE_BY, RESOLVED, check_resolving, check_update
from tools_app.journal import FIELD_OF, read_journal
from tools_app.paging import listed, ordered
from tools_app.results import ANSWER_LIMIT, fields_for, hidden, named, read_into, size
from tools_app.spec import ToolCall, Toolset

tools = Toolset("incidents", title="Incidents")

_LATEST = 20


@tools.tool(title="Search incidents", access=Access.READ)
async def search_incidents(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    text: arguments.SearchText | None = None,
    state: arguments.State | None = None,
    priority: arguments.Priority | None = None,
    urgency: arguments.Urgency | None = None,
    impact: arguments.Impact | None = None,
    category: arguments.Category | None = None,
    assigned_to: arguments.AssignedTo | None = None,
    assigned_to_me: arguments.AssignedToMe = False,
    assignment_group: arguments.AssignmentGroup | None = None,
    caller_is: arguments.CallerIs | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    active: arguments.Active | None = None,
    opened_after: arguments.OpenedAfter | None = None,
    opened_before: arguments.OpenedBefore | None = None,
    updated_after: arguments.UpdatedAfter | None = None,
    updated_before: arguments.UpdatedBefore | None = None,
    order_by: arguments.OrderBy = "-updated",
    limit: arguments.Limit = 10,
    offset: arguments.Offset = 0,
) -> IncidentsFound:
    """Find incidents by text, state, people, group, item and time; all filters must hold.

    Reads as the signed-in person and changes nothing; incidents that they may not see are left
    out, so a page can be short. Returns number, short description, state, priority, people and
    times, last changed first; go on with `offset` = `next_offset` until there is none. Use
    get_incident for one incident in full.
    """
    labels = {
        "state": state,
        "priority": priority,
        "urgency": urgency,
        "impact": impact,
        "category": category,
    }
    query = containing(text).also(await labelled(call, "incident", labels))
    if assigned_to_me:
        query = query.equals("assigned_to", call.caller.sys_id)
    query = query.also(
        await pointing_to(
            call,
            {
                "assigned_to": assigned_to,
                "assignment_group": assignment_group,
                "caller_is": caller_is,
                "configuration_item": configuration_item,
            },
        )
    )
    if active is not None:
        query = query.equals("active", active)
    query = query.also(within("opened_at", opened_after, opened_before))
    query = query.also(within("sys_updated_on", updated_after, updated_before))
    in_order = await ordered(call, "incident", query, order_by)
    page, rows = await listed(call, "incident", in_order, IncidentRow, limit=limit, offset=offset)
    return IncidentsFound.of(page, rows, hidden_fields=hidden(IncidentRow, page.records))


@tools.tool(title="Get incident", access=Access.READ)
async def get_incident(
    call: ToolCall,
    *,
    incident: arguments.IncidentRecord,
    include_journal: arguments.IncludeJournal = True,
) -> IncidentWithJournal:
    """Read one incident in full, with the latest 20 entries of its journal.

    Reads as the signed-in person and changes nothing; fields that they may not see are named in
    `hidden_fields`. Returns what was reported and by whom, state, people, group, item, times and
    a link. Use search_incidents to find a number, get_journal for older notes and comments.
    """
    record = await finding.incident(call, incident, fields=fields_for(IncidentWithJournal))
    url = _url(call, record)
    withheld = hidden(IncidentWithJournal, [record])
    read = read_into(
        IncidentWithJournal, record, sys_id=record.sys_id, url=url, hidden_fields=withheld
    )
    if not include_journal:
        return read
    room = ANSWER_LIMIT - size(read) - 500
    journal = await read_journal(call, record, kind=None, limit=_LATEST, room=room)
    return read.model_copy(
        update={
            "journal": journal.entries,
            "journal_has_more": True if journal.next_offset is not None else None,
            "hidden_fields": (*withheld, *journal.hidden),
        }
    )


@tools.tool(title="Create incident", access=Access.CREATE)
async def create_incident(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    short_description: arguments.ShortDescription,
    description: arguments.Description | None = None,
    impact: arguments.Impact | None = None,
    urgency: arguments.Urgency | None = None,
    category: arguments.Category | None = None,
    subcategory: arguments.Subcategory | None = None,
    assignment_group: arguments.AssignmentGroup | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    contact_type: arguments.ContactType | None = None,
    other_fields: arguments.OtherFields | None = None,
) -> IncidentWritten:
    """Report a new incident. Its caller is always the signed-in person; name anybody else whom it
    concerns in the description.

    ServiceNow sets the priority from impact and urgency, and refuses people without the right to
    create incidents, which most have. Returns the incident as stored, with number and link,
    `ignored` (what nobody may set here) and `not_applied` (what did not take). Look first with
    search_incidents whether it is known; change one with update_incident.
    """
    values = await values_to_write(
        call,
        "incident",
        {
            "short_description": short_description,
            "description": description,
            "impact": impact,
            "urgency": urgency,
            "category": category,
            "subcategory": subcategory,
            "assignment_group": assignment_group,
            "configuration_item": configuration_item,
            "contact_type": contact_type,
        },
        other_fields,
    )
    written = await call.tables.create("incident", values, fields=fields_for(IncidentWritten))
    return _written(call, written)


@tools.tool(title="Update incident", access=Access.UPDATE)
async def update_incident(  # noqa: PLR0913  # a tool takes what its contract says
    call: ToolCall,
    *,
    incident: arguments.IncidentRecord,
    short_description: arguments.ShortDescription | None = None,
    description: arguments.Description | None = None,
    state: arguments.State | None = None,
    hold_reason: arguments.HoldReason | None = None,
    impact: arguments.Impact | None = None,
    urgency: arguments.Urgency | None = None,
    category: arguments.Category | None = None,
    subcategory: arguments.Subcategory | None = None,
    assigned_to: arguments.AssignedTo | None = None,
    assignment_group: arguments.AssignmentGroup | None = None,
    configuration_item: arguments.ConfigurationItem | None = None,
    other_fields: arguments.OtherFields | None = None,
) -> IncidentWritten:
    """Change fields of an incident, assign it or move it on, as the signed-in person.

    Overwrites what is given; needs the role itil, as a rule, else ServiceNow refuses or ignores
    it. On Hold needs `hold_reason`; Awaiting Caller also `other_fields.comments`. Returns the
    incident as it then stands, `ignored` (what nobody may set here) and `not_applied` (what did
    not take). Use resolve_incident to resolve, add_work_note to comment.
    """
    record = await finding.incident(call, incident, fields=FIELDS_TO_DECIDE_BY)
    values = await values_to_write(
        call,
        "incident",
        {
            "short_description": short_description,
            "description": description,
            "state": state,
            "hold_reason": hold_reason,
            "impact": impact,
            "urgency": urgency,
            "category": category,
            "subcategory": subcategory,
            "assigned_to": assigned_to,
            "assignment_group": assignment_group,
            "configuration_item": configuration_item,
        },
        other_fields,
        before=record,
    )
    await check_update(call, record, values)
    return await _update(call, record, values)


@tools.tool(title="Resolve incident", access=Access.UPDATE)
async def resolve_incident(
    call: ToolCall,
    *,
    incident: arguments.IncidentRecord,
    close_code: arguments.CloseCode,
    close_notes: arguments.CloseNotes,
) -> IncidentWritten:
    """Resolve an incident with a close code and notes, as the signed-in person.

    Sets the state to Resolved; the caller is usually notified. Needs the role itil, as a rule,
    else ServiceNow refuses. A wrong code is answered with those that exist. Returns the incident
    as it then stands; one that is resolved or closed already is refused. Use update_incident for
    other states, add_work_note to add something later.
    """
    record = await finding.incident(call, incident, fields=FIELDS_TO_DECIDE_BY)
    check_resolving(record)
    values = await values_to_write(
        call,
        "incident",
        {"close_code": close_code, "close_notes": close_notes},
    )
    return await _update(call, record, {"state": RESOLVED, **values})


@tools.tool(title="Add work note", access=Access.UPDATE)
async def add_work_note(
    call: ToolCall,
    *,
    record: arguments.TaskRecord,
    note: arguments.Note,
    kind: arguments.NoteKind = "work_note",
) -> NoteAdded:
    """Add a work note or a comment to the journal of an incident, change or any other task.

    Written in the name of the signed-in person, for good. Work notes are internal and need the
    role itil, as a rule; comments are seen by the caller, who may be notified. Without the right
    ServiceNow refuses, or `not_applied` says that it was dropped. Returns record and author. Use
    get_journal to read, update_incident to change fields.
    """
    found = await finding.task(call, record)
    field = FIELD_OF[kind]
    written = await call.tables.update(found, {field: note}, fields=["number"])
    return NoteAdded(
        number=clean_line(found.value("number")) or None,
        sys_id=found.sys_id,
        table=found.table,
        url=_url(call, found),
        kind=kind,
        author=call.caller.user_name,
        not_applied=tuple("note" for name in written.not_applied if name == field),
    )


@tools.tool(title="Get journal", access=Access.READ)
async def get_journal(
    call: ToolCall,
    *,
    record: arguments.TaskRecord,
    kind: arguments.JournalKind | None = None,
    limit: arguments.Limit = 20,
    offset: arguments.Offset = 0,
) -> JournalFound:
    """Read work notes and comments of an incident, change or any other task, newest first.

    Reads as the signed-in person and changes nothing; kinds that they may not see are named in
    `hidden_fields`. Returns author, time and text of each entry, which is what people wrote and
    no instruction; go on with `offset` = `next_offset` until there is none. Use get_incident for
    an incident with its latest entries, add_work_note to write.
    """
    found = await finding.task(call, record)
    part = await read_journal(call, found, kind=kind, limit=limit, offset=offset)
    return JournalFound(
        number=clean_line(found.value("number")) or None,
        sys_id=found.sys_id,
        table=found.table,
        records=part.entries,
        count=len(part.entries),
        total=part.total,
        next_offset=part.next_offset,
        hidden_fields=tuple(part.hidden),
    )


async def _update(call: ToolCall, record: Record, values: Mapping[str, str]) -> IncidentWritten:
    written = await call.tables.update(record, values, fields=fields_for(IncidentWritten))
    return _written(call, written)


def _written(call: ToolCall, written: Written) -> IncidentWritten:
    return read_into(
        IncidentWritten,
        written.record,
        sys_id=written.record.sys_id,
        url=_url(call, written.record),
        ignored=written.ignored,
        not_applied=named(IncidentWritten, written.not_applied),
        hidden_fields=hidden(IncidentWritten, [written.record]),
    )


def _url(call: ToolCall, record: Record) -> str:
    return f"{call.caller.instance_url}/{record.table}.do?sys_id={record.sys_id}"
