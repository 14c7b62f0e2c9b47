"""The stream of a session is open at one worker; what it carries happens at the other one."""

import time

import pytest

from tests.two_workers.client import Client
from tests.two_workers.site import TwoWorkers

pytestmark = pytest.mark.enable_socket
LIST_CHANGED = {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}
# Without its first comment, daphne would hold the head back for 15 seconds.
AT_ONCE = 1.0


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
async def test_the_head_comes_at_once(site: TwoWorkers, abel: Client, name: str) -> None:
    worker = site.daphne if name == "daphne" else site.uvicorn
    started = time.monotonic()
    async with abel.standing(worker) as events:
        assert time.monotonic() - started < AT_ONCE
        assert events.answer.headers["Content-Type"].startswith("text/event-stream")


async def test_everybody_hears_of_a_change_at_the_other_worker(
    site: TwoWorkers, abel: Client, charlie: Client
) -> None:
    async with (
        abel.standing(site.daphne) as of_abel,
        charlie.standing(site.uvicorn) as of_charlie,
    ):
        await charlie.call(site.uvicorn, "change_tools")
        assert await of_abel.next() == LIST_CHANGED
        assert await of_charlie.next() == LIST_CHANGED
        await charlie.call(site.daphne, "change_tools")
        assert await of_charlie.next() == LIST_CHANGED


async def test_a_notification_of_its_own_reaches_this_session_alone(
    site: TwoWorkers, abel: Client, abels_other_client: Client
) -> None:
    async with (
        abel.standing(site.daphne) as of_abel,
        abels_other_client.standing(site.daphne) as of_other,
    ):
        assert await abel.call(site.uvicorn, "tell") == "told"
        assert await of_abel.next() == LIST_CHANGED
        # Had it come to the other stream, that one would not end without a message.
        await abels_other_client.delete(site.uvicorn)
        assert await of_other.has_ended()


@pytest.mark.parametrize("newer_at", ["daphne", "uvicorn"])
async def test_a_newer_stream_ends_the_older_one(
    site: TwoWorkers, abel: Client, newer_at: str
) -> None:
    newer_worker = site.daphne if newer_at == "daphne" else site.uvicorn
    async with abel.standing(site.daphne) as older, abel.standing(newer_worker) as newer:
        assert await older.has_ended()
        await abel.call(site.daphne, "tell")
        assert await newer.next() == LIST_CHANGED
