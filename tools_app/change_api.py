"""The Change Management API (`sn_chg_rest`), and what is done where an instance lacks it."""

from collections.abc import Mapping, Sequence
from typing import Final

from servicenow.exceptions import BadRequest, NotAuthorized, RejectedByInstance
from servicenow.records import Record
from servicenow.responses import JSON, Sought
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.guarded_tables import Written
from tools_app.spec import ToolCall

CHANGES: Final = "change_request"
_BASE: Final = "/api/sn_chg_rest/change"
# What an instance says of an address that none of its APIs has.
_NO_SUCH_API: Final = "requested uri does not represent any resource"


async def read_if_there(call: ToolCall, change: Record, what: str) -> JSON:
    """What the API tells of `change`; None where it is missing or closed to this person."""
    path = f"{_BASE}/{change.sys_id}/{what}"
    try:
        return await call.apis.read(path, sought=Sought(CHANGES, change.sys_id))
    except NotAuthorized:
        return None
    except BadRequest as refused:
        if _is_absent(refused):
            return None
        raise RejectedByInstance(_sentence(refused)) from refused


async def start_conflict_check(call: ToolCall, change: Record) -> None:
    """Let the instance look for conflicts of `change` anew. Raises `InvalidArguments` if it cannot.

    Raises `RejectedByInstance` with its reason where it refuses.
    """
    path = f"{_BASE}/{change.sys_id}/conflict"
    try:
        await call.apis.send("POST", path, body={}, sought=Sought(CHANGES, change.sys_id))
    except BadRequest as refused:
        if not _is_absent(refused):
            raise RejectedByInstance(_sentence(refused)) from refused
        raise _needs_the_api("recalculate", "is true", "false") from None


async def create_change(
    call: ToolCall,
    kind: str,
    values: Mapping[str, str],
    *,
    template: str | None,
    fields: Sequence[str],
) -> Written:
    """Make a change of this type; a standard one from the template with this sys_id.

    Over the Table API where the Change Management API is missing; a standard change is then
    refused, because only that API applies a template. Raises `RejectedByInstance` with the
    reason of the instance.
    """
    wanted = {**values, "type": kind}
    path = f"{_BASE}/standard/{template}" if template else f"{_BASE}/{kind}"
    try:
        return await call.tables.create(CHANGES, wanted, fields=fields, path=path)
    except BadRequest as refused:
        if not _is_absent(refused):
            raise RejectedByInstance(_sentence(refused)) from refused
    if template:
        raise _needs_the_api("type", "is standard", "normal or emergency")
    return await call.tables.create(CHANGES, wanted, fields=fields)


def _is_absent(refused: BadRequest) -> bool:
    return refused.message.casefold().startswith(_NO_SUCH_API)


def _sentence(refused: BadRequest) -> str:
    return refused.detail or refused.message


def _needs_the_api(argument: str, problem: str, accepted: str) -> InvalidArguments:
    return InvalidArguments(
        ArgumentProblem(
            argument,
            f"{problem}, which needs the Change Management API, and this instance does not have it",
            accepted,
        ),
        next_step="Tell the person; an administrator can activate the plugin "
        "com.snc.change_management.rest.",
    )
