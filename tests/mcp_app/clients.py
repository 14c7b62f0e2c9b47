"""Clients that talk to the ASGI application in this process: plain HTTP, and the SDK's."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.inbound import encode_header_value
from starlette.types import ASGIApp, Message

from snmcp_project.asgi import application
from tests.mcp_app.raw_requests import Asked

MCP = "http://localhost:8080/mcp"
MODERN = "2026-07-28"
HANDSHAKE = ("2025-03-26", "2025-06-18", "2025-11-25")
ERAS = pytest.mark.parametrize("era", ["modern", "handshake"])
# Of a client that can be asked.
INITIALIZE: dict[str, Any] = {
    "protocolVersion": HANDSHAKE[-1],
    "capabilities": {"elicitation": {}},
    "clientInfo": {"name": "tests", "version": "1"},
}
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1.0"},
}


def request(
    method: str, params: dict[str, Any] | None = None, *, id_: object = 1
) -> dict[str, Any]:
    """A JSON-RPC request."""
    return {"jsonrpc": "2.0", "id": id_, "method": method, "params": params or {}}


def call(tool: str, arguments: dict[str, Any] | None = None, *, id_: object = 1) -> dict[str, Any]:
    """A `tools/call`."""
    return request("tools/call", {"name": tool, "arguments": arguments or {}}, id_=id_)


def failure_in(result: dict[str, Any]) -> dict[str, Any]:
    """What a failed call says: in its text alone, because no failure fits an output schema."""
    assert result["isError"]
    assert "structuredContent" not in result
    failure: dict[str, Any] = json.loads(result["content"][0]["text"])
    return failure


def modern(message: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The message in revision 2026-07-28, and the headers that repeat it."""
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": message["method"]}
    if "name" in message["params"]:
        headers["Mcp-Name"] = encode_header_value(message["params"]["name"])
    return {**message, "params": {**message["params"], "_meta": deepcopy(ENVELOPE)}}, headers


@dataclass
class Http:
    """Requests to `/mcp` as any HTTP client sends them."""

    web: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator["Http"]:
        transport = httpx.ASGITransport(application, client=("203.0.113.7", 40123))
        async with httpx.AsyncClient(transport=transport, base_url=MCP) as web:
            yield cls(web)

    async def post(
        self,
        message: object,
        *,
        token: str = "",
        headers: dict[str, str] | None = None,
        address: str = MCP,
    ) -> httpx.Response:
        """POST one message as JSON (bytes as they are)."""
        sent = {"Content-Type": "application/json"}
        sent |= {"Authorization": f"Bearer {token}"} if token else {}
        body = {"content": message} if isinstance(message, bytes) else {"json": message}
        return await self.web.post(address, headers=sent | (headers or {}), **body)

    async def modern(
        self, message: dict[str, Any], *, token: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST one message of revision 2026-07-28."""
        body, repeated = modern(message)
        return await self.post(body, token=token, headers=repeated | (headers or {}))

    async def in_era(
        self,
        era: str,
        message: dict[str, Any],
        *,
        token: str,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """POST one message as clients of the era do: `modern` or `handshake`."""
        post = self.modern if era == "modern" else self.post
        return await post(message, token=token, headers=headers)

    async def call(
        self, tool: str, arguments: dict[str, Any] | None = None, *, token: str
    ) -> dict[str, Any]:
        """Call a tool and return its result."""
        answer = await self.modern(call(tool, arguments), token=token)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result


@asynccontextmanager
async def sdk_client(token: str, *, mode: str = "auto") -> AsyncIterator[Client]:
    """The SDK's own client: `auto` speaks 2026-07-28, `legacy` the handshake revisions."""
    transport = httpx2.ASGITransport(application)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers) as web,
        Client(streamable_http_client(MCP, http_client=web), mode=mode) as client,
    ):
        yield client


class Wire:
    """One request over bare ASGI: what is sent can be looked at while it goes on, and left."""

    def __init__(
        self,
        message: bytes,
        *,
        headers: dict[str, str],
        more: bool = False,
        method: str = "POST",
        path: str = "/mcp",
        to: ASGIApp = application,
    ) -> None:
        self.sent: list[Message] = []
        self._to = to
        self._has_sent = asyncio.Condition()
        self._to_receive: asyncio.Queue[Message] = asyncio.Queue()
        first = {"type": "http.request", "body": message, "more_body": more}
        self._to_receive.put_nowait(first)
        named = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            **headers,
        }
        pairs = [(name.lower().encode(), value.encode()) for name, value in named.items()]
        self._scope = Asked(method, path.encode(), headers=pairs).scope()

    def leave(self) -> None:
        """Close the connection."""
        self._to_receive.put_nowait({"type": "http.disconnect"})

    async def run(self) -> None:
        """Serve the request until the application is done with it."""
        await self._to(self._scope, self._to_receive.get, self._send)

    async def _send(self, message: Message) -> None:
        async with self._has_sent:
            self.sent.append(message)
            self._has_sent.notify_all()

    @property
    def status(self) -> int:
        """The status that was answered."""
        return int(self.sent[0]["status"])

    @property
    def answered(self) -> dict[bytes, bytes]:
        """The headers that were answered."""
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> str:
        """What was answered so far."""
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()

    def events(self) -> list[dict[str, Any]]:
        """The messages that were streamed so far."""
        lines = (line for line in self.body.splitlines() if line.startswith("data:"))
        return [json.loads(line.removeprefix("data:")) for line in lines]

    async def until(self, text: str) -> None:
        """Wait until the answer holds `text`."""
        async with self._has_sent:
            await self._has_sent.wait_for(lambda: text in self.body)
