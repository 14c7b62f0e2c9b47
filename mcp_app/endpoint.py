"""The ASGI application behind `/mcp`: what HTTP has to say before MCP is spoken.

Host and Origin, the credential, the method and the body are looked at here, in this order; then
the SDK serves the message, in whichever revision the client speaks.
"""

from collections.abc import Callable
from typing import Any

import orjson
import structlog
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.lowlevel import Server
from starlette.authentication import AuthCredentials
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_app.auth import VerifiedCredentials, VerifiedUser, take_credential
from mcp_app.bodies import read_body
from mcp_app.database_threads import database_threads
from mcp_app.exceptions import ClientGone, MethodRefused, RequestRefused
from mcp_app.exchange import Exchange, put_exchange
from mcp_app.headers import client_address, user_agent
from mcp_app.json_first import JsonFirst
from mcp_app.lifecycle import SessionManagers
from mcp_app.origins import allowed_origin, browser_headers, is_preflight, require_own_host
from mcp_app.redis_clients import close_redis_client
from mcp_app.server import make_manager, make_server
from oauth_app.revocations import on_revocation
from servicenow.http import close_shared_client

log = structlog.get_logger(__name__)

verified_credentials = VerifiedCredentials()
on_revocation(verified_credentials.forget)


class McpEndpoint:
    """Serves MCP over HTTP, and `lifespan` where the server sends it."""

    def __init__(self, *, make_server: Callable[[], Server[Any]] = make_server) -> None:
        self._managers = SessionManagers(
            lambda: make_manager(make_server()), after_stop=_close_everything
        )
        self._mcp: ASGIApp = AuthContextMiddleware(JsonFirst(self._serve))

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
            await _send_refusal(refusal, send)
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
                await _send(send, status=204)
                return
        presented = take_credential(scope)
        credential = await verified_credentials.verified(
            presented, address=exchange.remote_addr, client=exchange.user_agent
        )
        if scope["method"] != "POST":
            raise MethodRefused("MCP is spoken with POST here", headers={"Allow": "POST"})
        body = await read_body(scope, receive)
        user = VerifiedUser(credential)
        scope.update(user=user, auth=AuthCredentials(user.scopes))
        await self._mcp(scope, body.replayed(receive), send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager = await self._managers.current()
        await manager.handle_request(scope, receive, send)

    async def stop(self) -> None:
        """End what runs for this event loop; a later request starts it again."""
        await self._managers.stop()

    async def lifespan(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Start and stop with a server that says when."""
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                await self._managers.current()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _close_everything() -> None:
    await close_redis_client()
    await close_shared_client()
    await database_threads().end()


async def _send_refusal(refusal: RequestRefused, send: Send) -> None:
    error = {"code": refusal.error_code, "message": refusal.message}
    body = orjson.dumps({"jsonrpc": "2.0", "id": None, "error": error})
    headers = {"Content-Type": "application/json", **refusal.headers}
    await _send(send, status=refusal.status, headers=headers, body=body)


async def _send(
    send: Send, *, status: int, headers: dict[str, str] | None = None, body: bytes = b""
) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    if status != 204:
        pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
