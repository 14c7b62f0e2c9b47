"""The headers that repeat the body, for proxies that read no bodies: both must say the same.

Whoever routes, limits or logs by a header must not be told something else than what is done. The
SDK asks for these headers where its revision needs them; here whatever was sent must be true, in
every revision, and be said once.
"""

from typing import Any, Final

from mcp.shared.inbound import (
    MCP_METHOD_HEADER,
    MCP_NAME_HEADER,
    MCP_PROTOCOL_VERSION_HEADER,
    NAME_BEARING_METHODS,
    decode_header_value,
)
from mcp_types import PROTOCOL_VERSION_META_KEY
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.types import Scope

from mcp_app.exceptions import HeaderMismatch
from mcp_app.headers import header_values

_SAID_ONCE: Final = {
    MCP_PROTOCOL_VERSION_HEADER: "MCP-Protocol-Version",
    MCP_METHOD_HEADER: "Mcp-Method",
    MCP_NAME_HEADER: "Mcp-Name",
    "mcp-session-id": "Mcp-Session-Id",
    "last-event-id": "Last-Event-ID",
}


def require_agreement(scope: Scope, message: dict[str, Any]) -> None:
    """Raise `HeaderMismatch` if the headers say something twice, or not what the body says."""
    said = {name: _said_once(scope, name) for name in _SAID_ONCE}
    _require_version(message, said[MCP_PROTOCOL_VERSION_HEADER])
    method = message.get("method")
    if said[MCP_METHOD_HEADER] not in (None, method):
        raise _mismatch(MCP_METHOD_HEADER, "method")
    name_of = NAME_BEARING_METHODS.get(method) if isinstance(method, str) else None
    if name_of is not None and said[MCP_NAME_HEADER] is not None:
        named = message.get("params", {}).get(name_of)
        if decode_header_value(said[MCP_NAME_HEADER]) != named:
            raise _mismatch(MCP_NAME_HEADER, f"params.{name_of}")


def _said_once(scope: Scope, name: str) -> str | None:
    values = header_values(scope, name.encode())
    if len(values) > 1:
        raise HeaderMismatch(f"{_SAID_ONCE[name]} appears more than once")
    return values[0].strip(" \t") if values else None


def _require_version(message: dict[str, Any], in_header: str | None) -> None:
    """The SDK chooses the era by this header alone, so a body of the other era is refused here."""
    meta = message.get("params", {}).get("_meta")
    in_body = meta.get(PROTOCOL_VERSION_META_KEY) if isinstance(meta, dict) else None
    speaks_handshake = in_header is None or in_header in HANDSHAKE_PROTOCOL_VERSIONS
    if in_body is not None and speaks_handshake:
        raise _mismatch(MCP_PROTOCOL_VERSION_HEADER, "protocol version")


def _mismatch(header: str, member: str) -> HeaderMismatch:
    return HeaderMismatch(f"{_SAID_ONCE[header]} does not repeat the body's {member}")
