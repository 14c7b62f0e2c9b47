"""The token bucket: what it allows, what it says, and what holds when Redis is away."""

import asyncio
import math
import time
from collections.abc import AsyncIterator

import pytest
import redis
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from mcp_app.limits import Allowance, RateLimit, rate_limit
from mcp_app.redis_clients import close_redis_client, redis_client
from oauth_app.token_buckets import SCRIPT, LocalBuckets
from tests.support.clock import Clock

MINUTE = 60.0


@pytest.fixture
async def limit(redis_url: str) -> AsyncIterator[RateLimit]:
    yield RateLimit()
    await close_redis_client()


@pytest.fixture
async def lonely(tmp_path: object, settings: Settings) -> AsyncIterator[RateLimit]:
    """A limit whose Redis is gone."""
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    yield RateLimit(clock=Clock())
    await close_redis_client()


async def spend(
    limit: RateLimit, *, user: int = 1, writes: bool = False, tool_limit: int | None = None
) -> Allowance:
    return await limit.spend(user, writes=writes, tool="get_incident", tool_limit=tool_limit)


async def spend_ten(limit: RateLimit) -> list[Allowance]:
    return [await spend(limit) for _ in range(10)]


async def test_sixty_calls_are_allowed_of_many_that_come_at_once(limit: RateLimit):
    # Ten at a time: a hundred in one queue outlast the wait for Redis where the machine is busy.
    began = time.perf_counter()
    lanes = await asyncio.gather(*(spend_ten(limit) for _ in range(10)))
    answers = [answer for lane in lanes for answer in lane]
    refilled = math.ceil(time.perf_counter() - began)
    assert 60 <= sum(answer.is_allowed for answer in answers) <= 60 + refilled
    refused = next(answer for answer in answers if not answer.is_allowed)
    assert refused.headers() == {
        "RateLimit-Limit": "60",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "60",
        "Retry-After": "1",
    }


async def test_the_headers_count_down_honestly(limit: RateLimit):
    first, second = await spend(limit), await spend(limit)
    assert (first.remaining, second.remaining) == (59, 58)
    assert (first.reset_seconds, second.reset_seconds) == (1, 2)
    assert "Retry-After" not in second.headers()


async def test_one_persons_calls_do_not_count_for_another(limit: RateLimit, settings: Settings):
    settings.RATE_LIMIT_PER_USER = 1
    assert (await spend(limit, user=1)).is_allowed
    assert not (await spend(limit, user=1)).is_allowed
    assert (await spend(limit, user=2)).is_allowed


async def test_a_tool_may_have_a_limit_of_its_own(limit: RateLimit):
    assert (await spend(limit, tool_limit=1)).remaining == 59
    refused = await spend(limit, tool_limit=1)
    assert not refused.is_allowed
    assert (refused.limit, refused.retry_after) == (1, 60)


async def test_a_full_bucket_leaves_nothing_in_redis(limit: RateLimit):
    await spend(limit)
    assert 0 < await redis_client().pttl("snmcp:calls:1") <= 1_000


@pytest.mark.parametrize("skew_seconds", [-300, 300, 10_000_000])
async def test_a_clock_that_was_set_back_or_forward_locks_nobody_out_for_longer_than_a_minute(
    limit: RateLimit, skew_seconds: int
):
    seconds, microseconds = await redis_client().time()
    later = (seconds + skew_seconds) * 1_000_000 + microseconds
    await redis_client().set("snmcp:calls:1", later)
    answer = await spend(limit)
    assert answer.is_allowed is (skew_seconds < 0)
    assert answer.reset_seconds <= MINUTE
    assert answer.retry_after <= 1


async def test_without_redis_reads_go_on_within_half_the_limit(lonely: RateLimit):
    answers = [await spend(lonely) for _ in range(40)]
    assert sum(answer.is_allowed for answer in answers) == 30
    assert answers[0].headers()["RateLimit-Limit"] == "30"


