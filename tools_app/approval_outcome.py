"""What a decision led to: the record behind the approval, who still decides, what comes next."""

from dataclasses import dataclass, replace
from typing import Final

from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app.approval_decisions import APPROVALS, REQUESTED, Decided, Decision, decide
from tools_app.cleaning import clean_line
from tools_app.results import fields_for, read_into
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall
from tools_app.work_results import ApprovalDecided, OtherApproval, withheld

_MOST_OTHERS: Final = 50
_MOST_NAMED: Final = 10
# What a group approval waits for, where one member decides for all.
_ANYBODY: Final = "any"


@dataclass(frozen=True)
class Waiting:
    """Who still has to decide, perhaps not all; of each of `any_of`, groups, anybody is enough."""

    people: tuple[str, ...]
    any_of: tuple[str, ...]
    more: bool

    def named(self) -> list[str]:
        """Some of the people."""
        return list(self.people[:_MOST_NAMED])

    def in_words(self) -> str:
        """Who they are, in one line."""
        cut = " and others" if self.more or len(self.people) > _MOST_NAMED else ""
        enough = f" (of {', '.join(self.any_of)} anybody is enough)" if self.any_of else ""
        return f"{', '.join(self.named())}{cut}{enough}"


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
    return _told(call, decided, await waiting_for(call, decided.approval))


async def others_of(call: ToolCall, approval: Record) -> Page:
    """The other approvals of the record that `approval` is about; what is returned is proved."""
    field = "sysapproval" if approval.value("sysapproval") else "document_id"
    about = approval.value(field)
    if not about:
        return Page((), 0, offset=0, limit=_MOST_OTHERS, next_offset=None, asked=())
    query = Query().equals(field, about).not_equals("sys_id", approval.sys_id)
    page = await call.tables.list(
        APPROVALS,
        query=query.order_by("state", descending=True).order_by("sys_id"),
        fields=[field, "group.wait_for", *fields_for(OtherApproval)],
        limit=_MOST_OTHERS,
    )
    others = tuple(one for one in page.records if one.sys_id != approval.sys_id)
    return replace(page, records=others)


async def waiting_for(call: ToolCall, approval: Record) -> Waiting | None:
    """Who still has to decide after a decision; None where that cannot be read.

    The decision is made: what fails here must not look like a failure to decide.
    """
    others = await unless_it_fails(others_of(call, approval))
    if others is None:
        return None
    waiting = [one for one in others.records if one.value("state") == REQUESTED]
    people = dict.fromkeys(clean_line(one.display("approver")) or "somebody" for one in waiting)
    groups = dict.fromkeys(
        clean_line(one.display("group.assignment_group")) or "a group"
        for one in waiting
        if one.value("group.wait_for") == _ANYBODY
    )
    cut = others.next_offset is not None and len(waiting) == len(others.records)
    return Waiting(tuple(people), tuple(groups), more=cut)


def what_next(
    about: str, *, decided: str, verdict: str, state: str, waiting: Waiting | None
) -> str:
    """One or two sentences on what a decision led to; everything as it was read back.

    `decided` is the state of the approval, `verdict` that of the whole, `state` the label of the
    record's own.
    """
    now = f" Its state is now {state}." if state else ""
    if verdict == "rejected" or (decided == "rejected" and waiting and not waiting.people):
        return f"{about} is rejected; nobody else has to decide.{now}"
    if waiting and waiting.people:
        return f"{about} still waits for {waiting.in_words()}.{now}"
    if verdict == "approved":
        return f"{about} is approved, and nobody else has to decide.{now}"
    if waiting is None:
        return f"Whether others still have to decide about {about} could not be read.{now}"
    return f"No other approval of {about} that you may see waits; read the record to go on.{now}"


def _told(call: ToolCall, decided: Decided, waiting: Waiting | None) -> ApprovalDecided:
    approval = decided.approval
    about = clean_line(approval.display("sysapproval") or approval.display("document_id"))
    return read_into(
        ApprovalDecided,
        approval,
        sys_id=approval.sys_id,
        url=f"{call.caller.instance_url}/{APPROVALS}.do?sys_id={approval.sys_id}",
        decided_for=decided.for_whom,
        waiting_for=waiting.named() if waiting else None,
        what_next=what_next(
            about or "the record",
            decided=approval.value("state"),
            verdict=approval.value("sysapproval.approval"),
            state=clean_line(approval.display("sysapproval.state")),
            waiting=waiting,
        ),
        not_applied=decided.not_applied,
        hidden_fields=withheld(ApprovalDecided, [approval]),
    )
