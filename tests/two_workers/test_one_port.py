"""Two workers behind one port, as chance has it: no request finds the worker of an earlier one."""

import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.two_workers.client import Client, called, text_of
from tests.two_workers.site import TwoWorkers, Worker, uvicorn_with
from tests.two_workers.test_cancelling import WITHIN_SECONDS, assert_is_cancelled, cancel, waiting
from tests.two_workers.test_elicitation import ACCEPTED, QUESTION, answer_to
from tests.two_workers.test_standing_streams import LIST_CHANGED

pytestmark = pytest.mark.enable_socket
CALLS = 20
MOST_TRIES = 200


@pytest.fixture(scope="module")
def port(site: TwoWorkers) -> Iterator[Worker]:
    """One uvicorn with two workers, beside the others; the end of its open streams is its own."""
    both = uvicorn_with("--workers=2", name="uvicorn with two workers")
    site.start(both)
    yield both
    site.processes.end(both.name)


@pytest.fixture
async def client(site: TwoWorkers, port: Worker) -> AsyncIterator[Client]:
    """A client that uses no connection twice, so that each request may come to either worker."""
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=20, limits=limits) as web:
        yield await Client.opened(web, port, token=site.people[3].token)


async def test_questions_are_answered_through_whichever_worker(
    client: Client, port: Worker
) -> None:
    """Goes on until a worker has had an answer for itself, and one for the other worker."""
    met: set[bool] = set()
    for _ in range(MOST_TRIES):
        async with client.calling(port, QUESTION) as events:
            question = await events.next()
            assert question is not None
            answer = await client.post(port, answer_to(question, result=ACCEPTED))
            assert answer.status_code == 202
            assert "abel@example.com" in text_of(await events.next())
        asked_by, taken_by = (each.headers["X-Served-By"] for each in (events.answer, answer))
        met.add(asked_by == taken_by)
        if len(met) == 2:
            return
    raise AssertionError(f"The same worker asked and took every answer: {met}")


async def test_calls_are_cancelled_through_whichever_worker(client: Client, port: Worker) -> None:
    async with waiting(client, port, *range(CALLS)) as calls:
        for id_, events in enumerate(calls):
            started = time.monotonic()
            await cancel(client, port, id_)
            await assert_is_cancelled(events, id_=id_)
            assert time.monotonic() - started < WITHIN_SECONDS


async def test_one_stream_hears_what_either_worker_says(client: Client, port: Worker) -> None:
    async with client.standing(port) as stream:
        workers: set[str] = set()
        while len(workers) < 2:
            answer = await client.post(port, called("tell"))
            workers.add(answer.headers["X-Served-By"])
            assert await stream.next() == LIST_CHANGED
    async with client.standing(port) as older, client.standing(port):
        assert await older.has_ended()
