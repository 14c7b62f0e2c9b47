"""Whose approval it is, whether it waits, and deciding it: for every tool that approves.

A query proves nothing: an instance drops conditions that it does not understand and returns what
is somebody else's. So the approval is read by its sys_id first, and its own fields decide: the
approver must be the signed-in person, or somebody whose delegation of approvals to them holds
now. Rights to decide for anybody, which administrators have, are not used.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from servicenow.exceptions import NotAuthorized
from servicenow.query import Query
from servicenow.records import Record, Reference, servicenow_time
from tools_app.cleaning import clean_line
from tools_app.exceptions import (
    AmbiguousMatch,
    ArgumentProblem,
    Candidate,
    InvalidArguments,
    NotYours,
    StateForbids,
)
from tools_app.results import NamedRecord
from tools_app.spec import ToolCall

APPROVALS: Final = "sysapproval_approver"
DELEGATIONS: Final = "sys_user_delegate"
REQUESTED: Final = "requested"
# What has to be read before an approval can be decided, and to settle a lost reply.
FIELDS_TO_DECIDE_BY: Final = ("approver", "state", "sysapproval", "sys_mod_count")
Decision = Literal["approved", "rejected"]

_DELEGATION_FIELDS: Final = ("user", "delegate", "approvals", "starts", "ends")
_MOST_DELEGATIONS: Final = 100
_MOST_OF_A_TASK: Final = 100
_SEE_APPROVALS: Final = "Use get_my_approvals to see what waits for the signed-in person."
# The states in which nobody decides an approval, in words.
_DONE: Final = {
    "approved": "is approved already",
    "rejected": "is rejected already",
    "cancelled": "was cancelled",
    "not_required": "is no longer required",
    "not requested": "is not requested yet",
    "duplicate": "is a duplicate of another one of the same group",
}


@dataclass(frozen=True)
class Decided:
    """An approval as it stands after it was decided.

    `for_whom` is the approver where the signed-in person decided as their delegate;
    `not_applied` names what was sent (`comments`) and does not show.
    """

    approval: Record
    for_whom: NamedRecord | None
    not_applied: tuple[str, ...]


async def decide(
    call: ToolCall,
    sys_id: str,
    *,
    decision: Decision,
    comments: str | None,
    fields: Sequence[str] = (),
) -> Decided:
    """Decide the approval with this sys_id as the signed-in person, and read it back.

    `fields` are those of `sysapproval_approver`, also dotted ones, that the answer needs. Raises
    `InvalidArguments` for a rejection without comments, `NotYours`, `StateForbids`,
    `RecordNotFound`, `NotAuthorized` where ServiceNow answers yes and does nothing.
    """
    check_comments(decision, comments)
    approval = await call.tables.get(APPROVALS, sys_id=sys_id, fields=FIELDS_TO_DECIDE_BY)
    for_whom = await check_decidable(call, approval)
    values = {"state": decision} | ({"comments": comments} if comments else {})
    written = await call.tables.update(
        approval, values, fields=[*FIELDS_TO_DECIDE_BY, "comments", *fields]
    )
    _check_taken(written.record, decision)
    left = tuple(name for name in written.not_applied if name != "state")
    if for_whom is None:
        return Decided(written.record, None, left)
    named = NamedRecord(sys_id=for_whom.sys_id, name=clean_line(for_whom.name))
    return Decided(written.record, named, left)


async def own_approval_of(call: ToolCall, task: Record, *, argument: str) -> str:
    """The sys_id of the approval of `task` that waits for the signed-in person.

    One of their own comes before one delegated to them. Raises `NotYours`, `StateForbids` where
    none waits, `AmbiguousMatch` where several do. Hand it to `decide`, which proves it.
    """
    own = await theirs_of(call, task)
    waiting = _waiting(own)
    if len(waiting) == 1:
        return waiting[0].sys_id
    number = clean_line(task.value("number")) or "this record"
    if waiting:
        raise AmbiguousMatch(
            argument,
            number,
            candidates=map(_candidate, waiting),
            next_step="Several approvals of it wait for the signed-in person: call "
            "approve_or_reject with the sys_id of the one that is meant, asking the person.",
        )
    if own:
        raise _state_forbids(own[0])
    if _waiting(await approvals_of(call, task)):
        raise _not_yours()
    raise StateForbids(f"No approval of {number} waits for a decision.", next_step=_SEE_APPROVALS)


async def theirs_of(call: ToolCall, task: Record) -> list[Record]:
    """The approvals of `task` that ask the signed-in person, those that wait first.

    Those of their delegators too, where none of their own waits.
    """
    own = await approvals_of(call, task, asked={call.caller.sys_id})
    if _waiting(own):
        return own
    delegating = await delegating_to(call)
    return own + (await approvals_of(call, task, asked=delegating) if delegating else [])


async def approvals_of(
    call: ToolCall, task: Record, *, asked: Collection[str] | None = None
) -> list[Record]:
    """The approvals of `task` that the person may see, of the approvers `asked`, or of anybody.

    Those that wait come first: very many people can have been asked.
    """
    query = Query().equals("sysapproval", task.sys_id)
    if asked is not None:
        query = query.is_in("approver", sorted(asked))
    page = await call.tables.list(
        APPROVALS,
        query=query.order_by("state", descending=True).order_by("sys_id"),
        fields=["sys_id", "approver", "state", "sysapproval", "group"],
        limit=_MOST_OF_A_TASK,
    )
    proved = [
        one
        for one in page.records
        if one.value("sysapproval") == task.sys_id
        and (asked is None or one.value("approver") in asked)
    ]
    return sorted(proved, key=lambda one: one.value("state") != REQUESTED)


def check_comments(decision: Decision, comments: str | None) -> None:
    """Raise `InvalidArguments` for a rejection that does not say why."""
    if decision == "rejected" and not clean_line(comments or ""):
        raise InvalidArguments(
            ArgumentProblem("comments", "is missing", "why it is rejected"),
            next_step="Ask the person why they reject it, and call the tool again.",
        )


async def check_decidable(call: ToolCall, approval: Record) -> Reference | None:
    """Raise unless the signed-in person may decide `approval`, as it was read, now.

    Returns the approver where it is somebody who delegated approvals to them. Raises `NotYours`
    for anybody else's approval, `StateForbids` for one that does not wait for a decision.
    """
    approver = approval.reference("approver")
    if approver is None:
        raise _not_yours()
    own = approver.sys_id == call.caller.sys_id
    if not own and approver.sys_id not in await delegating_to(call, by=approver.sys_id):
        raise _not_yours()
    if approval.value("state") != REQUESTED:
        raise _state_forbids(approval)
    return None if own else approver


async def delegating_to(call: ToolCall, *, by: str | None = None) -> frozenset[str]:
    """The sys_ids of those who have delegated approvals to the signed-in person right now.

    `by` asks about one person only. Empty where the delegations may not be read.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    query = Query().equals("delegate", call.caller.sys_id).equals("approvals", value=True)
    query = query if by is None else query.equals("user", by)
    query = query.at_most("starts", now).at_least("ends", now)
    page = await call.tables.list_if_allowed(
        DELEGATIONS, query=query, fields=_DELEGATION_FIELDS, limit=_MOST_DELEGATIONS
    )
    rows = page.records if page else ()
    return delegators(rows, delegate=call.caller.sys_id, at=now)


