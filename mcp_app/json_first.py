"""Plain JSON unless something must be streamed, whatever the client says it accepts.

For the handshake revisions the SDK frames every answer as a server-sent event; asking it for JSON
instead would lose cancellation when the client goes. ServiceNow's own client sends no
`text/event-stream` in Accept, Copilot Studio sends it and cannot parse it. So the head of the
stream is held back: if the first event is the answer, it leaves as `application/json`; if
anything else comes first (a notification, or the comment that keeps a quiet connection open), the
stream goes out as it is. A client that takes only JSON waits for the answer; one that takes only
events gets events.

The head leaves together with the first bytes of the body, because daphne sends no head before.
"""

import json
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_app.headers import header_values

# What the SDK insists on, in its spelling; every client gets it, so none is answered 406.
_INSISTED_ON = [
    (b"accept", b"application/json, text/event-stream"),
    (b"content-type", b"application/json"),
]
_NAMES = frozenset(name for name, _ in _INSISTED_ON)
_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_FRAMING = frozenset({b"content-type", b"cache-control", b"connection", b"x-accel-buffering"})


class JsonFirst:
    """ASGI middleware around the SDK's transport."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as JSON where that can be."""
        accepted = ",".join(header_values(scope, b"accept")).lower()
        takes_events = "text/event-stream" in accepted
        takes_json = not takes_events or "json" in accepted or "*/*" in accepted
        others = [pair for pair in scope["headers"] if pair[0].lower() not in _NAMES]
        scope = {**scope, "headers": [*others, *_INSISTED_ON]}
        if takes_json:
            send = _Held(send, takes_events=takes_events)
        await self._app(scope, receive, send)


class _Held:
    """A `send` that holds the head of an event stream until it is known what follows."""

    def __init__(self, send: Send, *, takes_events: bool) -> None:
        self._send = send
        self._takes_events = takes_events
        self._head: Message | None = None
        self._buffer = b""
        self._is_answered = False

    async def __call__(self, message: Message) -> None:
        if self._is_answered:
            return
        if message["type"] == "http.response.start" and _is_event_stream(message):
            self._head = message
        elif self._head is None:
            await self._send(message)
        else:
            await self._body(self._head, message)

    async def _body(self, head: Message, message: Message) -> None:
        self._buffer += message.get("body", b"")
        while end := _EVENT_END.search(self._buffer):
            event, rest = self._buffer[: end.start()], self._buffer[end.end() :]
            data = _data_of(event)
            if _is_answer(data):
                await self._answer(head, data)
                return
            if self._takes_events:
                await self._stream(head, more=message.get("more_body", False))
                return
            self._buffer = rest
        if not message.get("more_body", False):
            await self._ended_without_answer(head)

    async def _answer(self, head: Message, data: bytes) -> None:
        self._is_answered = True
        headers = [pair for pair in head["headers"] if pair[0].lower() not in _FRAMING]
        headers.append((b"content-type", b"application/json"))
        headers.append((b"content-length", str(len(data)).encode()))
        await self._send({**head, "headers": headers})
        await self._send({"type": "http.response.body", "body": data})

    async def _stream(self, head: Message, *, more: bool) -> None:
        self._head = None
        await self._send(head)
        await self._send({"type": "http.response.body", "body": self._buffer, "more_body": more})

    async def _ended_without_answer(self, head: Message) -> None:
        self._is_answered = True
        await self._send({**head, "status": 500, "headers": [(b"content-length", b"0")]})
        await self._send({"type": "http.response.body", "body": b""})


def _is_event_stream(head: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in head.get("headers", [])
    )


def _data_of(event: bytes) -> bytes:
    lines = (line for line in event.splitlines() if line.startswith(b"data:"))
    return b"\n".join(line.removeprefix(b"data:").strip() for line in lines)


def _is_answer(data: bytes) -> bool:
    """Whether an event is the reply to the request: the only message that names no method."""
    return bool(data) and "method" not in json.loads(data)
