"""What only a real connection shows: cookies, keep-alive, resets, silence."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    ConnectionFailed,
    DeadlinePassed,
    OutcomeUnknown,
    TokenEndpointUnavailable,
)
from servicenow.http import close_shared_client, shared_client
from servicenow.oauth import OAuthClient
from servicenow.query import Query

pytestmark = [pytest.mark.real_servers, pytest.mark.enable_socket]

Behaviour = Callable[["Server", bytes, asyncio.StreamWriter], Awaitable[None]]
RESULT = b'{"result":{"sys_id":{"value":"a1","display_value":"a1"}}}'


class Server:
    """A server on loopback that reads requests and behaves as the test says."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.connections = 0
        self.requests: list[bytes] = []
        self.address = ""
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = [line for line in head.lower().split(b"\r\n") if b"content-length" in line]
                body = await reader.readexactly(int(length[0].split(b":")[1])) if length else b""
                self.requests.append(head + body)
                await self.behaviour(self, head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def hang_up(self) -> None:
        for writer in self._open:
            writer.close()


@asynccontextmanager
async def serving(behaviour: Behaviour) -> AsyncIterator[Server]:
    server = Server(behaviour)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    host, port = listener.sockets[0].getsockname()
    server.address = f"http://{host}:{port}"
    try:
        yield server
    finally:
        listener.close()
        server.hang_up()
        await close_shared_client()


def client_of(server: Server, *, token: str = "t", seconds: float = 3) -> ServiceNowClient:
    return ServiceNowClient(
        server.address, http=shared_client(), tokens=FixedToken(token), deadline_seconds=seconds
    )


def answer(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


async def good(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    cookies = (
        b"Set-Cookie: JSESSIONID=of-the-first; Path=/; HttpOnly",
        b"Set-Cookie: glide_session_store=of-the-first; Path=/",
    )
    writer.write(answer(RESULT, *cookies))
    await writer.drain()


async def read(client: ServiceNowClient) -> None:
    await client.tables.get("incident", sys_id="a1", fields=[])


async def write(client: ServiceNowClient) -> None:
    await client.tables.create("incident", {"correlation_id": "ours"}, fields=[])


async def test_no_cookie_leaves_the_machine() -> None:
    async with serving(good) as server:
        # By name, because cookie jars take none from addresses in numbers.
        server.address = server.address.replace("127.0.0.1", "localhost")
        for person in ("abel", "beth", "abel"):
            await read(client_of(server, token=person))
            await write(client_of(server, token=person))
        await shared_client().get(server.address)
        assert len(server.requests) == 7
        assert not any(b"cookie" in request.lower() for request in server.requests)
        assert len(shared_client().cookies) == 0


async def test_one_connection_serves_many_requests_of_many_people() -> None:
    async with serving(good) as server:
        for person in ("abel", "beth", "charlie") * 3:
            await read(client_of(server, token=person))
        assert server.connections == 1


async def test_a_connection_that_the_server_closed_is_replaced() -> None:
    async with serving(good) as server:
        await read(client_of(server))
        server.hang_up()
        await asyncio.sleep(0)
        await read(client_of(server))
        assert server.connections == 2


async def hang_up(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def half(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(RESULT)[:-10])
    writer.close()


async def nonsense(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    writer.close()


BROKEN = [hang_up, reset, half, nonsense]


@pytest.mark.parametrize("behaviour", BROKEN)
async def test_a_read_over_a_broken_connection_fails_after_two_repetitions(
    behaviour: Behaviour,
) -> None:
    async with serving(behaviour) as server:
        with pytest.raises(ConnectionFailed):
            await read(client_of(server))
        assert len(server.requests) == 3


@pytest.mark.parametrize("behaviour", BROKEN)
async def test_a_write_over_a_broken_connection_is_in_doubt_and_sent_once(
    behaviour: Behaviour,
) -> None:
    async with serving(behaviour) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await write(client_of(server))
        assert caught.value.correlation_id == "ours"
        assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", BROKEN)
async def test_a_write_over_a_connection_that_was_kept_alive_is_sent_once(
    behaviour: Behaviour,
) -> None:
    async with serving(good) as server:
        await read(client_of(server))
        server.behaviour = behaviour
        with pytest.raises(OutcomeUnknown):
            await client_of(server).tables.update(
                "incident", sys_id="a1", values={"state": "2"}, fields=[]
            )
        assert len(server.requests) == 2


async def test_a_server_that_is_not_there_leaves_no_doubt() -> None:
    async with serving(good) as server:
        pass
    try:
        with pytest.raises(ConnectionFailed):
            await read(client_of(server))
        with pytest.raises(ConnectionFailed) as caught:
            await write(client_of(server))
        assert not caught.value.may_have_left
    finally:
        await close_shared_client()


async def say_nothing(_: Server, __: bytes, ___: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"[")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("behaviour", [say_nothing, drip])
async def test_a_slow_server_does_not_outlast_the_deadline(behaviour: Behaviour) -> None:
    async with serving(behaviour) as server:
        with pytest.raises(DeadlinePassed):
            await read(client_of(server, seconds=0.1))
        with pytest.raises(OutcomeUnknown) as caught:
            await write(client_of(server, seconds=0.1))
        assert isinstance(caught.value.cause, DeadlinePassed)


@pytest.mark.parametrize("behaviour", [*BROKEN, say_nothing, drip])
async def test_a_broken_token_endpoint_decides_nothing(behaviour: Behaviour) -> None:
    async with serving(behaviour) as server:
        oauth = OAuthClient(server.address, "c", "", "http://x", shared_client(), seconds=0.1)
        with pytest.raises(TokenEndpointUnavailable):
            await oauth.refresh("r")
        with pytest.raises(TokenEndpointUnavailable):
            await oauth.revoke("r")
        assert len(server.requests) == 2


async def compressed(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(gzip.compress(RESULT), b"Content-Encoding: gzip"))
    await writer.drain()


async def bomb(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
    body = gzip.compress(b" " * 200_000_000, compresslevel=1)
    writer.write(answer(body, b"Content-Encoding: gzip"))
    await writer.drain()


async def test_compressed_answers_are_read_and_bombs_are_not() -> None:
    async with serving(compressed) as server:
        await read(client_of(server))
        server.behaviour = bomb
        with pytest.raises(Exception, match="longer than 10000000 bytes"):
            await read(client_of(server))


async def test_long_headers_do_not_break_a_connection() -> None:
    async def long_header(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b'{"result":[]}', b"X-Long: " + b"x" * 20_000))
        await writer.drain()

    async with serving(long_header) as server:
        page = await client_of(server).tables.list("incident", query=Query(), fields=[])
        assert page.records == ()


async def test_a_query_arrives_byte_for_byte() -> None:
    async def empty(_: Server, __: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b'{"result":[]}'))
        await writer.drain()

    async with serving(empty) as server:
        query = Query().contains("short_description", "a^b&c=d+e%20 ä😀#?\n\x00/")
        await client_of(server).tables.list("incident", query=query, fields=[])
        target = server.requests[0].split(b" ")[1].decode("ascii")
        assert httpx.URL(target).params["sysparm_query"] == str(query)
