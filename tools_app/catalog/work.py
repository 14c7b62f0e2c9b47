"""A person's own work: tasks assigned to them, and approvals that wait for them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from servicenow.exceptions import RecordNotFound
from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app.access import Access
from tools_app.approval_decisions import (
    APPROVALS,
    Decision,
    check_comments,
    check_decidable,
    delegating_to,
)
from tools_app.approval_finding import approval_to_decide, approval_to_read
from tools_app.approval_outcome import decide_and_tell, others_of
from tools_app.arguments import ChoiceName, Limit, Offset, RecordText
from tools_app.choosing import choice
from tools_app.exceptions import NotYours, StateForbids
from tools_app.paging import fitting_page
from tools_app.results import fields_for, hidden, read_into
from tools_app.spec import ToolCall, Toolset
from tools_app.work_results import (
    Approval,
    ApprovalDecided,
    ApprovalRow,
    ApprovalsFound,
    OtherApproval,
    RecordToApprove,
    TaskRow,
    TasksFound,
    withheld,
)

tools = Toolset("work", title="My work")

_ANY: Final = "any"
_MOST_GROUPS: Final = 100
_TABLE_OF: Final[Mapping[str, str]] = {
    "incident": "incident",
    "problem": "problem",
    "problem_task": "problem_task",
    "change": "change_request",
    "change_task": "change_task",
    "request": "sc_request",
    "request_item": "sc_req_item",
    "catalog_task": "sc_task",
}

TaskKind = Annotated[
    Literal[
        "incident",
        "problem",
        "problem_task",
        "change",
        "change_task",
        "request",
        "request_item",
        "catalog_task",
    ],
    Field(description="Only tasks of this kind."),
]
TaskState = Annotated[
    ChoiceName,
    Field(description="Label (In Progress) or value, as its kind has it; default: open."),
]
IncludeMyGroups = Annotated[bool, Field(description="Also unassigned tasks of my groups.")]
Overdue = Annotated[bool, Field(description="Only what was due before now.")]
ApprovalState = Annotated[
    ChoiceName, Field(description="Label (Requested) or value; `any` for all.")
]
IncludeDelegated = Annotated[bool, Field(description="Also what others delegated to me.")]
ApprovalRecord = Annotated[
    RecordText,
    Field(description="sys_id or link of the approval, or the number of what is to be approved."),
]
TheDecision = Annotated[Decision, Field(description="What the person decided.")]
Comments = Annotated[
    str, Field(min_length=1, max_length=4_000, description="Why; required to reject.")
]


@tools.tool(title="Get my tasks", access=Access.READ)
async def get_my_tasks(
    call: ToolCall,
    *,
    kind: TaskKind | None = None,
    state: TaskState | None = None,
    include_my_groups: IncludeMyGroups = False,
    overdue: Overdue = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> TasksFound:
    """List the open tasks of every kind that are assigned to the signed-in person.

    Changes nothing; tasks that they may not see are left out, so a page can be short. Returns
    number, kind, short description, state, priority and due time, most urgent first; go on with
    `offset` = `next_offset` until there is none. Use search_incidents for other people's,
    get_my_approvals for decisions that wait.
    """
    table = _TABLE_OF[kind] if kind else "task"
    groups = await _my_groups(call) if include_my_groups else frozenset()
    query = _mine(call, groups or frozenset())
    if state is None:
        query = query.equals("active", value=True)
    else:
        query = query.equals("state", await choice(call, table, "state", state))
    if overdue:
        query = query.is_not_empty("due_date").less("due_date", datetime.now(UTC))
    query = query.order_by("priority").order_by("sys_updated_on", descending=True)

    async def fetch(most: int) -> Page:
        page = await call.tables.list(
            table,
            query=query.order_by("number"),
            fields=["active", *fields_for(TaskRow)],
            limit=most,
            offset=offset,
        )
        own = [one for one in page.records if _is_mine(call, one, groups or frozenset())]
        return replace(page, records=tuple(own))

    page, rows = await fitting_page(
        fetch, lambda one: read_into(TaskRow, one, sys_id=one.sys_id), limit=limit
    )
    return TasksFound.of(
        page,
        rows,
        hidden_fields=(
            *hidden(TaskRow, page.records),
            *(("my_groups",) if groups is None else ()),
        ),
    )


@tools.tool(title="Get my approvals", access=Access.READ)
async def get_my_approvals(
    call: ToolCall,
    *,
    state: ApprovalState = "requested",
    include_delegated: IncludeDelegated = True,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ApprovalsFound:
    """List approvals that wait for the signed-in person, or for somebody who has delegated
    approvals to them now (`delegated`).

    Changes nothing. Returns sys_id, the record to approve, who asked and when, newest first; go
    on with `offset` = `next_offset` until there is none. Use get_approval for one in full before
    approve_or_reject decides it.
    """
    me = call.caller.sys_id
    people = {me} | (await delegating_to(call) if include_delegated else frozenset())
    query = Query().is_in("approver", sorted(people))
    if state.strip().casefold() != _ANY:
        query = query.equals("state", await choice(call, APPROVALS, "state", state))
    query = query.order_by("sys_created_on", descending=True).order_by("sys_id")

    async def fetch(most: int) -> Page:
        page = await call.tables.list(
            APPROVALS, query=query, fields=fields_for(ApprovalRow), limit=most, offset=offset
        )
        own = [one for one in page.records if one.value("approver") in people]
        return replace(page, records=tuple(own))

    page, rows = await fitting_page(fetch, lambda one: _approval_row(one, me=me), limit=limit)
    return ApprovalsFound.of(
        page,
        rows,
        hidden_fields=withheld(ApprovalRow, page.records),
    )


@tools.tool(title="Get approval", access=Access.READ)
async def get_approval(call: ToolCall, *, approval: ApprovalRecord) -> Approval:
    """Read one approval: its state, the record behind it, and who else decides.

    Reads as the signed-in person and changes nothing; `can_decide` says whether it is theirs, or
    delegated to them, and waits. Returns the record's description, state and people, a group's
    rule and up to 50 other approvals. Use get_my_approvals to find one, approve_or_reject to
    decide it.
    """
    fields = (
        "sysapproval",
        "group",
        "document_id",
        "source_table",
        *fields_for(Approval),
        *fields_for(RecordToApprove),
    )
    found = await approval_to_read(call, approval, fields=fields)
    others = await others_of(call, found)
    about, url = found.reference("sysapproval"), call.caller.instance_url
    table = found.value("sysapproval.sys_class_name") or "task"
    shown = (
        *withheld(Approval, [found]),
        *(f"task.{name}" for name in withheld(RecordToApprove, [found])),
    )
    return read_into(
        Approval,
        found,
        sys_id=found.sys_id,
        url=f"{url}/{APPROVALS}.do?sys_id={found.sys_id}",
        can_decide=await _can_decide(call, found),
        task=read_into(RecordToApprove, found) if about else None,
        task_url=f"{url}/{table}.do?sys_id={about.sys_id}" if about else None,
        others=[read_into(OtherApproval, one) for one in others.records],
        others_more=others.next_offset is not None,
        hidden_fields=shown,
    )


@tools.tool(title="Approve or reject", access=Access.UPDATE)
async def approve_or_reject(
    call: ToolCall,
    *,
    approval: ApprovalRecord,
    decision: TheDecision,
    comments: Comments | None = None,
) -> ApprovalDecided:
    """Approve or reject as the signed-in person, for good: their own approval, or one delegated
    to them right now.

    It refuses anybody else's (NOT_YOURS), whatever role they have, and one that does not wait.
    Rejecting needs `comments`, which the record's history shows. Ask the person first. Returns
    the decision, the record's state afterwards, who else decides and what comes next. Use
    get_approval to see what it is about.
    """
    check_comments(decision, comments)
    sys_id = await approval_to_decide(call, approval)
    return await decide_and_tell(call, sys_id, decision=decision, comments=comments)


async def _my_groups(call: ToolCall) -> frozenset[str] | None:
    """The groups of the signed-in person; None where they may not read them."""
    page = await call.tables.list_if_allowed(
        "sys_user_grmember",
        query=Query().equals("user", call.caller.sys_id),
        fields=["user", "group"],
        limit=_MOST_GROUPS,
    )
    if page is None or (page.total and not page.records):
        return None
    own = [one for one in page.records if one.value("user") == call.caller.sys_id]
    return frozenset(one.value("group") for one in own if one.value("group"))


def _mine(call: ToolCall, groups: frozenset[str]) -> Query:
    """Assigned to me, or to one of my groups and to nobody yet."""
    me = Query().equals("assigned_to", call.caller.sys_id)
    if not groups:
        return me
    of_groups = Query().is_in("assignment_group", sorted(groups))
    return Query().any_of(me, of_groups).any_of(me, Query().is_empty("assigned_to"))


def _is_mine(call: ToolCall, task: Record, groups: frozenset[str]) -> bool:
    """Whether the record that came back says what was asked for: a query proves nothing."""
    if task.value("assigned_to"):
        return task.value("assigned_to") == call.caller.sys_id
    return task.has("assigned_to") and task.value("assignment_group") in groups


def _approval_row(approval: Record, *, me: str) -> ApprovalRow:
    given = {"about": None} if approval.value("sysapproval") else {}
    return read_into(
        ApprovalRow,
        approval,
        sys_id=approval.sys_id,
        delegated=approval.value("approver") != me,
        **given,
    )


async def _can_decide(call: ToolCall, approval: Record) -> bool:
    try:
        await check_decidable(call, approval)
    except (NotYours, StateForbids, RecordNotFound):
        return False
    return True
