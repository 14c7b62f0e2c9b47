"""Completion of arguments: what the person touched last, then what fits on the instance."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.db import database_sync_to_async
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CompleteRequestParams,
    CompleteResult,
    Completion,
    PromptReference,
    ResourceTemplateReference,
)

from audit_app.touched import records_touched
from mcp_app.contexts import Context, asked, person_of, scope_of
from mcp_app.dispatch import dispatch
from mcp_app.exchange import exchange_of
from mcp_app.prompts import prompts_of
from mcp_app.resources import resources_of
from tools_app.catalog import READERS
from tools_app.suggesting import KINDS, MOST


async def complete(ctx: Context, params: CompleteRequestParams) -> CompleteResult:
    """Return what may be meant by the value so far.

    Raises `MCPError` for an argument of something that this person does not have.
    """
    kind = await _kind_of(ctx, params.ref, params.argument.name)
    text = params.argument.value.strip()[:100]
    touched = [number for number in await _touched(ctx, kind) if _begins(number, text)]
    answer = await dispatch(asked(ctx, "suggest", {"kind": kind, "text": text}, catalog=READERS))
    exchange_of(scope_of(ctx)).headers.update(answer.headers)
    # Where ServiceNow does not answer in time, there is still what was touched.
    found = (answer.result.structured_content or {}) if not answer.result.is_error else {}
    return _completed([*touched, *found.get("values", ())], found)


async def _kind_of(
    ctx: Context, ref: PromptReference | ResourceTemplateReference, argument: str
) -> str:
    """The kind of thing that an argument takes. Raises `MCPError` for one that is not there."""
    if isinstance(ref, PromptReference):
        prompts = await prompts_of(ctx)
        taken = [one for prompt in prompts if prompt.name == ref.name for one in prompt.arguments]
        kinds = {one.name: one.suggested for one in taken}
    else:
        templates = [one for one in await resources_of(ctx) if one.is_template]
        kinds = {one.argument: one.suggested for one in templates if one.uri == ref.uri}
    if argument not in kinds:
        raise MCPError(INVALID_PARAMS, "There is no such argument of such a prompt or template")
    return kinds[argument]


async def _touched(ctx: Context, kind: str) -> list[str]:
    if kind not in KINDS or not KINDS[kind].is_number:
        return []
    touched = database_sync_to_async(records_touched)
    numbers: list[str] = await touched(person_of(ctx).user_id, table=KINDS[kind].table)
    return numbers


def _begins(number: str, text: str) -> bool:
    return number.casefold().startswith(text.casefold())


def _completed(values: Sequence[str], found: Mapping[str, Any]) -> CompleteResult:
    """What was touched and what was found, each value once.

    `total` and `has_more` are left out where nobody knows them.
    """
    distinct = list(dict.fromkeys(values))
    has_more = len(distinct) > MOST or found.get("has_more")
    total = found.get("total")
    if total is not None:
        # Something touched may lie outside of what is found by now: another's, or closed.
        total = max(total, len(distinct))
    return CompleteResult(
        completion=Completion(values=distinct[:MOST], has_more=has_more, total=total)
    )
