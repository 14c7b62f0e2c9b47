"""Whatever is sent to `/mcp`, by whomever: an answer below 500, soon, and no memory kept of it.

HOSTILE_EXAMPLES says how many requests are made up; a nightly run makes a million.
"""

import asyncio
import json
import os
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from tests.mcp_app.clients import INITIALIZE, Http, request
from tests.mcp_app.hostile_requests import Good, hostile_request
from tests.mcp_app.people import Person
from tests.mcp_app.raw_requests import Answered, Asked, answered

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "10000"))
# Hypothesis takes longer to make up its mind than a request takes.
REQUESTS_OF_ONE_SEED = 20
LONGEST_SECONDS = 2
MOST_GROWTH_KIB = 50 * 1024


@dataclass
class Tally:
    """What was answered so far, how long the slowest took, and how much memory there was."""

    good: Good
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0
    memory_kib: int = 0

    def grown_kib(self) -> int:
        """By how much the memory has grown since the first tenth of the requests."""
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if self.statuses.total() <= EXAMPLES // 10:
            self.memory_kib = most
        return most - self.memory_kib


@pytest.fixture
async def tally(mcp: Http, abel: Person, settings: Settings) -> AsyncIterator[Tally]:
    """Counts, which must show in the end that requests of many kinds came through."""
    settings.RATE_LIMIT_PER_USER = 1_000_000
    token = await abel.reconnect_token()
    opened = await mcp.post(request("initialize", INITIALIZE), token=token)
    tally = Tally(Good(token, opened.headers["mcp-session-id"]))
    yield tally
    print(
        dict(tally.statuses), f"{tally.slowest:.3f} s", f"{tally.grown_kib()} KiB"
    )  # for who runs it by hand
    if EXAMPLES >= 1000:
        assert {200, 202, 400, 401, 404, 405, 413, 415, 421} <= set(tally.statuses)
    assert (await mcp.post(request("ping"), token=token)).status_code == 200


@hypothesis_settings(
    max_examples=max(1, EXAMPLES // REQUESTS_OF_ONE_SEED),
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**48))
@pytest.mark.timeout(max(120, EXAMPLES // 20))
async def test_no_request_is_a_fault_of_ours(tally: Tally, seed: int):
    for number in range(REQUESTS_OF_ONE_SEED):
        asked = hostile_request(tally.good, seed * REQUESTS_OF_ONE_SEED + number)
        answer = await timely(asked, tally)
        tally.statuses[answer.status] += 1
        assert_answered_in_words(asked, answer)
    assert tally.grown_kib() < MOST_GROWTH_KIB


def assert_answered_in_words(asked: Asked, answer: Answered) -> None:
    assert 200 <= answer.status < 500, (asked, answer)
    assert b"Traceback" not in answer.body
    if answer.status >= 400 and asked.path in {b"/mcp", b"/mcp/", b"/mcp/servicenow"}:
        assert json.loads(answer.body)["error"]["message"], (asked, answer)


async def timely(asked: Asked, tally: Tally) -> Answered:
    """The answer, if it does not take long; on a busy machine the processor's time counts."""
    started, worked = time.perf_counter(), time.process_time()
    async with asyncio.timeout(10 * LONGEST_SECONDS):
        answer = await answered(asked, leaves_after=0.01)
    took = time.perf_counter() - started
    tally.slowest = max(tally.slowest, took)
    assert min(took, time.process_time() - worked) < LONGEST_SECONDS, asked
    return answer
