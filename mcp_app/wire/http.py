"""One HTTP request to MCP, what its client can read, and the two forms of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from mcp_app.headers import header_values
from mcp_app.wire.messages import Message, as_event, as_json

COMMENT = b": still here\r\n\r\n"
_STREAM_HEADERS = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"connection", b"keep-alive"),
    (b"x-accel-buffering", b"no"),
)


@dataclass(frozen=True)
class HttpExchange:
    """One request and the way to its answer."""

    scope: Scope
    receive: Receive
    send: Send

    @cached_property
    def request(self) -> Request:
        """The request as the SDK hands it to handlers."""
        return Request(self.scope, self.receive)

    @property
    def method(self) -> str:
        """POST, GET or DELETE."""
        return str(self.scope["method"])

    def header(self, name: str) -> str | None:
        """The first value of a header; None if it was not sent."""
        return next(iter(header_values(self.scope, name.encode())), None)

    @cached_property
    def _accepted(self) -> str:
        return ",".join(header_values(self.scope, b"accept")).lower()

    @property
    def takes_events(self) -> bool:
        """Whether the client reads a stream of events: only one that says so.

        ServiceNow's client does not say so and cannot; a wildcard promises nothing.
        """
        return "text/event-stream" in self._accepted

    @property
    def takes_only_events(self) -> bool:
        """Whether JSON would be of no use to the client."""
        return self.takes_events and "json" not in self._accepted and "*/*" not in self._accepted

    async def answer(
        self,
        message: Message | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a whole answer: a message as JSON, or nothing but the status."""
        body = b"" if message is None else as_json(message)
        pairs = _pairs(headers)
        if status != 204:  # RFC 9110, 8.6: that one has no length
            pairs.append((b"content-length", str(len(body)).encode()))
        if message is not None:
            pairs.append((b"content-type", b"application/json"))
        await self.send({"type": "http.response.start", "status": status, "headers": pairs})
        await self.send({"type": "http.response.body", "body": body})

    async def gone(self) -> None:
        """Wait until the client has closed the connection."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


class EventStream:
    """An answer that goes on: its head leaves with its first bytes, which daphne waits for."""

    def __init__(self, exchange: HttpExchange, *, headers: Mapping[str, str] | None = None) -> None:
        self._send = exchange.send
        self._headers = [*_STREAM_HEADERS, *_pairs(headers)]
        self.is_open = False

    async def tell(self, message: Message) -> None:
        """Send one message."""
        await self._write(as_event(message), more=True)

    async def comment(self) -> None:
        """Send what keeps the connection open and means nothing."""
        await self._write(COMMENT, more=True)

    async def end(self, message: Message | None = None) -> None:
        """End the stream, with a last message if there is one."""
        await self._write(b"" if message is None else as_event(message), more=False)

    async def _write(self, data: bytes, *, more: bool) -> None:
        if not self.is_open:
            self.is_open = True
            head = {"type": "http.response.start", "status": 200, "headers": self._headers}
            await self._send(head)
        await self._send({"type": "http.response.body", "body": data, "more_body": more})


def _pairs(headers: Mapping[str, str] | None) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
