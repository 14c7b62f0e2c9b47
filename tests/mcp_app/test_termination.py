"""A service ends with its process, also where the server would wait for its streams first."""

import asyncio
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

import anyio
import pytest
from starlette.types import Message

from mcp_app.endpoint import McpEndpoint
from mcp_app.termination import called_at_the_end


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What a server that handles SIGTERM has heard."""
    heard: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGTERM, handle)
    yield heard
    signal.signal(signal.SIGTERM, before)


async def test_both_hear_that_the_process_is_to_end(heard: list[int]) -> None:
    of_server, ended = signal.getsignal(signal.SIGTERM), asyncio.Event()
    with called_at_the_end(ended.set):
        signal.raise_signal(signal.SIGTERM)
        await ended.wait()
    assert heard == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is of_server


async def test_where_nobody_handles_the_signal_it_ends_the_process_as_ever() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with called_at_the_end(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_in_another_thread_nothing_is_handled(heard: list[int]) -> None:
    of_server = signal.getsignal(signal.SIGTERM)

    async def inside() -> Any:
        with called_at_the_end(lambda: None):
            return signal.getsignal(signal.SIGTERM)

    assert await asyncio.to_thread(asyncio.run, inside()) is of_server


async def test_streams_end_when_the_server_is_told_and_not_when_it_shuts_down(
    heard: list[int],
) -> None:
    endpoint, has_started, has_waited = McpEndpoint(), asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        if not has_started.is_set():
            return {"type": "lifespan.startup"}
        await has_waited.wait()
        return {"type": "lifespan.shutdown"}

    async def send(message: Message) -> None:
        has_started.set()

    lifespan = asyncio.create_task(endpoint.lifespan({"type": "lifespan"}, receive, send))
    await has_started.wait()
    streams = (await endpoint.services.current()).worker.streams
    with streams.opened("a session", 1) as stream:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(anyio.EndOfStream):
            await stream.outgoing.receive()
    has_waited.set()
    await lifespan
    assert heard == [signal.SIGTERM]