async def test_without_redis_writes_are_refused_with_a_time_to_come_back(lonely: RateLimit):
    answer = await spend(lonely, writes=True)
    assert not answer.is_allowed
    assert not answer.is_counted
    assert answer.headers()["Retry-After"] == "5"


async def test_redis_is_left_alone_for_a_second_after_a_failure(
    redis_url: str, tmp_path: object, settings: Settings
):
    clock = Clock()
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    limit = RateLimit(clock=clock)
    assert not (await spend(limit, writes=True)).is_counted
    await close_redis_client()
    settings.REDIS_URL = redis_url
    assert not (await spend(limit, writes=True)).is_counted
    clock.now += 1.1
    assert (await spend(limit, writes=True)).is_counted
    await close_redis_client()


async def test_there_is_one_limit_for_each_event_loop(redis_url: str):
    assert rate_limit() is rate_limit()
    await close_redis_client()


@hypothesis_settings(max_examples=200, deadline=None)
@given(
    limit=st.integers(1, 600),
    pauses=st.lists(st.floats(0, 5), min_size=1, max_size=200),
)
def test_no_window_holds_more_calls_than_the_bucket_and_its_refill(limit: int, pauses: list[float]):
    clock = Clock()
    buckets = LocalBuckets(clock=clock)
    allowed_at = []
    for pause in pauses:
        clock.now += pause
        if buckets.spend("abel", limit=limit).is_allowed:
            allowed_at.append(clock.now)
    for number, first in enumerate(allowed_at):
        for seen, last in enumerate(allowed_at[number:], start=1):
            assert seen <= limit + (last - first) * limit / MINUTE + 1.001


@hypothesis_settings(max_examples=200, deadline=None)
@given(limit=st.integers(1, 600), spent=st.integers(0, 700))
def test_what_the_bucket_says_is_what_it_does(limit: int, spent: int):
    clock = Clock()
    buckets = LocalBuckets(clock=clock)
    for _ in range(spent):
        buckets.spend("abel", limit=limit)
    answer = buckets.spend("abel", limit=limit)
    assert answer.is_allowed is (spent < limit)
    assert answer.remaining == max(0, limit - spent - 1)
    if answer.is_allowed:
        left = [buckets.spend("abel", limit=limit).is_allowed for _ in range(answer.remaining + 1)]
        assert left == [True] * answer.remaining + [False]
    clock.now += buckets.spend("abel", limit=limit).retry_after
    assert buckets.spend("abel", limit=limit).is_allowed
    clock.now += answer.reset_seconds + MINUTE
    assert buckets.spend("abel", limit=limit).remaining == limit - 1


def test_buckets_of_people_not_seen_for_long_are_dropped():
    clock = Clock()
    buckets = LocalBuckets(clock=clock)
    buckets.spend("abel", limit=1)
    for number in range(10_000):
        buckets.spend(f"person {number}", limit=1)
    assert buckets.spend("abel", limit=1).is_allowed


@pytest.mark.parametrize("limit", [1, 7, 60, 100_000])
@pytest.mark.parametrize("spent", [1, 2, 5])
def test_the_bucket_in_redis_and_the_one_here_agree(redis_url: str, limit: int, spent: int):
    clock = Clock()
    here = LocalBuckets(clock=clock)
    refill = 60_000_000 // limit
    began = time.perf_counter()
    with redis.Redis.from_url(redis_url) as connection:
        script = connection.register_script(SCRIPT)
        for _ in range(spent):
            allowed, remaining, until_full, _ = script(keys=["test:bucket"], args=[limit, refill])
            expected = here.spend("abel", limit=limit)
    # Redis's own clock went on meanwhile, so at most what was refilled since differs.
    refilled = math.ceil((time.perf_counter() - began) * 1_000_000 / refill)
    assert bool(allowed) is expected.is_allowed
    assert expected.remaining <= remaining <= min(limit - 1, expected.remaining + refilled)
    assert until_full <= expected.reset_seconds * 1_000_000
