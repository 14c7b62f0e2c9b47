"""The audit log as text for other programs: one line for each call, in constant memory."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from audit_app.models import ToolCall, ToolCallOutcome, ToolCallQuerySet

_AT_A_TIME: Final = 1_000
_CALL: Final = (
    *("id", "opened_at", "reference_id", "user_name", "user_id", "sys_id", "instance_url"),
    *("tool", "toolset", "access", "arguments", "record_sought", "client_name", "client_version"),
    *("client_id", "protocol_version", "credential", "credential_id", "request_id", "remote_addr"),
)
_OUTCOME: Final = (
    *("outcome", "code", "record_table", "record_sys_id", "record_number", "upstream_status"),
    *("duration_ms", "answer_bytes", "note", "recorded_at"),
)
COLUMNS: Final = (*_CALL, *_OUTCOME)
# A spreadsheet takes what begins so for a formula, and runs it.
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Row = Mapping[str, Any]


def calls_to_export(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    person: str = "",
    tool: str = "",
) -> ToolCallQuerySet:
    """Return the calls of a time (`until` not included), a person and a tool; empty is all."""
    calls = ToolCall.objects.all()
    if since:
        calls = calls.opened_since(since)
    if until:
        calls = calls.opened_before(until)
    if person:
        calls = calls.filter(user_name=person)
    return calls.filter(tool=tool) if tool else calls


def exported(calls: ToolCallQuerySet, *, write_row: Callable[[Row], str]) -> Iterator[str]:
    """Yield the text of each call, in the order of their ids, with its last outcome."""
    after = 0
    while rows := list(calls.filter(pk__gt=after).order_by("pk")[:_AT_A_TIME].values(*_CALL)):
        after = rows[-1]["id"]
        ended = _last_outcomes([row["id"] for row in rows])
        for row in rows:
            yield write_row(row | ended.get(row["id"], dict.fromkeys(_OUTCOME)))


def as_json_line(row: Row) -> str:
    """Return a call as one line of JSON."""
    return json.dumps({name: _plain(row[name]) for name in COLUMNS}, ensure_ascii=False) + "\n"


def as_csv_line(row: Row) -> str:
    """Return a call as one line of CSV, in which no cell is a formula."""
    return csv_line([_cell(row[name]) for name in COLUMNS])


def csv_line(cells: list[str]) -> str:
    """Return cells as one line of CSV (RFC 4180)."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _last_outcomes(call_ids: list[int]) -> dict[int, dict[str, Any]]:
    outcomes = ToolCallOutcome.objects.filter(call_id__in=call_ids).order_by("pk")
    return {row.pop("call_id"): row for row in outcomes.values("call_id", *_OUTCOME)}


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _cell(value: object) -> str:
    if value is None:
        return ""
    plain = _plain(value)
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    # OWASP: a quote in front makes it text.
    is_number = isinstance(value, (int, float))
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) and not is_number else text
