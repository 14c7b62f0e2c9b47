"""Redis is away: each worker serves its own clients, and says what it cannot do for another's."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.two_workers.client import REQUEST_CANCELLED, Client, text_of
from tests.two_workers.site import TwoWorkers
from tests.two_workers.test_cancelling import assert_is_cancelled, cancel, waiting
from tests.two_workers.test_elicitation import ACCEPTED, answer_to, asked
from tests.two_workers.test_standing_streams import LIST_CHANGED

pytestmark = pytest.mark.enable_socket
NORMAL_WITHIN = 5.0


@pytest.fixture
async def no_redis(site: TwoWorkers, abel: Client, charlie: Client) -> AsyncIterator[None]:
    """Redis has ended; it is there again after the test."""
    site.processes.kill("redis")
    yield
    await asyncio.to_thread(site.start_redis)


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
async def test_a_worker_serves_its_own_clients(
    site: TwoWorkers, abel: Client, no_redis: None, name: str
) -> None:
    worker = site.daphne if name == "daphne" else site.uvicorn
    assert (await abel.call(worker, "who_am_i", mark="here")).endswith(" here")
    async with asked(abel, worker) as (events, question):
        assert (await abel.post(worker, answer_to(question, result=ACCEPTED))).status_code == 202
        assert "abel@example.com" in text_of(await events.next())
    async with waiting(abel, worker, 1) as (running,):
        await cancel(abel, worker, 1)
        await assert_is_cancelled(running, id_=1)
    async with abel.standing(worker) as stream:
        await abel.call(worker, "tell")
        assert await stream.next() == LIST_CHANGED


async def test_answers_for_the_other_worker_are_refused_until_redis_is_back(
    site: TwoWorkers, abel: Client, no_redis: None
) -> None:
    async with asked(abel, site.daphne) as (events, question):
        answer = answer_to(question, result=ACCEPTED)
        refused = await abel.post(site.uvicorn, answer)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        await asyncio.to_thread(site.start_redis)
        started = time.monotonic()
        # Taken at once, although neither worker hears the other yet.
        assert (await abel.post(site.uvicorn, answer)).status_code == 202
        assert "abel@example.com" in text_of(await events.next())
        assert time.monotonic() - started < NORMAL_WITHIN


async def test_all_is_as_before_within_five_seconds(
    site: TwoWorkers, abel: Client, no_redis: None
) -> None:
    async with abel.standing(site.daphne) as stream, waiting(abel, site.daphne, 1) as (running,):
        await asyncio.to_thread(site.start_redis)
        async with asyncio.timeout(NORMAL_WITHIN):
            heard, ended = asyncio.create_task(stream.next()), asyncio.create_task(running.next())
            while not (heard.done() and ended.done()):
                await abel.call(site.uvicorn, "tell")
                await cancel(abel, site.uvicorn, 1)
                await asyncio.wait([heard, ended], timeout=0.1)
        assert heard.result() == LIST_CHANGED
        assert (ended.result() or {})["error"]["code"] == REQUEST_CANCELLED
