"""A result as MCP carries it: structured content, and the same as compact text. A failure: text."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel

from mcp_app.auth import challenge
from mcp_app.exceptions import RATE_LIMITED
from mcp_app.failures import Failure
from mcp_app.limits import Allowance
from oauth_app.authorization_server.resources import MCP_PATH
from servicenow.responses import RateLimit

# As RATE_LIMITED, one that the specification leaves to implementations.
INSUFFICIENT_SCOPE = -32011


@dataclass(frozen=True)
class HttpError:
    """An answer that HTTP itself must show: its status, and the code of the JSON-RPC error."""

    status: int
    error_code: int


TOO_MANY = HttpError(429, RATE_LIMITED)
STEP_UP = HttpError(403, INSUFFICIENT_SCOPE)


@dataclass(frozen=True)
class Answer:
    """What leaves the server for one tool call."""

    result: CallToolResult
    headers: Mapping[str, str] = field(default_factory=dict)
    http_error: HttpError | None = None

    @property
    def as_sent(self) -> CallToolResult:
        """The result as it leaves: a failure is its text alone.

        Structured content has to fit the tool's output schema, and a failure does not. Clients with
        the TypeScript SDK 1 and the Inspector check that of failures too, and would then show a
        broken schema in the place of what went wrong.
        """
        if not self.result.is_error:
            return self.result
        return self.result.model_copy(update={"structured_content": None})

    @property
    def size(self) -> int:
        """Bytes of the text that a client is sent."""
        return sum(len(p.text.encode()) for p in self.result.content if isinstance(p, TextContent))

    @property
    def message(self) -> str:
        """The sentence of a failure."""
        return str((self.result.structured_content or {}).get("message", ""))


def succeeded(
    result: BaseModel, *, allowance: Allowance, upstream: RateLimit | None = None
) -> Answer:
    """The answer of a call that ran, with ServiceNow's own rate limit where it told one."""
    return Answer(
        _as_result(result.model_dump(mode="json"), meta=_meta(upstream)), allowance.headers()
    )


def failed(
    failure: Failure,
    *,
    reference_id: str,
    allowance: Allowance | None,
    http_error: HttpError | None = None,
    path: str = MCP_PATH,
) -> Answer:
    """The answer of a call that ended in a failure; `path` is where it was sent to."""
    headers = allowance.headers() if allowance else {}
    if http_error is STEP_UP:
        headers["WWW-Authenticate"] = challenge(error="insufficient_scope", path=path)
    structured = {"code": failure.code, "message": failure.message, "next_step": failure.next_step}
    structured["reference_id"] = reference_id
    optional = {
        "retry_after": failure.retry_after,
        "candidates": [asdict(candidate) for candidate in failure.candidates],
        "sign_in_url": failure.sign_in_url,
    }
    present = {name: value for name, value in optional.items() if value not in (None, [], "")}
    return Answer(_as_result({**structured, **present}, is_error=True), headers, http_error)


def _as_result(
    structured: dict[str, Any], *, is_error: bool = False, meta: dict[str, Any] | None = None
) -> CallToolResult:
    text = orjson.dumps(structured).decode()
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=structured,
        is_error=is_error,
        _meta=meta,
    )


def _meta(upstream: RateLimit | None) -> dict[str, Any] | None:
    if upstream is None:
        return None
    told = {
        "RateLimit-Limit": upstream.limit,
        "RateLimit-Remaining": upstream.remaining,
        "RateLimit-Reset": upstream.reset,
    }
    return {name: value for name, value in told.items() if value is not None} or None
