"""What belongs to an event loop is made once for each, and forgotten when it is taken away."""

import asyncio

import pytest

from mcp_app.event_loops import PerEventLoop


def test_every_event_loop_has_its_own():
    things = PerEventLoop(object)

    async def twice() -> object:
        assert things.current() is things.current()
        return things.current()

    assert asyncio.run(twice()) is not asyncio.run(twice())


async def test_what_was_taken_is_made_anew():
    things = PerEventLoop(object)
    first = things.current()
    assert things.taken() is first
    assert things.taken() is None
    assert things.current() is not first


def test_outside_an_event_loop_there_is_none():
    with pytest.raises(RuntimeError):
        PerEventLoop(object).current()
