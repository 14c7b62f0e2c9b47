"""Deciding about changes: asking for approval, approving, rejecting, and conflicts."""

import asyncio

from servicenow.exceptions import RejectedByInstance
from servicenow.query import Query
from servicenow.records import Record
from tools_app import change_arguments as given
from tools_app import finding
from tools_app.access import Access
from tools_app.approval_decisions import Decision, check_comments, decide, own_approval_of
from tools_app.approval_outcome import waiting_for, what_next
from tools_app.catalog.changes import tools
from tools_app.change_answers import approvals_of, change_url, written_change
from tools_app.change_api import CHANGES, read_if_there, start_conflict_check
from tools_app.change_results import (
    ChangeDecided,
    ChangeWritten,
    Conflict,
    ConflictsFound,
)
from tools_app.change_states import FIELDS_TO_DECIDE_BY, asking_state, why_refused
from tools_app.cleaning import clean_line
from tools_app.exceptions import StateForbids
from tools_app.results import fields_for, hidden, read_into
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall

_MOST_CONFLICTS = 100
_RUNNING = "1"


@tools.tool(title="Submit change for approval", access=Access.UPDATE)
async def submit_change_for_approval(
    call: ToolCall, *, change: given.ChangeRecord, comments: given.Comments | None = None
) -> ChangeWritten:
    """Ask for the approval of a new change, as the signed-in person.

    Moves a normal change to Assess, an emergency change to Authorize; ServiceNow then asks the
    approvers. Needs the role itil, as a rule, else ServiceNow refuses, and often an assignment
    group; what is missing is named. Returns the change as it then stands with `approvals`: who is
    asked. Standard changes need no approval: use update_change_request.
    """
    record = await _change(call, change, fields=FIELDS_TO_DECIDE_BY)
    wanted = await asking_state(call, record)
    values = {"state": wanted} | ({"comments": comments} if comments else {})
    try:
        written = await call.tables.update(record, values, fields=fields_for(ChangeWritten))
    except RejectedByInstance as refused:
        raise await why_refused(call, record, wanted, refused) from refused
    asked = await unless_it_fails(approvals_of(call, record))
    return written_change(call, written, before=record, approvals=asked)


@tools.tool(title="Approve change", access=Access.UPDATE)
async def approve_change(
    call: ToolCall, *, change: given.ChangeRecord, comments: given.DecisionComments | None = None
) -> ChangeDecided:
    """Approve a change: the signed-in person's own approval of it, or one delegated to them.

    Cannot be taken back; the change may move on by itself. Needs no role but the right to decide:
    others' approvals it refuses. Returns the decision, and state and approval of the change. Read
    get_change_request_details and ask the person first. Use reject_change to refuse.
    """
    return await _decided(call, change, decision="approved", comments=comments)


@tools.tool(title="Reject change", access=Access.UPDATE)
async def reject_change(
    call: ToolCall, *, change: given.ChangeRecord, comments: given.DecisionComments
) -> ChangeDecided:
    """Reject a change: the signed-in person's own approval of it, or one delegated to them.

    Cannot be taken back; `comments` say why, and the change usually goes back to New. Needs no
    role but the right to decide: others' approvals it refuses. Returns the decision, and state and
    approval of the change. Ask the person first. Use approve_change to approve.
    """
    return await _decided(call, change, decision="rejected", comments=comments)


@tools.tool(title="Check change conflicts", access=Access.UPDATE)
async def check_change_conflicts(
    call: ToolCall, *, change: given.ChangeRecord, recalculate: given.Recalculate = False
) -> ConflictsFound:
    """Show what collides with a change at its planned time: other changes, blackouts, windows.

    Reads what the last check found; with `recalculate` ServiceNow checks anew as the signed-in
    person, which replaces that, needs a configuration item, planned times and the role itil, and
    refuses otherwise. Returns status, time of the check and up to 100 conflicts. Use
    update_change_request to plan another time.
    """
    record = await _change(call, change, fields=FIELDS_TO_DECIDE_BY)
    running = None
    if recalculate:
        _check_planned(record)
        await start_conflict_check(call, record)
        running = await unless_it_fails(_is_running(call, record))
    return await _conflicts(call, record, running=running)


async def _change(call: ToolCall, text: str, *, fields: tuple[str, ...] = ()) -> Record:
    return await finding.numbered(call, CHANGES, text, argument="change", fields=fields)


async def _decided(
    call: ToolCall, text: str, *, decision: Decision, comments: str | None
) -> ChangeDecided:
    check_comments(decision, comments)
    change = await _change(call, text)
    sys_id = await own_approval_of(call, change, argument="change")
    decided = await decide(call, sys_id, decision=decision, comments=comments)
    reading = call.tables.get(CHANGES, sys_id=change.sys_id, fields=fields_for(ChangeDecided))
    now, waiting = await asyncio.gather(
        unless_it_fails(reading), waiting_for(call, decided.approval)
    )
    number = clean_line(change.value("number"))
    return read_into(
        ChangeDecided,
        now or change,
        sys_id=change.sys_id,
        number=number or None,
        url=change_url(call, change),
        decision=decision,
        approval_sys_id=decided.approval.sys_id,
        delegated_by=decided.for_whom,
        waiting_for=waiting.named() if waiting else None,
        what_next=what_next(
            number or "the change",
            decided=decision,
            verdict=now.value("approval") if now else "",
            state=clean_line(now.display("state")) if now else "",
            waiting=waiting,
        ),
        not_applied=decided.not_applied,
    )


def _check_planned(change: Record) -> None:
    """Raise `StateForbids` if ServiceNow could not look for conflicts of `change`."""
    needed = {
        "configuration_item": "cmdb_ci",
        "planned_start": "start_date",
        "planned_end": "end_date",
    }
    missing = [name for name, field in needed.items() if not change.value(field)]
    if missing:
        raise StateForbids(
            f"Conflicts cannot be looked for: the change has no {', no '.join(missing)}.",
            next_step="Ask the person, set them with update_change_request, and check again.",
        )


async def _is_running(call: ToolCall, change: Record) -> bool | None:
    status = await read_if_there(call, change, "conflict")
    job = status.get("job_status") if isinstance(status, dict) else None
    return True if str(job) == _RUNNING else None


async def _conflicts(call: ToolCall, change: Record, *, running: bool | None) -> ConflictsFound:
    fields = fields_for(ConflictsFound)
    now = await call.tables.get(CHANGES, sys_id=change.sys_id, fields=fields)
    found = Query().equals("change", change.sys_id).order_by("sys_created_on").order_by("sys_id")
    page = await call.tables.list_if_allowed(
        "conflict", query=found, fields=(*fields_for(Conflict), "change"), limit=_MOST_CONFLICTS
    )
    mine = [one for one in page.records if one.value("change") == change.sys_id] if page else []
    withheld = hidden(Conflict, mine) if page else ("records",)
    return read_into(
        ConflictsFound,
        now,
        sys_id=change.sys_id,
        number=clean_line(change.value("number")) or None,
        url=change_url(call, change),
        running=running,
        records=[read_into(Conflict, one) for one in mine] if page else None,
        count=len(mine),
        total=page.total if page else None,
        hidden_fields=(*hidden(ConflictsFound, [now]), *withheld),
    )
