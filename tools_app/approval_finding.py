"""From what people write to the approval that is meant: itself, or what is to be approved."""

from collections.abc import Sequence
from typing import Final

from servicenow.exceptions import RecordNotFound
from servicenow.records import Record
from tools_app import finding
from tools_app.approval_decisions import (
    APPROVALS,
    approvals_of,
    own_approval_of,
    theirs_of,
)
from tools_app.record_texts import read_record_text
from tools_app.spec import ToolCall

_ARGUMENT: Final = "approval"


async def approval_to_decide(call: ToolCall, text: str) -> str:
    """The sys_id of the approval that `text` means; of a task, the one that waits for the caller.

    Raises `NotYours`, `StateForbids`, `AmbiguousMatch`, `RecordNotFound`.
    """
    if sys_id := _of_approval(call, text):
        return sys_id
    task = await finding.task(call, text, argument=_ARGUMENT)
    return await own_approval_of(call, task, argument=_ARGUMENT)


async def approval_to_read(call: ToolCall, text: str, *, fields: Sequence[str]) -> Record:
    """The approval that `text` means, with `fields`; of a task, the caller's before another's.

    Raises `RecordNotFound`.
    """
    sys_id = _of_approval(call, text) or await _to_read(call, text)
    return await call.tables.get(APPROVALS, sys_id=sys_id, fields=fields)


def _of_approval(call: ToolCall, text: str) -> str:
    """The sys_id of an approval; empty where `text` means the record behind it."""
    meant = read_record_text(text, argument=_ARGUMENT, instance_url=call.caller.instance_url)
    return meant.sys_id if meant.table in {"", APPROVALS} else ""


async def _to_read(call: ToolCall, text: str) -> str:
    task = await finding.task(call, text, argument=_ARGUMENT)
    found = await theirs_of(call, task) or await approvals_of(call, task)
    if not found:
        raise RecordNotFound(APPROVALS, text)
    return found[0].sys_id
