"""Where the server hands a body on as it arrives, it is read here: uvicorn, without a socket."""

import asyncio
from functools import partial

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from mcp_app.bodies import Patience, read_message
from mcp_app.exceptions import RequestRefused

IMPATIENT = Patience(between_parts=0.01, in_all=0.05)
HEAD = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


async def reading(
    scope: Scope, receive: Receive, send: Send, *, patience: Patience = IMPATIENT
) -> None:
    """Read a body and answer how that went."""
    try:
        await read_message(scope, receive, patience=patience)
        status, headers = 200, []
    except RequestRefused as refusal:
        status = refusal.status
        headers = [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


class Transport(asyncio.Transport):
    """What was written, and whether the connection was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_closed = False
        self.is_answered = asyncio.Event()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)
        if not bytes(data).startswith(b"HTTP/1.1 100"):
            self.is_answered.set()

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        """There is nothing more to read."""

    def resume_reading(self) -> None:
        """Nor then."""


async def sent(*parts: bytes, patience: Patience = IMPATIENT) -> tuple[bytes, bool]:
    """Send parts of a request; return the answer and whether it closed the connection."""
    application = partial(reading, patience=patience)
    config = Config(
        application, interface="asgi3", lifespan="off", log_config=None, access_log=False
    )
    config.load()
    protocol = H11Protocol(config, ServerState(), {})
    transport = Transport()
    protocol.connection_made(transport)
    for part in parts:
        protocol.data_received(part)
        await asyncio.sleep(0.002)
    async with asyncio.timeout(5):
        await transport.is_answered.wait()
    await asyncio.sleep(0.002)
    written, is_closed = transport.written, transport.is_closed
    protocol.connection_lost(None)
    return written, is_closed


async def test_a_body_is_read_as_it_arrives():
    written, is_closed = await sent(
        HEAD + b"Content-Length: 33\r\n\r\n",
        b'{"jsonrpc":"2.0",',
        b'"method":"ping"}',
        patience=Patience(),
    )
    assert written.startswith(b"HTTP/1.1 200")
    assert not is_closed


async def test_a_body_that_stalls_ends_the_connection():
    written, is_closed = await sent(HEAD + b"Content-Length: 33\r\n\r\n", b'{"jsonrpc"')
    assert written.startswith(b"HTTP/1.1 408")
    assert is_closed


async def test_a_body_that_trickles_ends_the_connection():
    written, is_closed = await sent(HEAD + b"Content-Length: 1000\r\n\r\n", *[b" "] * 50)
    assert written.startswith(b"HTTP/1.1 408")
    assert is_closed


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Content-Length: 1048577", b"413"),
        (b"Content-Length: 5\r\nContent-Encoding: gzip", b"415"),
    ],
)
async def test_what_the_head_tells_is_refused_instead_of_continued(header: bytes, status: bytes):
    written, _ = await sent(HEAD + header + b"\r\nExpect: 100-continue\r\n\r\n")
    assert written.startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize("length", [b"Content-Length: 9000000", b"Transfer-Encoding: chunked"])
async def test_the_rest_of_a_body_too_long_is_not_taken(length: bytes):
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    written, is_closed = await sent(HEAD + length + b"\r\n\r\n", chunk, chunk)
    assert written.startswith(b"HTTP/1.1 413")
    assert is_closed
