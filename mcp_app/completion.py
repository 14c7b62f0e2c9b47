"""Completion of arguments: what the person touched last, then what fits on the instance."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.db import database_sync_to_async
from mcp_types import (
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
from tools_app.catalog import READERS
from tools_app.prompts import PROMPTS
from tools_app.resources import RESOURCES
from tools_app.suggesting import KINDS, MOST


async def complete(ctx: Context, params: CompleteRequestParams) -> CompleteResult:
    """Return what may be meant by the value so far; nothing where nothing is known of it."""
    kind = _kind_of(params.ref, params.argument.name)
    if not kind:
        return _completed([], {"has_more": False, "total": 0})
    text = params.argument.value.strip()[:100]
    touched = [number for number in await _touched(ctx, kind) if _begins(number, text)]
    answer = await dispatch(asked(ctx, "suggest", {"kind": kind, "text": text}, catalog=READERS))
    exchange_of(scope_of(ctx)).headers.update(answer.headers)
    # Where ServiceNow does not answer in time, there is still what was touched.
    found = (answer.result.structured_content or {}) if not answer.result.is_error else {}
    return _completed([*touched, *found.get("values", ())], found)


def _kind_of(ref: PromptReference | ResourceTemplateReference, argument: str) -> str:
    """The kind of thing an argument takes; "" where there is none, or no such argument."""
    if isinstance(ref, PromptReference):
        prompt = PROMPTS.get(ref.name)
        taken = prompt.arguments if prompt else ()
        return next((one.suggested for one in taken if one.name == argument), "")
    template = next((one for one in RESOURCES.values() if one.uri == ref.uri), None)
    return template.suggested if template and template.argument == argument else ""


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
