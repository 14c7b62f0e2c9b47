"""What a decision led to: the record behind the approval, who still decides, what comes next."""

from typing import Final

from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app.approval_decisions import APPROVALS, REQUESTED, Decided, Decision, decide
from tools_app.cleaning import clean_line
from tools_app.results import NamedRecord, fields_for, read_into
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall
from tools_app.work_results import ApprovalDecided, OtherApproval, withheld

_MOST_OTHERS: Final = 50
_MOST_NAMED: Final = 10


async def decide_and_tell(
    call: ToolCall, sys_id: str, *, decision: Decision, comments: str | None
) -> ApprovalDecided:
    """Decide an approval, and say what became of the record behind it.

    Raises what `approval_decisions.decide` raises.
    """
    decided = await decide(
        call,
        sys_id,
        decision=decision,
        comments=comments,
        fields=["document_id", *fields_for(ApprovalDecided)],
    )
    # The decision is made: that others cannot be read must not look like a failure to decide.
    others = await unless_it_fails(others_of(call, decided.approval))
    return _told(call, decided, others)


async def others_of(call: ToolCall, approval: Record) -> Page:
    """The other approvals of the record that `approval` is about; what is returned is proved."""
    field = "sysapproval" if approval.value("sysapproval") else "document_id"
    about = approval.value(field)
    if not about:
        return Page((), 0, offset=0, limit=_MOST_OTHERS, next_offset=None, asked=())
    query = Query().equals(field, about).not_equals("sys_id", approval.sys_id)
    return await call.tables.list(
        APPROVALS,
        query=query.order_by("state", descending=True).order_by("sys_id"),
        fields=[field, *fields_for(OtherApproval)],
        limit=_MOST_OTHERS,
    )


def _told(call: ToolCall, decided: Decided, others: Page | None) -> ApprovalDecided:
    approval, for_whom = decided.approval, decided.for_whom
    waiting = [
        clean_line(one.display("approver")) or "somebody"
        for one in (others.records if others else ())
        if one.value("state") == REQUESTED and one.sys_id != approval.sys_id
    ]
    named = (
        NamedRecord(sys_id=for_whom.sys_id, name=clean_line(for_whom.name)) if for_whom else None
    )
    return read_into(
        ApprovalDecided,
        approval,
        sys_id=approval.sys_id,
        url=f"{call.caller.instance_url}/{APPROVALS}.do?sys_id={approval.sys_id}",
        decided_for=named,
        waiting_for=waiting[:_MOST_NAMED],
        what_next=_what_next(approval, waiting),
        not_applied=decided.not_applied,
        hidden_fields=withheld(ApprovalDecided, [approval]),
    )


def _what_next(approval: Record, waiting: list[str]) -> str:
    """One or two sentences; the states are those that were read back."""
    about = clean_line(approval.display("sysapproval") or approval.display("document_id"))
    name = about or "The record"
    verdict = approval.value("sysapproval.approval")
    state = clean_line(approval.display("sysapproval.state"))
    now = f" Its state is now {state}." if state else ""
    if verdict == "rejected" or (approval.value("state") == "rejected" and not waiting):
        return f"{name} is rejected; nobody else has to decide.{now}"
    if waiting:
        return f"{name} still waits for {_counted(waiting)}.{now}"
    if verdict == "approved":
        return f"{name} is approved, and nobody else has to decide.{now}"
    return f"No other approval of {name} that you may see waits; read the record to go on.{now}"


def _counted(waiting: list[str]) -> str:
    people = "1 decision more" if len(waiting) == 1 else f"{len(waiting)} decisions more"
    more = ", …" if len(waiting) > _MOST_NAMED else ""
    return f"{people}: {', '.join(waiting[:_MOST_NAMED])}{more}"
