"""The session service lives as long as its event loop, with `lifespan` and without."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp.server.lowlevel import Server
from starlette.types import Message
from twisted.internet.defer import Deferred

from mcp_app.endpoint import McpEndpoint
from mcp_app.lifecycle import Services
from mcp_app.server import make_server
from mcp_app.service import McpService
from mcp_app.sessions.changes import Changes


async def nothing() -> None:
    """Nothing was opened."""


def _service() -> McpService:
    return McpService(make_server)


async def test_one_service_serves_an_event_loop_until_it_is_stopped():
    services = Services(_service, after_stop=nothing)
    first, again = await asyncio.gather(services.current(), services.current())
    assert first is again
    await services.stop()
    assert await services.current() is not first
    await services.stop()


async def test_stopping_what_does_not_run_does_nothing():
    await Services(_service, after_stop=nothing).stop()


async def test_what_was_opened_is_closed_after_the_service():
    closed = []

    async def close() -> None:
        closed.append("clients")

    services = Services(_service, after_stop=close)
    await services.current()
    await services.stop()
    assert closed == ["clients"]


def test_every_event_loop_has_its_own_service():
    services = Services(_service, after_stop=nothing)

    async def one() -> McpService:
        service = await services.current()
        await services.stop()
        return service

    assert asyncio.run(one()) is not asyncio.run(one())


async def test_a_service_that_cannot_start_says_why():
    @asynccontextmanager
    async def broken(_server: object) -> AsyncIterator[None]:
        raise RuntimeError("no such thing")
        yield

    def of_a_broken_server(changes: Changes) -> Server[Any]:
        return Server("broken", lifespan=broken)

    services = Services(lambda: McpService(of_a_broken_server), after_stop=nothing)
    with pytest.raises(RuntimeError, match="no such thing"):
        await services.current()


async def test_a_server_with_lifespan_starts_and_stops_it():
    to_receive = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return to_receive.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await McpEndpoint().lifespan({"type": "lifespan"}, receive, send)
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


class Reactor:
    """Twisted's reactor on this event loop, as far as it matters here."""

    def __init__(self) -> None:
        self._asyncioEventloop = asyncio.get_running_loop()
        self.triggers: list[tuple[str, str, Callable[[], Deferred[None]]]] = []

    def addSystemEventTrigger(  # noqa: N802  # Twisted's name
        self, phase: str, event: str, call: Callable[[], Deferred[None]]
    ) -> None:
        self.triggers.append((phase, event, call))


async def test_twisted_waits_for_the_end_before_it_shuts_down(monkeypatch: pytest.MonkeyPatch):
    reactor = Reactor()
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", reactor)
    services = Services(_service, after_stop=nothing)
    service = await services.current()
    [(phase, event, stop)] = reactor.triggers
    assert (phase, event) == ("before", "shutdown")
    await stop().asFuture(asyncio.get_running_loop())
    assert await services.current() is not service
    await services.stop()


async def test_a_reactor_of_another_event_loop_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    reactor = Reactor()
    reactor._asyncioEventloop = object()
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", reactor)
    services = Services(_service, after_stop=nothing)
    await services.current()
    assert reactor.triggers == []
    await services.stop()
