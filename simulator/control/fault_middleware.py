"""Lets the faults that wait for a request happen to it."""

import asyncio
import socket
import struct

import httpx
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.control.fault_answers import answer_of
from simulator.control.faults import Fault, FaultKind, Faults, Strike
from simulator.control.request_journal import JournalEntry

# With this a closed connection is reset (RST) instead of ended in order (FIN).
LINGER_NOT = struct.pack("ii", 1, 0)
PIECES = 10


class ConnectionDropped(httpx.ReadError):
    """The connection ended without an answer; raised where there is no socket to close."""


class FaultMiddleware:
    """Lets the waiting faults happen. Stands between authentication and the application."""

    def __init__(self, app: ASGIApp, *, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless a fault is waiting for it."""
        entry: JournalEntry | None = scope.get("simulator_entry")
        strike = self._faults.take(entry) if entry is not None else None
        if entry is None or strike is None:
            await self._app(scope, receive, send)
            return
        entry.fault = strike.fault.kind.value
        await self._befall(strike, scope, receive, send)

    async def _befall(self, strike: Strike, scope: Scope, receive: Receive, send: Send) -> None:
        fault = strike.fault
        match fault.kind:
            case FaultKind.RESET_BEFORE:
                await drop_connection(scope)
            case FaultKind.RESET_AFTER:
                await self._processed(scope, receive)
                await drop_connection(scope)
            case FaultKind.RESET_MIDWAY:
                await (await self._processed(scope, receive)).send_half(send)
                await drop_connection(scope)
            case FaultKind.SLOW | FaultKind.HOLD:
                await self._later(strike, scope, receive, send)
            case FaultKind.DRIP:
                processed = await self._processed(scope, receive)
                await processed.send_slowly(send, seconds=strike.seconds)
            case (
                FaultKind.SERVER_FAULT_AFTER_COMMIT
                | FaultKind.TRUNCATED
                | FaultKind.ERROR_IN_200
                | FaultKind.MALFORMED_ERROR_IN_200
            ):
                processed = await self._processed(scope, receive)
                await self._answer(fault, scope, processed)(scope, receive, send)
            case _:
                await self._answer(fault, scope, None)(scope, receive, send)

    def _answer(self, fault: Fault, scope: Scope, processed: "Processed | None") -> Response:
        return answer_of(
            fault.kind.value,
            path=scope["path"],
            processed=processed.body if processed else b"",
            now=self._faults.now(),
            retry_after=fault.retry_after,
            limit=fault.limit,
        )

    async def _later(self, strike: Strike, scope: Scope, receive: Receive, send: Send) -> None:
        fault = strike.fault
        processed = await self._processed(scope, receive) if fault.processed_first else None
        if fault.kind is FaultKind.HOLD:
            self._faults.holding.set()
            await self._faults.released.wait()
        else:
            await asyncio.sleep(strike.seconds)
        if processed is None:
            await self._app(scope, receive, send)
        else:
            await processed.send_all(send)

    async def _processed(self, scope: Scope, receive: Receive) -> "Processed":
        processed = Processed()
        await self._app(scope, receive, processed.send)
        return processed


class Processed:
    """The answer to a request that was processed but not yet, or never, sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        """Keep a part of the answer."""
        self.messages.append(message)

    async def send_all(self, send: Send) -> None:
        """Send the answer after all."""
        for message in self.messages:
            await send(message)

    async def send_half(self, send: Send) -> None:
        """Send the head with its full `Content-Length`, and half of the body."""
        await send(self.messages[0])
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})

    async def send_slowly(self, send: Send, *, seconds: float) -> None:
        """Send the head at once and the body in pieces, over so many seconds."""
        await send(self.messages[0])
        size = max(len(self.body) // PIECES, 1)
        pieces = [self.body[at : at + size] for at in range(0, len(self.body), size)]
        for piece in pieces:
            await asyncio.sleep(seconds / len(pieces))
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    @property
    def body(self) -> bytes:
        """The answer's body."""
        return b"".join(message.get("body", b"") for message in self.messages)


async def drop_connection(scope: Scope) -> None:
    """End the connection without an answer.

    uvicorn gives an application no way to do that, but its request cycle, which `receive` is a
    method of, knows the transport. In process there is none, and the exception rises instead.
    """
    receive: Receive = scope["simulator_receive"]
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionDropped("the simulator dropped the connection")
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
    await receive()  # until the server has noticed; it would answer 500 otherwise
