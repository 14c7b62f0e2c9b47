"""The body of a POST: read within limits of size and time, and the one message in it.

The message is JSON-RPC, strictly read, and the headers that repeat it repeat it truly.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Any, Final

from mcp_types import INVALID_REQUEST
from starlette.types import Receive, Scope

from mcp_app.exceptions import BodyTooLarge, BodyTooSlow, ClientGone, MalformedBody, NotJson
from mcp_app.exchange import message_in, put_message
from mcp_app.header_agreement import require_agreement
from mcp_app.headers import header_values
from mcp_app.strict_json import parse_strictly

LARGEST_BODY: Final = 1024 * 1024
_LONGEST_NAME: Final = 256  # of a method, and of an id that is a string
# Beyond it, readers that keep numbers as floating point give another id back (RFC 7493, 2.2).
_LARGEST_ID: Final = 2**53 - 1
# Otherwise a server goes on to take the rest of the body, however long that is.
_LAST_ANSWER: Final = {"Connection": "close"}
_CHARSET = re.compile(r'\s*charset\s*=\s*"?utf-?8"?\s*', re.IGNORECASE)
# Members with a meaning. Some readers take `Method` for `method`, so that it could say one thing
# to a proxy and another to us (CVE-2026-27896).
_MEANT: Final = {
    name.casefold(): name
    for name in (
        *("jsonrpc", "id", "method", "params", "result", "error"),
        *("_meta", "name", "arguments", "uri", "cursor", "requestId", "progressToken"),
        *("protocolVersion", "capabilities", "clientInfo", "requestState", "inputResponses"),
    )
}


@dataclass(frozen=True)
class Patience:
    """How long a body may take: in seconds without a byte of it, and in all."""

    between_parts: float = 30
    in_all: float = 60


_PATIENCE: Final = Patience()


async def read_message(
    scope: Scope,
    receive: Receive,
    *,
    patience: Patience = _PATIENCE,
    largest: int = LARGEST_BODY,
) -> dict[str, Any]:
    """Return the JSON-RPC message in the body of a POST, which is read the first time only.

    Raises `NotJson`, `BodyTooLarge`, `BodyTooSlow`, `MalformedBody` or `HeaderMismatch`, and
    `ClientGone` if the connection closes first. What the headers tell is refused before any of the
    body is asked for.
    """
    if known := message_in(scope):
        return known
    _require_json(scope)
    _require_short(scope, largest)
    raw = await _read_in_time(receive, patience, largest)
    message = _one_message(parse_strictly(raw))
    put_message(scope, message)
    require_agreement(scope, message)
    return message


def _require_json(scope: Scope) -> None:
    sent = header_values(scope, b"content-type")
    kind, *parameters = sent[0].split(";") if len(sent) == 1 else ("",)
    if kind.strip().lower() != "application/json":
        raise NotJson("Content-Type must be application/json")
    if any("charset" in each.lower() and not _CHARSET.fullmatch(each) for each in parameters):
        raise NotJson("The charset of JSON is UTF-8")
    encodings = header_values(scope, b"content-encoding")
    if any(value.strip().lower() != "identity" for value in encodings):
        raise NotJson("An encoded body is not accepted: send it without Content-Encoding")


def _require_short(scope: Scope, largest: int) -> None:
    for declared in header_values(scope, b"content-length"):
        if declared.isdecimal() and (len(declared) > 20 or int(declared) > largest):
            raise _too_large(largest)


async def _read_in_time(receive: Receive, patience: Patience, largest: int) -> bytes:
    try:
        async with asyncio.timeout(patience.in_all):
            return await _read_limited(receive, patience, largest)
    except TimeoutError:
        raise BodyTooSlow("The body did not arrive in time", headers=_LAST_ANSWER) from None


async def _read_limited(receive: Receive, patience: Patience, largest: int) -> bytes:
    """Count while reading: a missing or a wrong Content-Length changes nothing."""
    received = bytearray()
    while True:
        async with asyncio.timeout(patience.between_parts):
            message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        received += message.get("body", b"")
        if len(received) > largest:
            raise _too_large(largest)
        if not message.get("more_body", False):
            return bytes(received)


def _too_large(largest: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body is larger than {largest} bytes", headers=_LAST_ANSWER)


def _one_message(parsed: object) -> dict[str, Any]:
    """Refuse what is not one JSON-RPC message; batches went with revision 2025-06-18."""
    if isinstance(parsed, list):
        raise _invalid("Batches are not accepted: send one JSON-RPC message a request")
    if not isinstance(parsed, dict):
        raise _invalid("The body must be one JSON-RPC message")
    _require_exact_names(parsed)
    if parsed.get("jsonrpc") != "2.0":
        raise _invalid('`jsonrpc` must be "2.0"')
    if "id" in parsed and not is_id(parsed["id"]):
        raise _invalid("`id` must be a string or an integer, of a sensible size")
    _require_params(parsed.get("params", {}))
    is_reply = "id" in parsed and ("result" in parsed) != ("error" in parsed)
    if "method" in parsed:
        _require_request(parsed)
    elif not is_reply:
        raise _invalid("The message is neither a request, a notification nor a response")
    return parsed


def _require_request(message: dict[str, Any]) -> None:
    method = message["method"]
    if not isinstance(method, str) or "result" in message or "error" in message:
        raise _invalid("`method` must be a string, without `result` or `error`")
    if len(method) > _LONGEST_NAME:
        raise _invalid("`method` is too long")


def _require_params(params: object) -> None:
    if not isinstance(params, dict):
        raise _invalid("`params` must be an object")
    _require_exact_names(params)


def _require_exact_names(members: dict[str, Any]) -> None:
    for name in members:
        meant = _MEANT.get(name.casefold(), name)
        if meant != name:
            raise _invalid(f"A member is named `{meant}`, in exactly these letters")


def is_id(value: object) -> bool:
    """Whether this may be the id of a request."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_NAME
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_ID


def _invalid(message: str) -> MalformedBody:
    return MalformedBody(message, error_code=INVALID_REQUEST)
