"""`/mcp/servicenow`: the same tools, spoken as ServiceNow's own MCP client needs it.

That client knows the revisions 2025-03-26 and 2025-06-18, keeps no session, reads JSON only,
opens with `initialize` before it presents a credential, and takes nothing but 200 for an answer.
"""

from typing import Final

from mcp.server.models import InitializationOptions
from starlette.types import Receive, Scope, Send

from mcp_app.bodies import read_message
from mcp_app.endpoint import McpEndpoint
from mcp_app.exceptions import (
    BodyTooLarge,
    CredentialMissing,
    MethodRefused,
    NobodyAsked,
    RevisionNotServed,
    TooManyMessages,
)
from mcp_app.exchange import Exchange
from mcp_app.limits import rate_limit
from mcp_app.wire.handshake import alone, beginning
from mcp_app.wire.http import HttpExchange
from mcp_app.wire.messages import Message
from mcp_app.wire.serving import Serving, serve
from oauth_app.address_limits import network_of
from oauth_app.authorization_server.resources import SERVICENOW_PATH

REVISIONS: Final = ("2025-03-26", "2025-06-18")
# What it says before it presents a credential; neither tells or changes anything of anybody's.
_PUBLIC: Final = frozenset({"initialize", "notifications/initialized"})
# They are some hundred bytes. Reading a whole mebibyte takes most of a second, which strangers
# are not given.
LARGEST_OF_STRANGERS: Final = 16 * 1024
# An instance asks for all its people from few addresses.
STRANGERS_A_MINUTE: Final = 600


class ServiceNowEndpoint(McpEndpoint):
    """Serves ServiceNow's own client: without sessions, and open until the first real request."""

    path = SERVICENOW_PATH

    async def _speak(
        self, scope: Scope, receive: Receive, send: Send, *, exchange: Exchange
    ) -> None:
        if scope["method"] != "POST":
            raise MethodRefused("MCP is spoken with POST here", headers={"Allow": "POST"})
        try:
            await self._admit(scope, exchange=exchange)
        except CredentialMissing as refusal:
            await _count_stranger(exchange)
            await _require_public(scope, receive, otherwise=refusal)
        await self._mcp(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = HttpExchange(scope, receive, send)
        message = await read_message(scope, receive)
        revision = exchange.header("mcp-protocol-version")
        if revision is not None and revision not in REVISIONS:
            raise RevisionNotServed(f"Only {' and '.join(REVISIONS)} are spoken here")
        if "method" not in message:
            raise NobodyAsked("An answer belongs to a session, and there is none here")
        if "id" not in message:
            await exchange.answer(status=200)
            return
        service = await self.services.current()
        if message["method"] == "initialize":
            message = _settled(message)
            serving = beginning(exchange, message, service=service, served=_WithoutSession)
        else:
            serving = alone(exchange, message, service=service)
        await serve(exchange, serving)


class _WithoutSession(Serving):
    """`initialize` where no session is kept."""

    @property
    def init_options(self) -> InitializationOptions:
        """What this server can without one."""
        return self.service.options_without_session


async def _count_stranger(exchange: Exchange) -> None:
    """Raise `TooManyMessages` for an address that sends too many without a credential."""
    bucket = f"snmcp:strangers:{network_of(exchange.remote_addr)}"
    allowance = await rate_limit().spend_from(bucket, limit=STRANGERS_A_MINUTE)
    exchange.headers.update(allowance.headers())
    if not allowance.is_allowed:
        raise TooManyMessages("Too many messages from this address: go on after Retry-After")


async def _require_public(scope: Scope, receive: Receive, *, otherwise: CredentialMissing) -> None:
    """Raise `otherwise` for a message that is not for everybody, or too long to be one."""
    try:
        message = await read_message(scope, receive, largest=LARGEST_OF_STRANGERS)
    except BodyTooLarge:
        raise otherwise from None
    if message.get("method") not in _PUBLIC:
        raise otherwise


def _settled(message: Message) -> Message:
    """`initialize` for another revision is one for the newest that is spoken here."""
    params = message.get("params") or {}
    if params.get("protocolVersion") in REVISIONS:
        return message
    return {**message, "params": {**params, "protocolVersion": REVISIONS[-1]}}
