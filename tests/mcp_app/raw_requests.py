"""Requests to the whole application as a server hands them over, with headers no client sends."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from starlette.types import Message, Scope

from snmcp_project.asgi import application

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Asked:
    """One request; `headers` beside Host, which stands for itself."""

    method: str = "POST"
    path: bytes = b"/mcp"
    query: bytes = b""
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    host: bytes | None = b"localhost:8080"

    def scope(self) -> Scope:
        """What the server would say about it."""
        host = [(b"host", self.host)] if self.host is not None else []
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": unquote_to_bytes(self.path).decode("latin-1"),
            "raw_path": self.path,
            "root_path": "",
            "query_string": self.query,
            "headers": [*host, *self.headers],
            "client": ("203.0.113.7", 40123),
            "server": ("localhost", 8080),
        }


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


async def answered(asked: Asked, *, leaves_after: float = 1) -> Answered:
    """Send a request straight into the application; leave a stream after so many seconds."""
    sent: list[Message] = []
    waiting: list[Message] = [{"type": "http.request", "body": asked.body, "more_body": False}]
    has_begun, is_over = asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await has_begun.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(leaves_after):
                await is_over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        has_begun.set()
        if message["type"] == "http.response.body" and not message.get("more_body"):
            is_over.set()

    await application(asked.scope(), receive, send)
    head = sent[0]
    return Answered(
        head["status"],
        {name.decode().lower(): value.decode("latin-1") for name, value in head["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
