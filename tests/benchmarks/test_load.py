"""The load generator sends what it is told and counts what comes back."""

import asyncio
from collections.abc import Sequence

import pytest

from benchmarks.load import Load, _Connection, _summary
from benchmarks.shapes import page_of
from benchmarks.simulator import _lines

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


class Wire(asyncio.Transport):
    """A connection to nowhere that keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))


def test_a_request_says_how_long_its_body_is() -> None:
    load = Load(
        port=80,
        connections=1,
        seconds=1,
        requests=("POST /x",),
        headers="Accept: */*\r\n",
        body="äb",
    )
    (sent,) = load.as_bytes()
    assert sent.startswith(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept: */*\r\n")
    assert sent.endswith("Content-Length: 3\r\n\r\näb".encode())


def test_a_page_is_asked_for_with_its_query_quoted() -> None:
    assert "sysparm_query=a%3D1%5EORDERBYb&" in page_of("a=1^ORDERBYb")


async def test_the_next_request_is_sent_when_an_answer_is_whole() -> None:
    connection, wire = _connected([b"one", b"two"])
    connection.send()
    connection.data_received(ANSWER[:20])
    connection.data_received(ANSWER[20:-1])
    assert wire.sent == [b"one"]
    connection.data_received(ANSWER[-1:])
    assert wire.sent == [b"one", b"two"]


async def test_refusals_are_counted() -> None:
    connection, _ = _connected([b"one"])
    for answer in (ANSWER, ANSWER.replace(b"200 OK", b"401 No")):
        connection.send()
        connection.data_received(answer)
    found = _summary([connection], seconds=2)
    assert (found.answers, found.refused, found.per_second, found.body_bytes) == (2, 1, 1.0, 5)


async def test_a_connection_that_ends_is_a_failure() -> None:
    connection, _ = _connected([b"one"])
    connection.connection_lost(None)
    with pytest.raises(ConnectionResetError):
        await connection.stopped


def test_a_table_is_markdown() -> None:
    assert list(_lines(("a", "b"), [("1", "2")])) == ["| a | b |", "|---|---|", "| 1 | 2 |"]


def _connected(requests: Sequence[bytes]) -> tuple[_Connection, Wire]:
    connection, wire = _Connection(requests, first=0, stride=1), Wire()
    connection.connection_made(wire)
    connection.until = float("inf")
    return connection, wire
