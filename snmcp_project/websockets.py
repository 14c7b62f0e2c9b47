"""WebSockets: nothing is spoken over them here."""

from starlette.types import Receive, Scope, Send


async def refuse_websocket(_scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse the handshake; the web server answers it with 403."""
    await receive()
    await send({"type": "websocket.close"})
