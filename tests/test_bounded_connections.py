"""Connections at daphne: each step has its time, each answer is taken, and there are so many."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from twisted.internet.task import Clock

from snmcp_project import bounded_connections
from snmcp_project.bounded_connections import Bounds, bounds_of_this_process
from tests.support.daphne_wire import Answering, Served, Wire
from tests.test_bounded_requests import head

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout"
BOUNDS = Bounds()


@pytest.fixture
def app() -> Answering:
    return Answering()


@pytest.fixture
async def serve(app: Answering) -> AsyncIterator[Callable[[Bounds], Served]]:
    """A server with bounds of the test's; its connections are closed in the end."""
    all_served: list[Served] = []

    def make(bounds: Bounds) -> Served:
        all_served.append(Served(app, bounds=bounds))
        return all_served[-1]

    yield make
    for served in all_served:
        served.end()


@pytest.fixture
def served(serve: Callable[[Bounds], Served]) -> Served:
    return serve(BOUNDS)


async def test_a_head_that_trickles_is_refused(served: Served):
    wire = served.connect()
    for byte in b"POST /mcp HTTP/1.1\r\n":
        served.clock.advance(BOUNDS.head / 21)
        await wire.send(bytes([byte]))
    assert wire.written == b""
    served.clock.advance(BOUNDS.head / 10)
    assert wire.status == TOO_SLOW


async def test_a_body_that_trickles_is_refused(app: Answering, served: Served):
    wire = served.connect()
    await wire.send(head(b"Content-Length: 100"))
    for _ in range(5):
        served.clock.advance(BOUNDS.request / 6)
        await wire.send(b" ")
    assert wire.written == b""
    served.clock.advance(BOUNDS.request / 6)
    assert wire.status == TOO_SLOW
    assert b'"error"' in wire.written
    await wire.send(b" " * 95)
    assert app.scopes == []


async def test_a_body_that_stalls_is_refused(served: Served):
    wire = served.connect()
    await wire.send(head(b"Content-Length: 100", target=b"/"), b" ")
    served.clock.advance(BOUNDS.stalled - 1)
    assert wire.written == b""
    served.clock.advance(1)
    assert wire.status == TOO_SLOW
    assert wire.written.endswith(b"\r\n\r\n")


async def test_a_connection_without_a_request_is_closed_in_silence(served: Served):
    wire = served.connect()
    served.clock.advance(BOUNDS.idle - 1)
    assert not wire.transport.disconnecting
    served.clock.advance(1)
    assert wire.transport.disconnecting
    assert wire.written == b""


async def test_there_is_time_for_every_answer_and_then_for_every_request(
    app: Answering, served: Served
):
    wire = served.connect()
    for number in range(1, 4):
        await wire.send(GET)
        served.clock.advance(100 * BOUNDS.idle)
        assert len(app.scopes) == number
        app.may_answer.set()
        answers = await wire.send()
        assert answers.count(b"HTTP/1.1 200 OK") == number
        app.may_answer.clear()
        served.clock.advance(BOUNDS.idle - 1)
    served.clock.advance(1)
    assert wire.transport.disconnecting


async def test_requests_sent_at_once_are_answered_one_after_the_other(
    app: Answering, served: Served
):
    wire = served.connect()
    app.may_answer.set()
    await wire.send(GET + GET + GET[:10])
    assert (await wire.send()).count(b"HTTP/1.1 200 OK") == 2
    served.clock.advance(BOUNDS.head)
    assert wire.written.count(TOO_SLOW) == 1


async def test_what_comes_after_a_refusal_is_dropped_for_a_while(app: Answering, served: Served):
    wire = served.connect()
    await wire.send(head(b"Content-Length: 9000000"))
    before = await wire.send(b"x" * 100_000, GET)
    assert before.count(b"HTTP/1.1") == 1
    assert not wire.transport.is_aborted
    served.clock.advance(BOUNDS.lingering)
    assert wire.transport.is_aborted
    assert app.scopes == []


async def test_who_goes_on_sending_after_a_refusal_is_cut_off(served: Served):
    wire = served.connect()
    await wire.send(head(b"Content-Length: 9000000"), *[b"x" * 1_000_000] * 5)
    assert wire.transport.is_aborted


async def test_an_answer_waits_for_a_client_that_does_not_read(app: Answering, served: Served):
    app.parts = [b"x"] * 3
    app.may_answer.set()
    wire = served.connect()
    wire.channel.pauseProducing()
    await wire.send(GET)
    assert app.sent == 0
    wire.channel.resumeProducing()
    await wire.send()
    assert app.sent == 3


