"""JSON-RPC messages as bytes, alone and as server-sent events."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from mcp_types import ErrorData

Message = dict[str, Any]


def request_of(id_: str | int, method: str, params: Mapping[str, Any] | None) -> Message:
    """A request of the server."""
    return {"jsonrpc": "2.0", "id": id_, "method": method, **_with(params)}


def notification_of(method: str, params: Mapping[str, Any] | None = None) -> Message:
    """A notification of the server."""
    return {"jsonrpc": "2.0", "method": method, **_with(params)}


def result_of(id_: str | int, result: dict[str, Any]) -> Message:
    """The answer to a request that was served."""
    return {"jsonrpc": "2.0", "id": id_, "result": result}


def error_of(id_: str | int | None, error: ErrorData) -> Message:
    """The answer to a request that was not."""
    told = error.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"jsonrpc": "2.0", "id": id_, "error": told}


def as_json(message: Message) -> bytes:
    """The message as compact JSON; also numbers and texts that orjson does not write."""
    try:
        return orjson.dumps(message)
    except TypeError:
        return json.dumps(message, separators=(",", ":")).encode()


def as_event(message: Message) -> bytes:
    """The message as one server-sent event."""
    return b"event: message\r\ndata: " + as_json(message) + b"\r\n\r\n"


def _with(params: Mapping[str, Any] | None) -> Message:
    # JSON-RPC 2.0, 4.2: `params` may be left out, it may not be null.
    return {} if params is None else {"params": dict(params)}
