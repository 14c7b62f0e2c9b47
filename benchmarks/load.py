"""Requests over a few kept connections, as fast as they are answered: `python -m benchmarks.load`.

A process of its own, on plain sockets with prebuilt bytes, so that it is never the limit. What to
send is read from standard input as JSON, what was measured is written to standard output.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Load:
    """What to send: each request is `METHOD target`, with its own body where it has one."""

    port: int
    connections: int
    seconds: float
    requests: tuple[str, ...]
    headers: str
    body: str = ""
    host: str = "127.0.0.1"
    warm_up: float = 0.5

    def as_bytes(self) -> list[bytes]:
        """The requests as they are sent."""
        body = self.body.encode()
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f" HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{self.headers}{length}\r\n"
        return [f"{request}{head}".encode() + body for request in self.requests]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Answers in a second, their latencies in milliseconds, and how many were no 2xx."""

    per_second: float
    p50: float
    p99: float
    slowest: float
    answers: int
    refused: int
    body_bytes: int


class _Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last one is whole."""

    def __init__(self, requests: Sequence[bytes], *, first: int, stride: int) -> None:
        self.requests = requests
        self.next = first % len(requests)
        self.stride = stride
        self.latencies: list[float] = []
        self.refused = 0
        self.body_bytes = 0
        self.stopped = asyncio.get_running_loop().create_future()
        self.until = 0.0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to send."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # for the type only
        self._transport = transport

    def send(self) -> None:
        """Send the next request."""
        self._sent_at = time.perf_counter()
        self._transport.write(self.requests[self.next])
        self.next = (self.next + self.stride) % len(self.requests)

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; its latency counts when it is whole."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        now = time.perf_counter()
        self.latencies.append(now - self._sent_at)
        self.refused += head[9:10] != b"2"
        self.body_bytes = len(body)
        self._received = b""
        if now < self.until:
            self.send()
        elif not self.stopped.done():
            self.stopped.set_result(None)

    def connection_lost(self, failure: Exception | None) -> None:
        """A connection that the server ends is a failure of the whole measurement."""
        if not self.stopped.done():
            self.stopped.set_exception(failure or ConnectionResetError("the server hung up"))


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


async def measured(load: Load) -> Measured:
    """Send for so many seconds; a short warm-up before does not count."""
    loop, requests = asyncio.get_running_loop(), load.as_bytes()
    connections = []
    for number in range(load.connections):
        _, connection = await loop.create_connection(
            lambda first=number: _Connection(requests, first=first, stride=load.connections),  # type: ignore[misc]  # a default is how a closure keeps its number
            load.host,
            load.port,
        )
        connections.append(connection)
    if load.warm_up:
        await _run(connections, seconds=load.warm_up)
    for connection in connections:
        connection.latencies.clear()
        connection.refused = 0
    seconds = await _run(connections, seconds=load.seconds)
    return _summary(connections, seconds=seconds)


async def _run(connections: Sequence[_Connection], *, seconds: float) -> float:
    started = time.perf_counter()
    for connection in connections:
        connection.stopped = asyncio.get_running_loop().create_future()
        connection.until = started + seconds
        connection.send()
    await asyncio.gather(*(connection.stopped for connection in connections))
    return time.perf_counter() - started


def _summary(connections: Sequence[_Connection], *, seconds: float) -> Measured:
    latencies = sorted(one for connection in connections for one in connection.latencies)
    return Measured(
        per_second=len(latencies) / seconds,
        p50=1000 * latencies[len(latencies) // 2],
        p99=1000 * latencies[int(len(latencies) * 0.99)],
        slowest=1000 * latencies[-1],
        answers=len(latencies),
        refused=sum(connection.refused for connection in connections),
        body_bytes=connections[0].body_bytes,
    )


def main() -> int:
    """Measure what standard input asks for."""
    asked = json.load(sys.stdin)
    load = Load(**{**asked, "requests": tuple(asked["requests"])})
    json.dump(asdict(asyncio.run(measured(load))), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
