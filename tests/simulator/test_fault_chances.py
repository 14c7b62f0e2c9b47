"""Faults that strike by chance, for ever, or take a time that is drawn."""

import asyncio
import json
from random import Random
from statistics import median

import httpx
import pytest

from simulator.control.faults import FaultKind
from simulator.control.latency import Distribution, Latency
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.test_faults import create, fault, made, read, token

__all__ = ["token"]


async def statuses(http: httpx.AsyncClient, token: dict[str, str], *, times: int) -> list[int]:
    return [(await read(http, token)).status_code for _ in range(times)]


async def test_a_fault_by_chance_strikes_the_same_requests_for_the_same_seed(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    async def struck(seed: int) -> list[int]:
        await fault(http, "503", probability=0.5, seed=seed, count=None)
        found = await statuses(http, token, times=20)
        assert (await http.delete("/simulator/faults")).status_code == 204
        return found

    first = await struck(1)
    assert await struck(1) == first
    assert await struck(2) != first
    assert 0 < first.count(503) < 20


async def test_a_fault_without_a_count_strikes_until_it_is_taken_back(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "503", count=None)
    assert set(await statuses(http, token, times=8)) == {503}
    (waiting,) = (await http.get("/simulator/faults")).json()["faults"]
    assert (await http.delete(f"/simulator/faults/{waiting['id']}")).status_code == 204
    assert await statuses(http, token, times=2) == [200, 200]


async def test_taking_back_a_fault_that_is_not_there_is_404(http: httpx.AsyncClient) -> None:
    await fault(http, "503")
    assert (await http.delete("/simulator/faults/99")).status_code == 404
    assert len((await http.get("/simulator/faults")).json()["faults"]) == 1


@fact("Some builds say User is not authenticated, with the same detail", tag="M")
async def test_other_builds_say_in_other_words_that_nobody_is_signed_in(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "401_other_words")
    refused = await read(http, token)
    assert refused.status_code == 401
    assert refused.json()["error"] == {
        "message": "User is not authenticated",
        "detail": "Required to provide Auth information",
    }


@fact("The error of a 200 may stand within a row, and its JSON be malformed", tag="C PySNC")
async def test_a_stream_can_break_off_within_a_row(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "malformed_error_in_200")
    broken = await read(http, token)
    assert broken.status_code == 200
    assert broken.headers["content-type"].startswith("application/json")
    with pytest.raises(json.JSONDecodeError):
        broken.json()
    assert broken.text.endswith('"status":"failure"}')


async def test_an_answer_can_come_in_drips(
    http: httpx.AsyncClient, token: dict[str, str], world: World
) -> None:
    await fault(http, "drip", seconds=0)
    whole = await read(http, token)
    assert [len(row["number"]) for row in whole.json()["result"]] == [10, 10]
    await fault(http, "drip", seconds=3600)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await create(http, token)
    assert made(world) == 1


async def test_a_slow_answer_can_take_a_time_that_is_drawn(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "slow", latency={"distribution": "uniform", "typical": 0, "spread": 0.001})
    assert (await read(http, token)).status_code == 200


@pytest.mark.parametrize("distribution", list(Distribution))
def test_a_latency_lies_around_what_is_typical(distribution: Distribution) -> None:
    latency = Latency(distribution=distribution, typical=2, spread=0.5, longest=60)
    drawn = sorted(latency.drawn(Random(seed)) for seed in range(400))
    assert median(drawn) == pytest.approx(2, abs=0.35)
    assert 0 <= drawn[0] <= drawn[-1] <= 60
    assert len(set(drawn)) == (1 if distribution is Distribution.FIXED else 400)


def test_a_latency_is_never_negative_nor_longer_than_the_longest() -> None:
    wide = Latency(distribution=Distribution.NORMAL, typical=1, spread=100, longest=3)
    drawn = {wide.drawn(Random(seed)) for seed in range(50)}
    assert min(drawn) == 0
    assert max(drawn) == 3


def test_an_exponential_latency_of_nothing_is_nothing() -> None:
    assert Latency(distribution=Distribution.EXPONENTIAL).drawn(Random(1)) == 0


async def test_a_latency_of_no_known_shape_is_refused(http: httpx.AsyncClient) -> None:
    body = {"kind": FaultKind.SLOW, "latency": {"distribution": "bimodal"}}
    assert (await http.post("/simulator/faults", json=body)).status_code == 400
