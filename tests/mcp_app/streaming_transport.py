"""The ASGI application for the SDK's client, in this process, with answers that go on.

The transport of httpx2 for ASGI waits for the end of an answer, which a standing stream has not.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.session import IncomingMessage
from mcp.client.streamable_http import streamable_http_client
from starlette.types import ASGIApp, Message

from tests.mcp_app.clients import MCP, application


class Heard:
    """What the server says of its own accord, once `is_listening` is set."""

    def __init__(self) -> None:
        self.is_listening = asyncio.Event()
        self.messages: asyncio.Queue[IncomingMessage] = asyncio.Queue()


class _Body(httpx2.AsyncByteStream):
    """What the application sends, as it sends it; closing it is the client's leaving."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.serving: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        goes_on = True
        while goes_on:
            part = await self.sent.get()
            goes_on = part.get("more_body", False)
            yield part.get("body", b"")

    async def aclose(self) -> None:
        self.received.put_nowait({"type": "http.disconnect"})
        if self.serving is not None:
            await self.serving


class StreamingTransport(httpx2.AsyncBaseTransport):
    """Hands requests to an application and answers as soon as it has begun to."""

    def __init__(self, to: ASGIApp, heard: Heard) -> None:
        self._to = to
        self._heard = heard

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = _Body()
        content = await request.aread()
        body.received.put_nowait({"type": "http.request", "body": content, "more_body": False})
        serving = self._to(_scope(request), body.received.get, body.sent.put)
        body.serving = asyncio.ensure_future(serving)
        head = await body.sent.get()
        if request.method == "GET":
            self._heard.is_listening.set()
        return httpx2.Response(head["status"], headers=head["headers"], stream=body)


def _scope(request: httpx2.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": ("203.0.113.7", 40123),
    }


@asynccontextmanager
async def client_that_listens(token: str, heard: Heard) -> AsyncIterator[Client]:
    """The SDK's client in a session of a handshake revision."""
    headers = {"Authorization": f"Bearer {token}"}
    transport = StreamingTransport(application, heard)
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers) as web,
        Client(
            streamable_http_client(MCP, http_client=web),
            mode="legacy",
            message_handler=heard.messages.put,
        ) as client,
    ):
        yield client
