"""Requests of revision 2026-07-28: each stands alone, no session, nothing kept."""

from typing import Any

import structlog
from mcp_types import HEADER_MISMATCH, INVALID_REQUEST, ErrorData

from mcp_app.exceptions import EventsNeeded
from mcp_app.service import McpService
from mcp_app.wire.conversation import Conversation
from mcp_app.wire.http import HttpExchange
from mcp_app.wire.messages import Message, error_of
from mcp_app.wire.sdk import (
    ERROR_CODE_HTTP_STATUS,
    Connection,
    InboundLadderRejection,
    InboundModernRoute,
    classify_inbound_request,
    find_duplicated_routing_header,
    unsupported_protocol_version_rejection,
    validate_mcp_param_headers,
)
from mcp_app.wire.serving import Serving, serve

log = structlog.get_logger(__name__)


async def serve_modern(exchange: HttpExchange, message: Message, *, service: McpService) -> None:
    """Answer one POST of this revision."""
    if "method" not in message:
        # "Clients MUST NOT send JSON-RPC responses" (2026-07-28, Streamable HTTP).
        error = ErrorData(code=INVALID_REQUEST, message="This revision takes no responses")
        await exchange.answer(error_of(None, error), status=400)
    elif "id" not in message:
        await _acknowledge(exchange)
    else:
        await _serve_request(exchange, message, service=service)


async def _acknowledge(exchange: HttpExchange) -> None:
    """Take a notification: this revision has none that a server acts on."""
    refused = unsupported_protocol_version_rejection(exchange.header("mcp-protocol-version") or "")
    if refused is None:
        await exchange.answer(status=202)
    else:
        await _refuse(exchange, None, refused)


async def _serve_request(exchange: HttpExchange, message: Message, *, service: McpService) -> None:
    route = _routed(exchange, message, service=service)
    if isinstance(route, InboundLadderRejection):
        await _refuse(exchange, message["id"], route)
        return
    if message["method"] == "subscriptions/listen" and not exchange.takes_events:
        raise EventsNeeded("This method answers with a stream: accept text/event-stream")
    connection = Connection.from_envelope(
        route.protocol_version, route.client_info, route.client_capabilities
    )
    serving = Serving(
        service=service,
        connection=connection,
        conversation=Conversation(exchange, message),
        message=message,
        error_statuses=ERROR_CODE_HTTP_STATUS,
    )
    await serve(exchange, serving)


def _routed(
    exchange: HttpExchange, message: Message, *, service: McpService
) -> InboundModernRoute | InboundLadderRejection:
    """Check that envelope and headers are whole, agree, and name a revision that is served."""
    headers = exchange.request.headers
    duplicated = find_duplicated_routing_header(headers.items())
    if duplicated is not None:
        text = f"{duplicated} header appears more than once"
        return InboundLadderRejection(code=HEADER_MISMATCH, message=text)
    route = classify_inbound_request(message, headers=dict(headers))
    if isinstance(route, InboundModernRoute):
        return _wrong_argument_header(exchange, message, service=service) or route
    return route


def _wrong_argument_header(
    exchange: HttpExchange, message: Message, *, service: McpService
) -> InboundLadderRejection | None:
    """Compare the `Mcp-Param-` headers of a tool call with its arguments, where its schema asks."""
    schema_of = service.server.get_tool_input_schema
    params: dict[str, Any] = message.get("params") or {}
    name, arguments = params.get("name"), params.get("arguments") or {}
    if message["method"] != "tools/call" or schema_of is None or not isinstance(name, str):
        return None
    schema = schema_of(name)
    if schema is None or not isinstance(arguments, dict):
        return None
    return validate_mcp_param_headers(schema, arguments, exchange.request.headers)


async def _refuse(
    exchange: HttpExchange, id_: str | int | None, refused: InboundLadderRejection
) -> None:
    error = ErrorData(code=refused.code, message=refused.message, data=refused.data)
    status = ERROR_CODE_HTTP_STATUS.get(refused.code, 400)
    await exchange.answer(error_of(id_, error), status=status)
