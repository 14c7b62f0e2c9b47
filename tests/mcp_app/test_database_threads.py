"""Requests share a few database threads, whose connections are kept and looked after."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from pytest_django import Settings

from mcp_app.database_threads import MOST_THREADS, DatabaseThreads, database_threads, only_waiting
from oauth_app.models import User


@pytest.fixture
async def threads() -> AsyncIterator[DatabaseThreads]:
    found = DatabaseThreads()
    yield found
    await found.end()


async def thread_here() -> int:
    return await sync_to_async(threading.get_ident)()


async def test_one_request_after_another_uses_the_same_thread(threads: DatabaseThreads):
    used = set()
    for _ in range(3):
        async with threads.borrowed():
            used |= {await thread_here(), await thread_here()}
    assert len(used) == 1
    assert used != {threading.get_ident()}


async def test_requests_at_the_same_time_use_different_threads(threads: DatabaseThreads):
    barrier = threading.Barrier(3)

    async def request() -> None:
        async with threads.borrowed():
            await sync_to_async(barrier.wait)(timeout=4)

    await asyncio.gather(*(request() for _ in range(3)))


async def test_more_requests_than_threads_share_them(threads: DatabaseThreads):
    async def request() -> int:
        async with threads.borrowed():
            await asyncio.sleep(0)
            return await thread_here()

    used = await asyncio.gather(*(request() for _ in range(5 * MOST_THREADS)))
    assert len(set(used)) == MOST_THREADS


async def test_a_connection_is_kept_for_as_long_as_the_settings_say(
    db: None, threads: DatabaseThreads, settings: Settings
):
    def connected() -> int:
        connection.ensure_connection()
        return id(connection.connection)

    async def twice() -> set[int]:
        async with threads.borrowed():
            return {await sync_to_async(connected)(), await sync_to_async(connected)()}

    settings.DATABASES["default"]["CONN_MAX_AGE"] = 60
    try:
        assert len(await twice() | await twice()) == 1
    finally:
        settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


async def test_work_that_outlives_its_request_goes_on(db: None, threads: DatabaseThreads):
    released = asyncio.Event()

    async def count() -> int:
        await released.wait()
        try:
            return await User.objects.acount()
        finally:
            await sync_to_async(connections.close_all)()

    async with threads.borrowed():
        outliving = asyncio.create_task(count())
    released.set()
    assert await outliving == 0


async def test_an_event_loop_has_one_set_of_threads():
    assert database_threads() is database_threads()


async def test_a_request_that_only_waits_does_not_count_as_busy():
    threads = DatabaseThreads()
    async with threads.borrowed() as first:
        only_waiting()
        only_waiting()
        assert first.borrowers == 0
        async with threads.borrowed() as second:
            assert second is first
    assert first.borrowers == 0
    only_waiting()
    await threads.end()
