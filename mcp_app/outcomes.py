"""How a call ended, as its audit record tells it."""

import re
from dataclasses import dataclass
from typing import Any

from audit_app.models import Outcome
from audit_app.records import Closing
from mcp_app.tool_results import Answer
from servicenow import exceptions as sn

# `https://instance/nav_to.do?uri=incident.do?sys_id=…`, encoded or not.
_TABLE_OF_LINK = re.compile(r"(?:/|=|%2F|%3D)(\w+)\.do(?:\?|%3F)sys_id(?:=|%3D)", re.IGNORECASE)
_UPSTREAM_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (sn.NotAuthenticated, 401),
    (sn.NotAuthorized, 403),
    (sn.RejectedByInstance, 403),
    (sn.RecordNotFound, 404),
    (sn.RateLimited, 429),
)


@dataclass(frozen=True)
class Progress:
    """How far a call had come when it ended."""

    has_begun: bool
    writes: bool
    duration_ms: int

    @property
    def may_have_written(self) -> bool:
        """Whether the tool began, and is one that writes."""
        return self.has_begun and self.writes


def closing_of_answer(answer: Answer, *, progress: Progress, failure: Exception | None) -> Closing:
    """The outcome of a call that ends with this answer; `failure` is what ended it, if one did."""
    structured = answer.result.structured_content or {}
    code = structured["code"] if failure else ""
    table, sys_id, number = ("", "", "") if failure else record_of(structured)
    return Closing(
        outcome=_outcome(code, progress=progress),
        code=code,
        record_table=table,
        record_sys_id=sys_id,
        record_number=number,
        upstream_status=_upstream_status(failure),
        duration_ms=progress.duration_ms,
        answer_bytes=answer.size,
        note=type(failure).__name__ if failure else "",
    )


def closing_of_cancelled(progress: Progress) -> Closing:
    """The outcome of a call whose client left before it ended."""
    in_doubt = progress.may_have_written
    return Closing(
        outcome=Outcome.IN_DOUBT if in_doubt else Outcome.FAILED,
        code="OUTCOME_UNKNOWN" if in_doubt else "",
        duration_ms=progress.duration_ms,
        note="The client went away.",
    )


def _outcome(code: str, *, progress: Progress) -> Outcome:
    """A write that may have been made is in doubt until somebody has looked."""
    if not code:
        return Outcome.SUCCEEDED
    if not progress.has_begun:
        return Outcome.FAILED if code == "UNEXPECTED_ERROR" else Outcome.REFUSED
    is_unclear = code in {"OUTCOME_UNKNOWN", "UNEXPECTED_ERROR"}
    return Outcome.IN_DOUBT if progress.writes and is_unclear else Outcome.FAILED


def _upstream_status(failure: Exception | None) -> int | None:
    status = getattr(failure, "status", None)
    if isinstance(status, int):
        return status
    return next((status for kind, status in _UPSTREAM_STATUSES if isinstance(failure, kind)), None)


def record_of(structured: dict[str, Any]) -> tuple[str, str, str]:
    """Table, sys_id and number of the one record that a result is about, where it is about one."""
    sys_id = str(structured.get("sys_id", ""))
    link = _TABLE_OF_LINK.search(str(structured.get("url", "")))
    table = str(structured.get("table", "") or (link.group(1) if link else ""))
    return (table, sys_id, str(structured.get("number", ""))) if sys_id else ("", "", "")
