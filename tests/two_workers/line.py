"""HTTP/1.1 at its cheapest, for thousands of requests: one connection, one request at a time."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    message: Any


class Line:
    """One connection to a worker, for JSON answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def to(cls, address: str) -> AsyncIterator["Line"]:
        """Connect to a worker at its address."""
        parts = urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            yield cls(reader, writer)
        finally:
            writer.close()

    async def send(self, path: str, message: Any, *, headers: Mapping[str, str]) -> None:
        """Send a message and read nothing."""
        body = json.dumps(message).encode()
        every = {
            "Host": "localhost",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in every.items())
        self._writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await self._writer.drain()

    async def post(self, path: str, message: Any, *, headers: Mapping[str, str]) -> Answer:
        """Send a message and read the answer."""
        await self.send(path, message, headers=headers)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        lengths = [line for line in head if line.startswith("content-length:")]
        body = await self._reader.readexactly(int(lengths[0].partition(":")[2]))
        return Answer(int(head[0].split()[1]), json.loads(body) if body else None)
