"""A client that says to which worker each of its requests goes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.mcp_app.clients import request
from tests.two_workers.site import Worker

REVISION = "2025-11-25"
SECONDS = 10.0
REQUEST_CANCELLED = -32800
Message = dict[str, Any]
INITIALIZE: Message = {
    "protocolVersion": REVISION,
    "capabilities": {"elicitation": {}, "sampling": {}},
    "clientInfo": {"name": "two workers", "version": "1"},
}


class Events:
    """An answer that is read message by message, whether it is a stream or JSON."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> Message | None:
        """The next message, comments left out; None at the end of the answer."""
        async with asyncio.timeout(SECONDS):
            while (line := await self._line()) is not None:
                if line.startswith(("data: ", "{")):
                    return dict(json.loads(line.removeprefix("data: ")))
        return None

    async def next_comment(self) -> None:
        """Read up to the next comment; a message before it is a failure."""
        async with asyncio.timeout(SECONDS):
            while not (line := await self._line() or "").startswith(":"):
                assert line == "", line

    async def _line(self) -> str | None:
        try:
            return await anext(self._lines, None)
        except (httpx.ReadError, httpx.RemoteProtocolError):
            # So ends the answer of a server that was killed.
            return None

    async def has_ended(self) -> bool:
        """Whether nothing but the end comes; waits for it."""
        return await self.next() is None


@dataclass(frozen=True)
class Client:
    """One client of one person, with its session."""

    web: httpx.AsyncClient
    token: str
    session: str = ""
    path: str = "/fixture/mcp"

    @classmethod
    async def opened(
        cls, web: httpx.AsyncClient, worker: Worker, *, token: str, path: str = path
    ) -> "Client":
        """Open a session at a worker, as a client that can be asked."""
        nobody = cls(web, token, path=path)
        answer = await nobody.post(worker, request("initialize", INITIALIZE))
        assert answer.status_code == 200, answer.text
        return cls(web, token, answer.headers["Mcp-Session-Id"], path)

    def headers(self) -> dict[str, str]:
        """What every request of this client carries."""
        return {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": REVISION,
        } | ({"Mcp-Session-Id": self.session} if self.session else {})

    async def post(self, worker: Worker, message: Message) -> httpx.Response:
        """POST a message and read the whole answer."""
        url = worker.address + self.path
        return await self.web.post(url, json=message, headers=self.headers())

    async def call(self, worker: Worker, tool: str, **arguments: object) -> str:
        """Call a tool and return the text it answers with."""
        answer = await self.post(worker, called(tool, **arguments))
        assert answer.status_code == 200, answer.text
        return text_of(answer.json())

    async def get(self, worker: Worker) -> httpx.Response:
        """GET without reading a stream: for what is refused."""
        return await self.web.get(worker.address + self.path, headers=self.headers())

    async def delete(self, worker: Worker) -> httpx.Response:
        """End the session."""
        return await self.web.delete(worker.address + self.path, headers=self.headers())

    @asynccontextmanager
    async def calling(self, worker: Worker, message: Message) -> AsyncIterator[Events]:
        """POST a message and read the answer as it comes."""
        url = worker.address + self.path
        async with self.web.stream("POST", url, json=message, headers=self.headers()) as answer:
            yield Events(answer)

    @asynccontextmanager
    async def standing(self, worker: Worker) -> AsyncIterator[Events]:
        """Open the session's stream; its head and first comment have arrived."""
        url = worker.address + self.path
        async with self.web.stream("GET", url, headers=self.headers()) as answer:
            assert answer.status_code == 200
            events = Events(answer)
            await events.next_comment()
            yield events


def called(tool: str, /, *, id_: object = 1, **arguments: object) -> Message:
    """A `tools/call` that asks for progress."""
    params = {"name": tool, "arguments": arguments, "_meta": {"progressToken": "progress"}}
    return request("tools/call", params, id_=id_)


def notification(method: str, **params: object) -> Message:
    """A notification of the client."""
    return {"jsonrpc": "2.0", "method": method, "params": params}


def text_of(message: Message | None) -> str:
    """The text of a tool's result."""
    assert message is not None
    assert "result" in message, message
    return str(message["result"]["content"][0]["text"])
