"""What the context of an MCP request tells: whose it is, through which client, from where."""

from collections.abc import Mapping
from typing import Any

import structlog
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR, Implementation

from audit_app.services import new_reference
from mcp_app.auth import credential_of
from mcp_app.callers import caller_of
from mcp_app.credentials import Credential
from mcp_app.dispatch import Asked, attempt
from mcp_app.exchange import exchange_of
from tools_app.catalog import CATALOG
from tools_app.policy import allowed_tools
from tools_app.settings_snapshot import asnapshot
from tools_app.spec import ToolSpec

log = structlog.get_logger(__name__)

Context = ServerRequestContext[Any, Any]


def scope_of(ctx: Context) -> dict[str, Any]:
    """The ASGI scope of this very request."""
    assert ctx.request is not None  # noqa: S101  # the HTTP transport always sets it
    scope: dict[str, Any] = ctx.request.scope
    return scope


def person_of(ctx: Context) -> Credential:
    """The credential of this very request."""
    return credential_of(scope_of(ctx))


def asked(
    ctx: Context,
    tool: str,
    arguments: Mapping[str, Any],
    *,
    catalog: Mapping[str, ToolSpec] = CATALOG,
) -> Asked:
    """A call of `tool`, as this request asks for it."""
    credential, client = person_of(ctx), _client_info(ctx)
    exchange = exchange_of(scope_of(ctx))
    name = client.name if client and client.name else exchange.user_agent
    return Asked(
        tool=tool,
        arguments=arguments,
        credential=credential,
        request_id=str(ctx.request_id),
        protocol_version=ctx.protocol_version,
        client_name=name if credential.kind == "reconnect" and name else credential.client_name,
        client_version=client.version if client else "",
        remote_addr=exchange.remote_addr,
        catalog=catalog,
    )


async def tools_of(ctx: Context) -> list[ToolSpec]:
    """The tools of this person, in the order of the catalogue.

    Tools for which the client only lacks a scope are among them: calling one tells it to ask.
    Raises `MCPError` with a reference if nobody can tell at the moment.
    """
    tools = await attempt(_tools_of(person_of(ctx)))
    if isinstance(tools, Exception):
        reference_id = new_reference()
        log.error("tools_list_failed", reference_id=reference_id, exc_info=tools)
        raise MCPError(
            INTERNAL_ERROR, f"Something went wrong in this server (reference {reference_id})"
        )
    return tools


async def _tools_of(credential: Credential) -> list[ToolSpec]:
    return allowed_tools(caller_of(credential.widened()), await asnapshot())


def _client_info(ctx: Context) -> Implementation | None:
    """What the client says it is; the handshake revisions do not repeat it in each request."""
    params = ctx.session.client_params
    return params.client_info if params else None
