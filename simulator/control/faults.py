"""Faults on demand: the next matching request fails in the way that was asked for."""

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, ClassVar

import httpx
from pydantic import ConfigDict
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.control.fault_answers import answer_of
from simulator.control.request_journal import JournalEntry

# With this a closed connection is reset (RST) instead of ended in order (FIN).
LINGER_NOT = struct.pack("ii", 1, 0)


class FaultKind(StrEnum):
    """What goes wrong. Everything but the last seven answers without processing the request."""

    NOT_AUTHENTICATED = "401"
    NOT_AUTHORIZED = "403"
    SCOPE_NOT_ALLOWED = "403_scope"
    RATE_LIMITED = "429"
    SERVER_FAULT = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    HIBERNATING_PAGE = "html_hibernating"
    LOGIN_PAGE = "html_login"
    RESET_BEFORE = "reset_before"
    SERVER_FAULT_AFTER_COMMIT = "500_after_commit"
    TRUNCATED = "truncated"
    ERROR_IN_200 = "error_in_200"
    SLOW = "slow"
    HOLD = "hold"
    RESET_MIDWAY = "reset_midway"
    RESET_AFTER = "reset_after"


class ConnectionDropped(httpx.ReadError):
    """The connection ended without an answer; raised where there is no socket to close."""


@dataclass(kw_only=True)
class Fault:
    """One fault: which requests it meets, and how often. `path` is a pattern such as `/api/*`.

    `seconds` is the delay of `slow`; the delay passes before the request is processed, or after
    it with `processed_first`, which also decides for `hold`.
    """

    kind: FaultKind
    count: int = 1
    skip: int = 0
    path: str = "*"
    method: str = "*"
    user: str = "*"
    seconds: float = 0.0
    processed_first: bool = False
    retry_after: int | None = 30
    limit: int = 100

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    def meets(self, entry: JournalEntry) -> bool:
        """Whether a request is one of those this fault is for."""
        return (
            fnmatchcase(entry.path, self.path)
            and fnmatchcase(entry.method, self.method.upper())
            and fnmatchcase(entry.acting_user or "", self.user)
        )


class Faults:
    """The faults that are still to happen, in the order they were asked for.

    `holding` is set once a request is held; `released` lets it go on.
    """

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self.now = now
        self.released = asyncio.Event()
        self.holding = asyncio.Event()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Have `fault` happen to the next requests it meets."""
        if fault.kind is FaultKind.HOLD:
            self.released, self.holding = asyncio.Event(), asyncio.Event()
        self._waiting.append(fault)

    def clear(self) -> None:
        """No fault happens any more, and what is held goes on."""
        self._waiting.clear()
        self.release()

    def release(self) -> None:
        """Let every held request go on."""
        self.released.set()

    def take(self, entry: JournalEntry) -> Fault | None:
        """The fault that befalls this request, counted down; `None` for none."""
        for fault in self._waiting:
            if not fault.meets(entry):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.count -= 1
            if fault.count <= 0:
                self._waiting.remove(fault)
            return fault
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """What is still to happen."""
        return [asdict(fault) for fault in self._waiting]


class FaultMiddleware:
    """Lets the waiting faults happen. Stands between authentication and the application."""

    def __init__(self, app: ASGIApp, *, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless a fault is waiting for it."""
        entry: JournalEntry | None = scope.get("simulator_entry")
        fault = self._faults.take(entry) if entry is not None else None
        if entry is None or fault is None:
            await self._app(scope, receive, send)
            return
        entry.fault = fault.kind.value
        await self._befall(fault, scope, receive, send)

    async def _befall(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
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
                await self._later(fault, scope, receive, send)
            case FaultKind.SERVER_FAULT_AFTER_COMMIT | FaultKind.TRUNCATED | FaultKind.ERROR_IN_200:
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

    async def _later(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        processed = await self._processed(scope, receive) if fault.processed_first else None
        if fault.kind is FaultKind.HOLD:
            self._faults.holding.set()
            await self._faults.released.wait()
        else:
            await asyncio.sleep(fault.seconds)
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
