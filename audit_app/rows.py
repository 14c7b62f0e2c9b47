"""From what a call tells us to the rows that are stored: redacted, cleaned, cut to size."""

import re
from dataclasses import fields
from functools import cache
from typing import Any

from django.db import models

from audit_app.models import Outcome, ToolCall, ToolCallOutcome
from audit_app.records import Closing, Opening
from audit_app.redaction import clean_text, record_sought, redacted

_TOOL_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LARGEST = {"upstream_status": 999, "duration_ms": 2**31 - 1, "answer_bytes": 2**31 - 1}
# What a client may call that is no tool: stored instead of its words.
NOT_A_TOOL = "(not a tool name)"


def intent_row(opening: Opening) -> ToolCall:
    """Return the unsaved intent of a call. Raises for nothing that a client can send."""
    plain = _plain_values(opening, ToolCall)
    plain["tool"] = opening.tool if _TOOL_NAME.fullmatch(opening.tool) else NOT_A_TOOL
    return ToolCall(
        **plain,
        reference_id=opening.correlation_id,
        arguments=redacted(opening.arguments),
        record_sought=record_sought(opening.arguments),
    )


def outcome_row(call_id: int, *, closing: Closing) -> ToolCallOutcome:
    """Return the unsaved outcome of a call; raises ValueError for an outcome that is none."""
    plain = _plain_values(closing, ToolCallOutcome)
    plain["outcome"] = Outcome(closing.outcome).value
    plain["record_sys_id"] = plain["record_sys_id"].lower()
    plain["record_number"] = plain["record_number"].upper()
    return ToolCallOutcome(call_id=call_id, **plain)


def _plain_values(source: Opening | Closing, model: type[models.Model]) -> dict[str, Any]:
    """Return what `source` and `model` both name; texts cleaned and cut, numbers kept in range."""
    return {
        name: _fitted(getattr(source, name), name=name, width=width)
        for name, width in _shared_columns(model)
    }


@cache
def _shared_columns(model: type[models.Model]) -> list[tuple[str, int]]:
    source = Opening if model is ToolCall else Closing
    names = {field.name for field in fields(source)} - {"arguments"}
    columns = model._meta.concrete_fields  # noqa: SLF001  # Django documents it
    return [(each.name, each.max_length or 0) for each in columns if each.name in names]


def _fitted(value: object, *, name: str, width: int) -> object:
    if isinstance(value, str):
        return clean_text(value, most=width)
    if isinstance(value, int) and name in _LARGEST:
        return max(0, min(value, _LARGEST[name]))
    return value
