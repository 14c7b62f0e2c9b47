"""Every part of the MCP SDK that is not its public API, in one place.

Its own HTTP transport keeps sessions in one process. Serving them from any worker takes the
parts below it: the kernel that runs one request, the connection it runs on, and the checks of the
2026-07-28 headers. `tests/mcp_app/wire/test_sdk.py` says what is relied on, and the dependency is
pinned to one minor release.
"""

from mcp.server.connection import Connection
from mcp.server.runner import ServerRunner, aclose_shielded, modern_error_data
from mcp.shared.dispatcher import CallOptions
from mcp.shared.inbound import (
    ERROR_CODE_HTTP_STATUS,
    InboundLadderRejection,
    InboundModernRoute,
    classify_inbound_request,
    find_duplicated_routing_header,
    unsupported_protocol_version_rejection,
    validate_mcp_param_headers,
)
from mcp.shared.jsonrpc_dispatcher import progress_token_from_params
from mcp.shared.message import ServerMessageMetadata
from mcp.shared.transport_context import TransportContext

__all__ = [
    "ERROR_CODE_HTTP_STATUS",
    "CallOptions",
    "Connection",
    "InboundLadderRejection",
    "InboundModernRoute",
    "ServerMessageMetadata",
    "ServerRunner",
    "TransportContext",
    "aclose_shielded",
    "classify_inbound_request",
    "find_duplicated_routing_header",
    "modern_error_data",
    "progress_token_from_params",
    "unsupported_protocol_version_rejection",
    "validate_mcp_param_headers",
]