async def test_an_answer_that_nobody_takes_ends_with_its_connection(
    app: Answering, serve: Callable[[Bounds], Served]
):
    served = serve(replace(BOUNDS, unread=0.001))
    app.parts = [b"x"] * 3
    app.may_answer.set()
    wire = served.connect()
    wire.channel.pauseProducing()
    await wire.send(GET)
    await asyncio.sleep(0.01)
    assert wire.transport.is_aborted


async def test_nobody_waits_for_a_client_that_has_left(app: Answering, served: Served):
    app.parts = [b"x"] * 3
    app.may_answer.set()
    wire = served.connect()
    wire.channel.pauseProducing()
    await wire.send(GET)
    wire.lose()
    for _ in range(5):
        await asyncio.sleep(0)
    assert app.sent == 3
    assert served.clock.getDelayedCalls() == []


async def test_the_rest_of_a_last_answer_is_taken_in_time_or_lost(app: Answering, served: Served):
    app.may_answer.set()
    wire = served.connect()
    await wire.send(head(b"Connection: close", target=b"/", method=b"GET"))
    assert wire.transport.disconnecting
    assert not wire.transport.is_aborted
    served.clock.advance(BOUNDS.unread)
    assert wire.transport.is_aborted


async def test_whoever_waits_longest_makes_room(app: Answering, serve: Callable[[Bounds], Served]):
    served = serve(replace(BOUNDS, connections=3))
    busy, first, second = (served.connect() for _ in range(3))
    await busy.send(GET)
    await first.send(b"GET / HT")
    third = served.connect()
    aborted = [wire.transport.is_aborted for wire in (busy, first, second, third)]
    assert aborted == [False, True, False, False]
    app.may_answer.set()
    assert b"200 OK" in await busy.send()
    assert b"200 OK" in await third.send(GET)


async def test_when_all_are_being_served_a_new_connection_is_refused(
    app: Answering, serve: Callable[[Bounds], Served]
):
    served = serve(replace(BOUNDS, connections=2))
    wires = [served.connect() for _ in range(2)]
    for wire in wires:
        await wire.send(GET)
    assert served.connect().is_refused
    wires[0].lose()
    assert not served.connect().is_refused


@pytest.mark.parametrize(("files", "connections"), [(1024, 768), (100_000, 4096), (-1, 4096)])
def test_files_are_left_for_the_database(
    monkeypatch: pytest.MonkeyPatch, files: int, connections: int
):
    monkeypatch.setattr(bounded_connections.resource, "getrlimit", lambda _: (files, files))
    assert bounds_of_this_process().connections == connections


class Port:
    """What is listened on: takes as many at a time as came last time, as Twisted's does."""

    def __init__(self) -> None:
        self.reactor = Clock()
        self.numberAccepts = 1
        self.connected = True
        self.disconnecting = False
        self.waiting = 0

    def doRead(self) -> None:  # noqa: N802  # Twisted's name
        self.waiting -= 0 if self.disconnecting else min(self.waiting, self.numberAccepts)

    def stopListening(self) -> None:  # noqa: N802  # Twisted's name
        self.disconnecting = True


async def test_a_stop_cancels_what_runs_although_other_connections_are_idle(
    app: Answering, served: Served
):
    idle, busy = served.connect(), served.connect()
    await idle.send(b"GET / HT")
    await busy.send(GET)
    served.server.patience_seconds = served.server.moment_seconds = 0
    served.server.kill_all_applications()
    for _ in range(5):
        await asyncio.sleep(0)
    assert app.is_cancelled
    idle.lose()


async def test_a_stop_lets_what_runs_finish_and_listens_no_more(app: Answering, served: Served):
    busy: Wire = served.connect()
    await busy.send(GET)
    served.server.moment_seconds = 0
    port = Port()
    served.server.listen_success(port)
    port.waiting = 7
    ended = served.server.kill_all_applications()
    assert (port.waiting, port.disconnecting) == (0, True), "nobody who waits is reset"
    port.waiting = 2
    port.reactor.advance(0)
    assert (port.waiting, port.disconnecting) == (0, True), "nor who comes before it closes"
    app.may_answer.set()
    await ended.asFuture(asyncio.get_running_loop())
    assert busy.status.endswith(b"200 OK")
    assert not app.is_cancelled


async def test_a_refused_request_can_be_left(app: Answering, served: Served):
    wire: Wire = served.connect()
    await wire.send(head(b"Content-Length: 9000000"))
    wire.lose()
    assert served.clock.getDelayedCalls() == []
