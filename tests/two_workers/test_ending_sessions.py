"""DELETE at one worker ends a session, and all that is open for it, everywhere."""

import pytest

from tests.two_workers.client import Client, called
from tests.two_workers.site import TwoWorkers
from tests.two_workers.test_cancelling import assert_is_cancelled, assert_still_runs, waiting

pytestmark = pytest.mark.enable_socket


async def test_the_id_is_unknown_at_the_other_worker_at_once(
    site: TwoWorkers, abel: Client
) -> None:
    assert await abel.call(site.uvicorn, "who_am_i", mark="open")
    assert (await abel.delete(site.daphne)).status_code == 200
    for worker in (site.uvicorn, site.daphne):
        for answer in (
            await abel.get(worker),
            await abel.post(worker, called("who_am_i", mark="over")),
            await abel.delete(worker),
        ):
            assert answer.status_code == 404


async def test_its_calls_and_its_stream_end_at_the_other_worker(
    site: TwoWorkers, abel: Client, abels_other_client: Client
) -> None:
    async with (
        abel.standing(site.daphne) as stream,
        waiting(abel, site.daphne, 1, "two") as (first, second),
        waiting(abels_other_client, site.daphne, 1) as (other,),
    ):
        assert (await abel.delete(site.uvicorn)).status_code == 200
        assert await stream.has_ended()
        await assert_is_cancelled(first, id_=1)
        await assert_is_cancelled(second, id_="two")
        await assert_still_runs(other)
