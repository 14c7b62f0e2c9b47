"""A call that runs at one worker is cancelled by a notification to the other one."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from tests.end_to_end.site_database import in_doubt, last_outcome
from tests.end_to_end.test_cancelling import answer_slowly, seconds_until
from tests.two_workers.client import (
    REQUEST_CANCELLED,
    SECONDS,
    Client,
    Events,
    called,
    notification,
)
from tests.two_workers.site import TwoWorkers, Worker

pytestmark = pytest.mark.enable_socket
WITHIN_SECONDS = 1.0


async def cancel(client: Client, worker: Worker, request_id: object) -> None:
    """Say that a request is of no use any more."""
    told = notification("notifications/cancelled", requestId=request_id, reason="No longer needed")
    assert (await client.post(worker, told)).status_code == 202


@asynccontextmanager
async def waiting(client: Client, worker: Worker, *ids: object) -> AsyncIterator[list[Events]]:
    """Calls with these ids that run, and would run for ever."""
    async with AsyncExitStack() as stack:
        calls = []
        for id_ in ids:
            calling = client.calling(worker, called("wait", id_=id_))
            events = await stack.enter_async_context(calling)
            progress = await events.next()
            assert progress is not None
            assert progress["method"] == "notifications/progress"
            calls.append(events)
        yield calls


async def assert_is_cancelled(events: Events, *, id_: object) -> None:
    """The call ends now, with an error that says so."""
    ended = await events.next()
    assert ended is not None
    assert type(ended["id"]) is type(id_)
    assert (ended["id"], ended["error"]["code"]) == (id_, REQUEST_CANCELLED)


async def assert_still_runs(*calls: Events) -> None:
    """Nothing comes from these; asked after something else was cancelled."""
    reading = [asyncio.ensure_future(each.next()) for each in calls]
    done, running = await asyncio.wait(reading, timeout=0.2)
    for each in running:
        each.cancel()
    assert not done


@pytest.mark.parametrize("runs_at", ["daphne", "uvicorn"])
async def test_a_call_ends_within_a_second(site: TwoWorkers, abel: Client, runs_at: str) -> None:
    runs, told = site.workers if runs_at == "daphne" else (site.uvicorn, site.daphne)
    async with waiting(abel, runs, 9) as (events,):
        started = time.monotonic()
        await cancel(abel, told, 9)
        await assert_is_cancelled(events, id_=9)
        assert time.monotonic() - started < WITHIN_SECONDS


async def test_only_the_request_with_this_very_id_ends(site: TwoWorkers, abel: Client) -> None:
    async with waiting(abel, site.daphne, 1, "1", 2) as (number, text, another):
        await cancel(abel, site.uvicorn, "1")
        await assert_is_cancelled(text, id_="1")
        await cancel(abel, site.uvicorn, 2)
        await assert_is_cancelled(another, id_=2)
        for nothing in (None, True, 1.0, [1], {"id": 1}, "01"):
            await cancel(abel, site.uvicorn, nothing)
        await assert_still_runs(number)


async def test_no_request_of_another_session_ends(
    site: TwoWorkers, abel: Client, abels_other_client: Client, charlie: Client
) -> None:
    async with waiting(abel, site.daphne, 1) as (events,):
        for stranger in (abels_other_client, charlie):
            for worker in site.workers:
                await cancel(stranger, worker, 1)
        await assert_still_runs(events)


async def test_what_servicenow_was_asked_is_given_up_and_recorded(
    site: TwoWorkers, web: httpx.AsyncClient, access_tokens: dict[str, str]
) -> None:
    token, question = access_tokens["abel.tuter"], ("get_incident", "abel.tuter")
    client = await Client.opened(web, site.daphne, token=token, path="/mcp")
    answer_slowly(site.demo, "abel.tuter")
    asking = called("get_incident", incident="INC0010001", id_="slow")
    call = asyncio.create_task(client.post(site.daphne, asking))
    await seconds_until(lambda: question in in_doubt(site.demo), at_most=SECONDS)
    started = time.monotonic()
    await cancel(client, site.uvicorn, "slow")
    answer = await call
    assert time.monotonic() - started < WITHIN_SECONDS
    assert answer.json()["error"]["code"] == REQUEST_CANCELLED
    assert question not in in_doubt(site.demo)
    assert last_outcome(*question, site.demo) == ("failed", "The client went away.")
