"""Workers and Redis end and start again; no session does."""

import asyncio
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.two_workers.client import Client, Events
from tests.two_workers.site import TwoWorkers, Worker

pytestmark = pytest.mark.enable_socket
SESSIONS = 100
ENDS_WITHIN_SECONDS = 5.0


async def hundred_sessions(site: TwoWorkers, web: httpx.AsyncClient) -> list[Client]:
    """Sessions of many people, opened at either worker."""
    opening = [
        Client.opened(web, site.workers[n % 2], token=site.people[n % len(site.people)].token)
        for n in range(SESSIONS)
    ]
    return list(await asyncio.gather(*opening))


async def served(clients: list[Client], workers: tuple[Worker, Worker]) -> int:
    """How many of these sessions are still known, one half of them to each worker."""
    asked = [
        client.call(workers[n % 2], "who_am_i", mark=client.session)
        for n, client in enumerate(clients)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return sum(
        isinstance(answer, str) and answer.endswith(f" {client.session}")
        for client, answer in zip(clients, answers, strict=True)
    )


async def streams_at(
    stack: AsyncExitStack, site: TwoWorkers, clients: list[Client]
) -> list[Events]:
    """A standing stream at each worker."""
    return [
        await stack.enter_async_context(client.standing(worker))
        for client, worker in zip(clients, site.workers, strict=True)
    ]


async def test_a_hundred_sessions_outlive_restarts_of_everything(
    site: TwoWorkers, web: httpx.AsyncClient
) -> None:
    clients = await hundred_sessions(site, web)
    for told, killed in (site.workers, site.workers[::-1]):
        async with AsyncExitStack() as stack:
            streams = await streams_at(stack, site, clients[:2])
            started = time.monotonic()
            await asyncio.to_thread(site.processes.end, told.name)
            # Whoever has to be killed in the end takes 10.
            assert time.monotonic() - started < ENDS_WITHIN_SECONDS
            await asyncio.to_thread(site.processes.kill, killed.name)
            for stream in streams:
                assert await stream.has_ended()
        await asyncio.to_thread(site.start, told, killed)
        assert await served(clients, (told, killed)) == SESSIONS
    site.processes.kill("redis")
    await asyncio.to_thread(site.start_redis)
    assert await served(clients, site.workers) == SESSIONS
    async with AsyncExitStack() as stack:
        streams = await streams_at(stack, site, clients[:2])
        for client, stream, worker in zip(clients[:2], streams, site.workers, strict=True):
            await client.call(worker, "tell")
            assert await stream.next() is not None