def delegators(rows: Iterable[Record], *, delegate: str, at: datetime) -> frozenset[str]:
    """Whose approvals `delegate` may decide `at` this moment, as the returned `rows` say.

    A delegation counts from `starts` to `ends`, both included and both needed. It does not
    cascade: what was delegated to a delegator is not theirs to hand on.
    """
    return frozenset(
        row.value("user")
        for row in rows
        if delegate
        and row.value("delegate") == delegate
        and row.value("approvals") == "true"
        and row.value("user")
        and _holds(row, at)
    )


def _holds(delegation: Record, at: datetime) -> bool:
    starts = servicenow_time(delegation.value("starts"))
    ends = servicenow_time(delegation.value("ends"))
    return starts is not None and ends is not None and starts <= at <= ends


def _waiting(approvals: Iterable[Record]) -> list[Record]:
    return [one for one in approvals if one.value("state") == REQUESTED]


def _check_taken(approval: Record, decision: Decision) -> None:
    """Raise unless `approval`, read back, shows the decision; a hidden state says nothing."""
    if not approval.has("state") or approval.value("state") == decision:
        return
    if approval.value("state") == REQUESTED:
        raise NotAuthorized(message="the decision was dropped without a word")
    raise _state_forbids(approval)


def _state_forbids(approval: Record) -> StateForbids:
    state = approval.value("state")
    shown = clean_line(approval.display("state"), most=40)
    asked = clean_line(approval.display("approver"), most=80) or "this person"
    done = _DONE.get(state, f"is in the state {shown}" if shown else "does not show its state")
    return StateForbids(
        f"The approval of {asked} {done}, and cannot be decided.",
        next_step=f"Read it with get_approval. {_SEE_APPROVALS}",
    )


def _not_yours() -> NotYours:
    return NotYours(
        "This approval waits for somebody else, who has not delegated approvals to the signed-in "
        "person at this time.",
        next_step=f"Only the approver or their active delegate decides it. {_SEE_APPROVALS}",
    )


def _candidate(approval: Record) -> Candidate:
    group = clean_line(approval.display("group"), most=80)
    name = clean_line(approval.display("approver"), most=80)
    return Candidate(approval.sys_id, f"Approval of {name}", f"group approval {group}".strip())
