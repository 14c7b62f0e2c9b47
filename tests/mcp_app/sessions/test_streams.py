"""The standing streams of one worker, as many as one person may hold."""

from contextlib import ExitStack

import anyio
import pytest

from mcp_app.sessions.streams import StandingStreams

ABEL, BETH = 1, 2
HELLO = {"jsonrpc": "2.0", "method": "hello"}


async def test_a_person_who_opens_too_many_streams_loses_their_oldest_and_nobody_elses() -> None:
    streams = StandingStreams(most_of_a_person=2)
    with ExitStack() as stack:
        of_beth = stack.enter_context(streams.opened("beth", BETH))
        first = stack.enter_context(streams.opened("first", ABEL))
        stack.enter_context(streams.opened("second", ABEL))
        stack.enter_context(streams.opened("third", ABEL))
        with pytest.raises(anyio.EndOfStream):
            first.outgoing.receive_nowait()
        assert [streams.tell(name, HELLO) for name in ("first", "second", "third", "beth")] == [
            False,
            True,
            True,
            True,
        ]
        assert of_beth.outgoing.receive_nowait() == HELLO


async def test_a_session_that_opens_its_stream_again_costs_no_other_one() -> None:
    streams = StandingStreams(most_of_a_person=2)
    with ExitStack() as stack:
        for session in ("first", "second", "second"):
            stack.enter_context(streams.opened(session, ABEL))
        assert streams.tell("first", HELLO)
        assert streams.tell("second", HELLO)


async def test_a_client_that_stops_reading_loses_its_stream_and_nobody_else_does() -> None:
    streams = StandingStreams()
    with streams.opened("deaf", ABEL) as deaf, streams.opened("other", BETH) as other:
        for _ in range(1_000):
            streams.tell("deaf", HELLO)
        streams.tell("other", HELLO)
        heard = [message async for message in deaf.outgoing]
        assert 0 < len(heard) < 1_000
        assert other.outgoing.receive_nowait() == HELLO
        with pytest.raises(anyio.WouldBlock):
            other.outgoing.receive_nowait()
