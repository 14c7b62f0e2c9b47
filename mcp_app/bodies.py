"""The body of a POST: read within a limit, and parsed so that no two readers can disagree on it.

JSON parsers differ on duplicate names, on NaN, on deep nesting and on broken text. A message that
another reader (a proxy, a log, the SDK) could read differently is refused instead of guessed at.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from mcp_types import INVALID_REQUEST, PROTOCOL_VERSION_META_KEY
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.types import Message, Receive, Scope

from mcp_app.exceptions import (
    BodyTooLarge,
    ClientGone,
    HeaderMismatch,
    MalformedBody,
    NotJson,
)
from mcp_app.headers import header_values

LARGEST_BODY = 1024 * 1024
DEEPEST_NESTING = 64
_VERSION_HEADER = b"mcp-protocol-version"


@dataclass(frozen=True)
class Body:
    """A complete body and the JSON-RPC message in it."""

    raw: bytes
    message: dict[str, Any]

    def replayed(self, receive: Receive) -> Receive:
        """Return a `receive` that gives the body again and then goes on with `receive`."""
        left: list[Message] = [{"type": "http.request", "body": self.raw, "more_body": False}]

        async def replay() -> Message:
            return left.pop() if left else await receive()

        return replay


async def read_body(scope: Scope, receive: Receive) -> Body:
    """Read and parse the body of a POST.

    Raises `NotJson`, `BodyTooLarge`, `MalformedBody` or `HeaderMismatch`, and `ClientGone` if the
    connection closes first.
    """
    _require_json(scope)
    raw = await _read_limited(scope, receive)
    message = _one_message(_parse(raw))
    _require_agreement(scope, message)
    return Body(raw, message)


def _require_json(scope: Scope) -> None:
    kinds = [value.split(";")[0].strip().lower() for value in header_values(scope, b"content-type")]
    if kinds != ["application/json"]:
        raise NotJson("Content-Type must be application/json")
    if any(value.strip().lower() != "identity" for value in _encodings(scope)):
        raise NotJson("An encoded body is not accepted: send it without Content-Encoding")


def _encodings(scope: Scope) -> list[str]:
    return header_values(scope, b"content-encoding")


async def _read_limited(scope: Scope, receive: Receive) -> bytes:
    """Count while reading: a missing or a wrong Content-Length changes nothing."""
    for declared in header_values(scope, b"content-length"):
        if declared.isdecimal() and int(declared[:20]) > LARGEST_BODY:
            raise _too_large()
    received = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        received += message.get("body", b"")
        if len(received) > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return bytes(received)


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(f"The body is larger than {LARGEST_BODY} bytes")


def _parse(raw: bytes) -> object:
    try:
        parsed = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        # Also an integer of more digits than Python converts. The text of the error would repeat
        # the body.
        raise MalformedBody("The body is not valid JSON") from None
    if raw.count(b"{") + raw.count(b"[") > DEEPEST_NESTING or b"\\u" in raw:
        _require_shallow_and_clean(parsed)
    return parsed


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise MalformedBody("The body names a member twice")
    return named


def _refuse_constant(_constant: str) -> NoReturn:
    raise MalformedBody("NaN and Infinity are not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise MalformedBody("A number in the body is too large")
    return number


def _require_shallow_and_clean(parsed: object) -> None:
    """Refuse deep nesting, lone surrogates and NUL: no database column and no log holds them."""
    waiting: list[tuple[object, int]] = [(parsed, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            _require_clean(value)
        elif isinstance(value, dict | list):
            if depth > DEEPEST_NESTING:
                raise _too_deep()
            if isinstance(value, dict):
                waiting.extend((name, depth) for name in value)
                value = value.values()
            waiting.extend((inner, depth + 1) for inner in value)


def _require_clean(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise MalformedBody("A text in the body holds NUL or half of a surrogate pair")


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body is nested deeper than {DEEPEST_NESTING} levels")


def _one_message(parsed: object) -> dict[str, Any]:
    """Refuse what is not one JSON-RPC message; batches went with revision 2025-06-18."""
    if not isinstance(parsed, dict):
        raise _invalid("The body must be one JSON-RPC message")
    if parsed.get("jsonrpc") != "2.0":
        raise _invalid('`jsonrpc` must be "2.0"')
    if "id" in parsed and not _is_id(parsed["id"]):
        raise _invalid("`id` must be a string or an integer")
    is_reply = "id" in parsed and ("result" in parsed) != ("error" in parsed)
    if "method" in parsed:
        _require_request(parsed)
    elif not is_reply:
        raise _invalid("The message is neither a request, a notification nor a response")
    return parsed


def _require_request(message: dict[str, Any]) -> None:
    if not isinstance(message["method"], str) or "result" in message or "error" in message:
        raise _invalid("`method` must be a string, without `result` or `error`")
    if not isinstance(message.get("params", {}), dict):
        raise _invalid("`params` must be an object")


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _invalid(message: str) -> MalformedBody:
    return MalformedBody(message, error_code=INVALID_REQUEST)


def _require_agreement(scope: Scope, message: dict[str, Any]) -> None:
    """The SDK chooses the era by this header alone, so a body of the other era is refused here.

    The rest of the headers that must repeat the body are compared by the SDK.
    """
    versions = header_values(scope, _VERSION_HEADER)
    if len(versions) > 1:
        raise HeaderMismatch("MCP-Protocol-Version appears more than once")
    meta = message.get("params", {}).get("_meta")
    in_body = meta.get(PROTOCOL_VERSION_META_KEY) if isinstance(meta, dict) else None
    in_header = versions[0] if versions else None
    speaks_handshake = in_header is None or in_header in HANDSHAKE_PROTOCOL_VERSIONS
    if in_body is not None and speaks_handshake:
        raise HeaderMismatch("MCP-Protocol-Version does not repeat the body's protocol version")
