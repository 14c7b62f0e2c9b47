"""The line between workers is lost and found again."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from mcp_app.redis_clients import close_redis_client
from mcp_app.sessions.questions import worker_of
from mcp_app.sessions.relay import Relay, Word


@contextmanager
def hung(redis_url: str) -> Iterator[None]:
    """Redis takes connections and answers nothing, like a host that is gone."""
    with redis.Redis.from_url(redis_url) as connection:
        process = int(connection.info("server")["process_id"])
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def test_a_line_on_which_redis_is_silent_is_given_up(redis_url: str) -> None:
    relay = Relay("0" * 16, lambda _word: None, quiet_seconds=0.01, patience_seconds=0.1)
    listening = asyncio.create_task(relay.listen_until_lost())
    await relay.tried(within=5)
    assert relay.is_listening
    with hung(redis_url), pytest.raises(TimeoutError):
        await listening


async def test_a_quiet_line_is_kept(redis_url: str) -> None:
    heard: asyncio.Queue[Word] = asyncio.Queue()
    relay = Relay("0" * 16, heard.put_nowait, quiet_seconds=0.01, patience_seconds=5)
    listening = asyncio.create_task(relay.listen_until_lost())
    await relay.tried(within=5)
    with redis.Redis.from_url(redis_url) as connection:
        before = connection.info("commandstats")["cmdstat_subscribe"]["calls"]
        while connection.info("commandstats").get("cmdstat_ping", {}).get("calls", 0) < 3:
            await asyncio.wait([listening], timeout=0.01)
        assert connection.info("commandstats")["cmdstat_subscribe"]["calls"] == before
    await Relay("1" * 16, heard.put_nowait).tell("0" * 16, {"kind": "end"})
    assert await heard.get() == {"kind": "end"}
    listening.cancel()
    await asyncio.wait([listening])
    await close_redis_client()


async def test_a_worker_that_finds_redis_again_is_told_what_it_missed(redis_url: str) -> None:
    heard: asyncio.Queue[Word] = asyncio.Queue()
    telling = asyncio.create_task(
        Relay("1" * 16, heard.put_nowait).tell("0" * 16, {"kind": "answer"})
    )
    await asyncio.wait([telling], timeout=0.05)
    assert not telling.done()
    listening = asyncio.create_task(Relay("0" * 16, heard.put_nowait).listen())
    await telling
    assert await heard.get() == {"kind": "answer"}
    listening.cancel()
    await asyncio.wait([listening])
    await close_redis_client()


@pytest.mark.parametrize("id_", [7, None, "all.1", "0.0", "0011223344556677", "../../etc.1", "."])
def test_what_no_worker_asked_is_looked_for_at_none(id_: object) -> None:
    assert worker_of(id_) is None


def test_the_id_of_a_question_says_who_asked() -> None:
    assert worker_of("0011223344556677.abc") == "0011223344556677"
