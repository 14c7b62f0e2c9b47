"""The session manager lives as long as its event loop, with `lifespan` and without."""

import asyncio

import pytest
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Message

from mcp_app.endpoint import McpEndpoint
from mcp_app.lifecycle import SessionManagers
from mcp_app.server import make_manager


async def nothing() -> None:
    """Nothing was opened."""


async def test_one_manager_serves_an_event_loop_until_it_is_stopped():
    managers = SessionManagers(make_manager, after_stop=nothing)
    first, again = await asyncio.gather(managers.current(), managers.current())
    assert first is again
    await managers.stop()
    assert await managers.current() is not first
    await managers.stop()


async def test_stopping_what_does_not_run_does_nothing():
    await SessionManagers(make_manager, after_stop=nothing).stop()


async def test_what_was_opened_is_closed_after_the_manager():
    closed = []

    async def close() -> None:
        closed.append("clients")

    managers = SessionManagers(make_manager, after_stop=close)
    await managers.current()
    await managers.stop()
    assert closed == ["clients"]


def test_every_event_loop_has_its_own_manager():
    managers = SessionManagers(make_manager, after_stop=nothing)

    async def one() -> StreamableHTTPSessionManager:
        manager = await managers.current()
        await managers.stop()
        return manager

    assert asyncio.run(one()) is not asyncio.run(one())


async def test_a_manager_that_cannot_start_says_why():
    def used_already() -> StreamableHTTPSessionManager:
        manager = make_manager()
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
