"""daphne in this process, without a socket: bytes in, bytes out, and time that a test moves."""

import asyncio
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Scope, Send
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from snmcp_project.bounded_answers import BoundedServer
from snmcp_project.bounded_connections import BoundedChannel, BoundedFactory, Bounds


@dataclass
class Answering:
    """An application that notes what it was sent and answers `done`, in `parts`."""

    parts: list[bytes] = field(default_factory=lambda: [b"done"])
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    scopes: list[Scope] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    sent: int = 0
    is_cancelled: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        message: Message = {"more_body": True}
        body = b""
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        self.bodies.append(body)
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for part in self.parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
            self.sent += 1
        await send({"type": "http.response.body"})


class Transport(StringTransport):
    """What the server wrote, and how it closed."""

    is_half_closed = False
    is_aborted = False

    def loseWriteConnection(self) -> None:  # noqa: N802  # Twisted's name
        self.is_half_closed = True

    def abortConnection(self) -> None:  # noqa: N802  # Twisted's name
        self.is_aborted = True
        super().abortConnection()


class Wire:
    """One connection to a server."""

    def __init__(self, served: "Served") -> None:
        channel: BoundedChannel | None = served.factory.buildProtocol(None)
        self.is_refused = channel is None
        self._is_lost = False
        self.transport = Transport()
        if channel is not None:
            self.channel = channel
            channel.makeConnection(self.transport)

    async def send(self, *parts: bytes) -> bytes:
        """Send bytes, let the server work, and return all that it wrote so far."""
        for part in parts:
            self.channel.dataReceived(part)
        for _ in range(10):
            await asyncio.sleep(0)
        return self.written

    @property
    def written(self) -> bytes:
        value: bytes = self.transport.value()
        return value

    @property
    def status(self) -> bytes:
        return self.written.partition(b"\r\n")[0]

    def lose(self) -> None:
        """Close it at the other end, if it is open."""
        if not self._is_lost:
            self._is_lost = True
            self.channel.connectionLost(Failure(ConnectionDone()))


class Served:
    """A server on one event loop, an application in it, and connections to it."""

    def __init__(self, application: Answering, *, bounds: Bounds | None = None) -> None:
        self.clock = Clock()
        self.server = BoundedServer(application, endpoints=["none"], server_name="")
        self.server.connections = {}
        self.factory = BoundedFactory(self.server, bounds=bounds)
        self.factory.reactor = self.clock
        self._wires: list[Wire] = []

    def connect(self) -> Wire:
        """Open a connection."""
        self._wires.append(Wire(self))
        return self._wires[-1]

    def end(self) -> None:
        """Close all connections, so that no body stays on disk."""
        for wire in self._wires:
            if not wire.is_refused:
                wire.lose()
