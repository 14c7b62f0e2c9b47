"""The session manager lives as long as its event loop, with `lifespan` and without."""

import asyncio
import sys
from collections.abc import Callable

import pytest
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Message
from twisted.internet.defer import Deferred

from mcp_app.endpoint import McpEndpoint
from mcp_app.lifecycle import SessionManagers
from mcp_app.server import make_manager, make_server


async def nothing() -> None:
    """Nothing was opened."""


def _manager() -> StreamableHTTPSessionManager:
    return make_manager(make_server())


async def test_one_manager_serves_an_event_loop_until_it_is_stopped():
    managers = SessionManagers(_manager, after_stop=nothing)
    first, again = await asyncio.gather(managers.current(), managers.current())
    assert first is again
    await managers.stop()
    assert await managers.current() is not first
    await managers.stop()


async def test_stopping_what_does_not_run_does_nothing():
    await SessionManagers(_manager, after_stop=nothing).stop()


async def test_what_was_opened_is_closed_after_the_manager():
    closed = []

    async def close() -> None:
        closed.append("clients")

    managers = SessionManagers(_manager, after_stop=close)
    await managers.current()
    await managers.stop()
    assert closed == ["clients"]


def test_every_event_loop_has_its_own_manager():
    managers = SessionManagers(_manager, after_stop=nothing)

    async def one() -> StreamableHTTPSessionManager:
        manager = await managers.current()
        await managers.stop()
        return manager

    assert asyncio.run(one()) is not asyncio.run(one())


async def test_a_manager_that_cannot_start_says_why():
    def used_already() -> StreamableHTTPSessionManager:
        manager = _manager()
        manager._has_started = True
        return manager

    managers = SessionManagers(used_already, after_stop=nothing)
    with pytest.raises(RuntimeError, match="can only be called once"):
        await managers.current()


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
    managers = SessionManagers(_manager, after_stop=nothing)
    manager = await managers.current()
    [(phase, event, stop)] = reactor.triggers
    assert (phase, event) == ("before", "shutdown")
    await stop().asFuture(asyncio.get_running_loop())
    assert manager._task_group is None


async def test_a_reactor_of_another_event_loop_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    reactor = Reactor()
    reactor._asyncioEventloop = object()
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", reactor)
    managers = SessionManagers(_manager, after_stop=nothing)
    await managers.current()
    assert reactor.triggers == []
    await managers.stop()
