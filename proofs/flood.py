"""Calls at full speed over many connections, made as cheaply as can be, and their answers."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from proofs.asking import headers, message

_LENGTH: Final = b"content-length:"


@dataclass(frozen=True)
class Flood:
    """What is called, where, by whom, how often at most, and for how long."""

    addresses: Sequence[str]
    token: str
    tool: str
    arguments: Mapping[str, object]
    connections: int  # to each address
    seconds: float


@dataclass(frozen=True)
class Flooded:
    """How many were answered with each status, in how many seconds.

    `last_allowed` is when the last one that went on was answered.
    """

    statuses: Mapping[int, int]
    seconds: float
    last_allowed: float

    @property
    def made(self) -> int:
        """All of them."""
        return sum(self.statuses.values())

    @property
    def allowed(self) -> int:
        """Those that went on."""
        return self.statuses.get(200, 0)

    @property
    def faults(self) -> int:
        """Those that met a fault of ours, or were not answered."""
        return sum(number for status, number in self.statuses.items() if not 200 <= status < 500)


async def flooded(flood: Flood) -> Flooded:
    """Make the calls in this process."""
    tally = _Tally(time.monotonic())
    lanes = [address for address in flood.addresses for _ in range(flood.connections)]
    await asyncio.gather(*(_lane(flood, address, tally=tally) for address in lanes))
    return Flooded(tally.statuses, tally.passed, tally.last_allowed)


@dataclass
class _Tally:
    began: float
    statuses: Counter[int] = field(default_factory=Counter)
    last_allowed: float = 0

    @property
    def passed(self) -> float:
        return time.monotonic() - self.began

    def note(self, status: int) -> None:
        self.statuses[status] += 1
        if status == 200:
            self.last_allowed = self.passed


async def _lane(flood: Flood, address: str, *, tally: _Tally) -> None:
    """One call after another over one connection."""
    where = urlsplit(address)
    asked = _request(flood, where.netloc)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    while tally.passed < flood.seconds:
        try:
            writer.write(asked)
            tally.note(await _status(reader))
        except (OSError, asyncio.IncompleteReadError):
            tally.note(0)
            writer.close()
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.close()


def _request(flood: Flood, host: str) -> bytes:
    body = json.dumps(message(flood.tool, flood.arguments)).encode()
    lines = {
        "Host": host,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers(flood.tool, token=flood.token),
        "Accept": "application/json",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /mcp HTTP/1.1\r\n{head}\r\n".encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one whole answer and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    lengths = [line for line in lines if line.lower().startswith(_LENGTH)]
    if lengths:
        await reader.readexactly(int(lengths[0][len(_LENGTH) :]))
    else:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return int(first.split()[1])
