"""Requests at daphne: what is too long is refused before it is kept, and nothing is done twice."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.support.daphne_wire import Answering, Served, Wire

MEBIBYTE = 1024 * 1024
CHUNK = b"80000\r\n" + b" " * 0x80000 + b"\r\n"
MCP = [b"/mcp", b"/mcp/", b"/mcp/servicenow", b"/mcp?token=a", b"/%6dcp", b"http://localhost/mcp"]


def head(*headers: bytes, target: bytes = b"/mcp", method: bytes = b"POST") -> bytes:
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: localhost", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


@pytest.fixture
def app() -> Answering:
    return Answering()


@pytest.fixture
async def served(app: Answering) -> AsyncIterator[Served]:
    served = Served(app)
    yield served
    served.end()


@pytest.fixture
def wire(app: Answering, served: Served) -> Wire:
    app.may_answer.set()
    return served.connect()


async def test_a_request_is_served_with_its_body(app: Answering, wire: Wire):
    await wire.send(head(b"Content-Length: 4"), b"bo", b"dy")
    assert wire.status == b"HTTP/1.1 200 OK"
    assert app.bodies == [b"body"]
    assert app.scopes[0]["path"] == "/mcp"


@pytest.mark.parametrize("target", MCP)
async def test_a_body_too_long_for_mcp_is_refused_instead_of_asked_for(
    app: Answering, wire: Wire, target: bytes
):
    length = b"Content-Length: %d" % (MEBIBYTE + 1)
    answer = await wire.send(head(length, b"Expect: 100-continue", target=target))
    assert wire.status == b"HTTP/1.1 413 Content Too Large"
    assert b"100 Continue" not in answer
    assert b"\r\nConnection: close\r\n" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == -32600
    assert wire.transport.is_half_closed
    assert app.scopes == []


async def test_a_body_that_fits_is_asked_for(wire: Wire):
    length = b"Content-Length: %d" % MEBIBYTE
    assert (
        await wire.send(head(length, b"Expect: 100-continue")) == b"HTTP/1.1 100 Continue\r\n\r\n"
    )


@pytest.mark.parametrize("target", [b"/o/token/", b"/mcpx", b"/api/mcp"])
async def test_elsewhere_the_limit_is_above_djangos(served: Served, target: bytes):
    fits, too_long = served.connect(), served.connect()
    asked = b"Expect: 100-continue"
    await fits.send(head(b"Content-Length: %d" % (4 * MEBIBYTE), asked, target=target))
    await too_long.send(head(b"Content-Length: %d" % (4 * MEBIBYTE + 1), asked, target=target))
    assert fits.status == b"HTTP/1.1 100 Continue"
    assert too_long.status == b"HTTP/1.1 413 Content Too Large"


async def test_a_body_of_unknown_length_is_refused_where_it_is_too_long(app: Answering, wire: Wire):
    await wire.send(head(b"Transfer-Encoding: chunked"), CHUNK, CHUNK)
    assert wire.written == b""
    await wire.send(CHUNK, b"0\r\n\r\n")
    assert wire.status == b"HTTP/1.1 413 Content Too Large"
    assert app.scopes == []


@pytest.mark.parametrize(
    "request_",
    [
        head(b"Content-Length: 9000000") + b"body",
        head(b"Transfer-Encoding: chunked") + CHUNK * 4 + b"0\r\n\r\n" + head(),
        head(b"Transfer-Encoding: chunked") + CHUNK * 3 + b"no chunk\r\n",
    ],
)
async def test_what_comes_together_with_a_body_too_long_is_dropped(
    app: Answering, wire: Wire, request_: bytes
):
    answer = await wire.send(request_)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert wire.status == b"HTTP/1.1 413 Content Too Large"
    assert app.scopes == []


@pytest.mark.parametrize(
    "headers",
    [
        [b"Content-Length: -1"],
        [b"Content-Length: 1e3"],
        [b"Content-Length: +4"],
        [b"Content-Length: 4, 4"],
        [b"Content-Length: "],
        [b"Content-Length: 0x4"],
        [b"Content-Length: " + b"9" * 5_000],
        [b"Content-Length: 4", b"Content-Length: 4"],
        [b"Content-Length: 4", b"Content-Length: 5"],
        [b"Content-Length: 4", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Content-Length: 4"],
        [b"Transfer-Encoding: gzip, chunked"],
        [b"Transfer-Encoding: xchunked"],
        [b"No colon"],
        [b"Bad name: x"],
        [b"X: a\x00b"],
        [b"X: " + b"y" * 20_000],
        [b"X: y"] * 600,
    ],
)
async def test_a_head_that_could_be_read_in_two_ways_is_refused(
    app: Answering, wire: Wire, headers: list[bytes]
):
    await wire.send(head(*headers), b"body")
    assert wire.status == b"HTTP/1.1 400 Bad Request"
    assert app.scopes == []


@pytest.mark.parametrize(
    "line",
    [
        b"POST /mcp",
        b"POST /mcp HTTP/2.0",
        b"POST  /mcp HTTP/1.1",
        b"P\xd6ST /mcp HTTP/1.1",
        b"GET / mcp HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01",
        b"PRI * HTTP/2.0",
    ],
)
async def test_what_is_no_request_is_refused(app: Answering, wire: Wire, line: bytes):
    await wire.send(line + b"\r\nHost: localhost\r\n\r\n")
    assert wire.status == b"HTTP/1.1 400 Bad Request"
    assert app.scopes == []


@pytest.mark.parametrize(
    "chunked", [b"xyz\r\nbody\r\n0\r\n\r\n", b"-4\r\nbody\r\n0\r\n\r\n", b"4\r\nbodybody\r\n"]
)
async def test_broken_chunks_are_refused(app: Answering, wire: Wire, chunked: bytes):
    await wire.send(head(b"Transfer-Encoding: chunked"), chunked)
    assert wire.status == b"HTTP/1.1 400 Bad Request"
    assert app.scopes == []


async def test_a_form_is_left_to_the_application(app: Answering, wire: Wire):
    form = b"--x\r\nbroken"
    kind = b"Content-Type: multipart/form-data; boundary=x"
    await wire.send(head(kind, b"Content-Length: %d" % len(form), target=b"/"), form)
    assert wire.status == b"HTTP/1.1 200 OK"
    assert app.bodies == [form]


@pytest.mark.parametrize("value", [b"/o", b"\xff"])
async def test_a_client_does_not_say_where_the_application_is_mounted(
    app: Answering, wire: Wire, value: bytes
):
    await wire.send(head(b"Daphne-Root-Path: " + value))
    assert wire.status == b"HTTP/1.1 200 OK"
    assert app.scopes[0]["root_path"] == ""


@pytest.mark.parametrize(
    ("target", "host", "path", "query"),
    [
        (b"http://evil.example/mcp?a=b", b"evil.example", "/mcp", b"a=b"),
        (b"HTTPS://localhost:8080", b"localhost:8080", "/", b""),
        (b"http://localhost@evil.example/mcp", b"localhost@evil.example", "/mcp", b""),
    ],
)
async def test_the_host_in_the_address_counts_instead_of_the_header(
    app: Answering, wire: Wire, *, target: bytes, host: bytes, path: str, query: bytes
):
    await wire.send(head(target=target))
    [scope] = app.scopes
    assert [value for name, value in scope["headers"] if name == b"host"] == [host]
    assert (scope["path"], scope["query_string"]) == (path, query)


async def test_an_address_that_is_none_is_refused(app: Answering, wire: Wire):
    await wire.send(head(target=b"http://[/mcp"))
    assert wire.status == b"HTTP/1.1 400 Bad Request"
    assert app.scopes == []
