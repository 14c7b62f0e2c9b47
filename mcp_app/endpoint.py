"""The ASGI application behind `/mcp`: what HTTP has to say before MCP is spoken.

Host and Origin, the credential, the method and the body are looked at here, in this order; then
the message is served, in whichever revision the client speaks.
"""

from functools import partial

import structlog
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp_types import ErrorData
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.authentication import AuthCredentials
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_app.auth import VerifiedCredentials, VerifiedUser, take_credential
from mcp_app.bodies import read_message
from mcp_app.database_threads import database_threads
from mcp_app.exceptions import ClientGone, MethodRefused, RequestRefused, TooManyMessages
from mcp_app.exchange import Exchange, put_exchange, request_id_of
from mcp_app.headers import client_address, user_agent
from mcp_app.lifecycle import Services
from mcp_app.limits import rate_limit
from mcp_app.origins import allowed_origin, browser_headers, is_preflight, require_own_host
from mcp_app.redis_clients import close_redis_client
from mcp_app.refused_calls import refused_calls
from mcp_app.server import make_server
from mcp_app.service import MakeServer, McpService
from mcp_app.sessions.finding import ended_session, session_of
from mcp_app.sessions.revoked import put_verification
from mcp_app.termination import called_at_the_end
from mcp_app.wire.handshake import serve_handshake
from mcp_app.wire.http import HttpExchange
from mcp_app.wire.messages import error_of
from mcp_app.wire.modern import serve_modern
from mcp_app.wire.standing import stand
from oauth_app.authorization_server.resources import MCP_PATH
from oauth_app.revocations import on_revocation
from servicenow.http import close_shared_client

log = structlog.get_logger(__name__)

verified_credentials = VerifiedCredentials()
on_revocation(verified_credentials.forget)


class McpEndpoint:
    """Serves MCP over HTTP, and `lifespan` where the server sends it."""

    path = MCP_PATH

    def __init__(
        self, *, make_server: MakeServer = make_server, services: Services | None = None
    ) -> None:
        self.services = services or Services(
            lambda: McpService(make_server), after_stop=close_everything
        )
        self._mcp: ASGIApp = AuthContextMiddleware(self._serve)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(client_address(scope), user_agent(scope))
        put_exchange(scope, exchange)
        send = exchange.sending(send)
        try:
            async with database_threads().borrowed():
                await self._answer(scope, receive, send, exchange=exchange)
        except RequestRefused as refusal:
            log.info(
                "mcp_request_refused",
                status=refusal.status,
                reason=refusal.message,
                client=exchange.remote_addr,
            )
            error = ErrorData(code=refusal.error_code, message=refusal.message)
            await HttpExchange(scope, receive, send).answer(
                error_of(request_id_of(scope), error),
                status=refusal.status,
                headers=refusal.headers,
            )
        except ClientGone:
            return

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, *, exchange: Exchange
    ) -> None:
        require_own_host(scope)
        origin = allowed_origin(scope)
        if origin is not None:
            exchange.headers.update(browser_headers(origin, preflight=is_preflight(scope)))
            if is_preflight(scope):
                await HttpExchange(scope, receive, send).answer(status=204)
                return
        await self._speak(scope, receive, send, exchange=exchange)

    async def _speak(
        self, scope: Scope, receive: Receive, send: Send, *, exchange: Exchange
    ) -> None:
        await self._admit(scope, exchange=exchange)
        await self._mcp(scope, receive, send)

    async def _admit(self, scope: Scope, *, exchange: Exchange) -> None:
        """Verify the credential, leave in the scope whose it is, and count the message.

        Raises the refusals of credentials, and `TooManyMessages` before any of it is read.
        """
        presented = take_credential(scope, path=self.path)
        verify = partial(
            verified_credentials.verified,
            presented,
            address=exchange.remote_addr,
            client=exchange.user_agent,
            path=self.path,
        )
        user = VerifiedUser(await verify())
        scope.update(user=user, auth=AuthCredentials(user.scopes))
        put_verification(scope, verify)
        allowance = await rate_limit().spend_message(user.credential.user_id)
        exchange.headers.update(allowance.headers())
        if not allowance.is_allowed:
            refused_calls().unread(user.credential.user_id)
            raise TooManyMessages("Too many messages: go on after Retry-After")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request of somebody known, by method and revision."""
        exchange = HttpExchange(scope, receive, send)
        revision = exchange.header("mcp-protocol-version")
        is_modern = revision is not None and revision not in HANDSHAKE_PROTOCOL_VERSIONS
        if exchange.method == "POST":
            message = await read_message(scope, receive)
            serve = serve_modern if is_modern else serve_handshake
            await serve(exchange, message, service=await self.services.current())
        elif exchange.method in {"GET", "DELETE"} and not is_modern:
            await self._standing(exchange)
        else:
            raise MethodRefused("This revision is spoken with POST", headers={"Allow": "POST"})

    async def _standing(self, exchange: HttpExchange) -> None:
        """Open a session's stream, or end the session."""
        session = await session_of(exchange.scope)
        if session is None:
            raise MethodRefused("Without a session there is only POST", headers={"Allow": "POST"})
        service = await self.services.current()
        if exchange.method == "GET":
            await stand(exchange, session, service=service)
            return
        await ended_session(session)
        await service.worker.ended(session.id_hash)
        await exchange.answer(status=200)

    async def stop(self) -> None:
        """End what runs for this event loop; a later request starts it again."""
        await self.services.stop()

    async def lifespan(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Start and stop with a server that says when."""
        await receive()
        await self.services.current()
        await send({"type": "lifespan.startup.complete"})
        with called_at_the_end(self.services.begin_to_stop):
            await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


async def close_everything() -> None:
    """Write what is counted, and close what the requests of this event loop have opened."""
    await refused_calls().end()
    await close_redis_client()
    await close_shared_client()
    await database_threads().end()
