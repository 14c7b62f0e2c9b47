"""One fetch however many wait; failures are not kept."""

import asyncio

import pytest

from servicenow.deadlines import shared_deadline
from servicenow.exceptions import DeadlinePassed
from servicenow.remembered import Remembered


class Fetch:
    """Counts its calls and waits until it is let go."""

    def __init__(self, *outcomes: int | Exception) -> None:
        self.outcomes = list(outcomes)
        self.calls = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.calls += 1
        await self.go.wait()
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def test_a_hundred_waiting_tasks_share_one_fetch() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(1)
    tasks = [asyncio.ensure_future(remembered.get("x", fetch)) for _ in range(100)]
    await asyncio.sleep(0)
    fetch.go.set()
    assert await asyncio.gather(*tasks) == [1] * 100
    assert await remembered.get("x", fetch) == 1
    assert fetch.calls == 1


async def test_names_are_apart() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(1, 2)
    fetch.go.set()
    assert await remembered.get("x", fetch) == 1
    assert await remembered.get("y", fetch) == 2


async def test_what_is_too_old_is_fetched_again() -> None:
    remembered, fetch = Remembered(seconds=-1), Fetch(1, 2)
    fetch.go.set()
    assert await remembered.get("x", fetch) == 1
    assert await remembered.get("x", fetch) == 2


async def test_a_failure_is_not_kept() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(ValueError(), 2)
    fetch.go.set()
    with pytest.raises(ValueError):  # noqa: PT011  # the fetch's own, without words
        await remembered.get("x", fetch)
    assert await remembered.get("x", fetch) == 2


async def test_a_cancelled_caller_ends_nobody_elses_wait() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(1)
    first = asyncio.ensure_future(remembered.get("x", fetch))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(remembered.get("x", fetch))
    await asyncio.sleep(0)
    first.cancel()
    fetch.go.set()
    assert await second == 1
    assert first.cancelled()


async def test_a_failure_that_nobody_waits_for_is_forgotten() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(ValueError(), 2)
    only = asyncio.ensure_future(remembered.get("x", fetch))
    await asyncio.sleep(0)
    only.cancel()
    fetch.go.set()
    await asyncio.gather(only, return_exceptions=True)
    await asyncio.sleep(0)
    assert await remembered.get("x", fetch) == 2


def test_another_event_loop_fetches_for_itself() -> None:
    remembered = Remembered(seconds=60)

    async def fetched(value: int) -> int:
        fetch = Fetch(value)
        fetch.go.set()
        return await remembered.get("x", fetch)

    assert asyncio.run(fetched(1)) == 1
    assert asyncio.run(fetched(2)) == 2


async def test_the_oldest_make_room_for_new_names() -> None:
    remembered = Remembered(seconds=60)
    first, again, other = Fetch(1), Fetch(2), Fetch(*range(2000))
    for fetch in (first, again, other):
        fetch.go.set()
    assert await remembered.get("first", first) == 1
    for number in range(1000):
        await remembered.get(number, other)
    assert await remembered.get("first", again) == 2
    await remembered.get(999, other)
    assert other.calls == 1000


async def test_what_is_kept_is_known_until_it_is_forgotten() -> None:
    remembered, fetch = Remembered(seconds=60, most=2), Fetch(1, 2)
    fetch.go.set()
    for name in ("x", "y", "z"):
        remembered.keep(name, 0)
    assert [remembered.knows(name) for name in ("x", "y", "z")] == [False, True, True]
    assert await remembered.get("y", fetch) == 0
    remembered.forget("y")
    remembered.forget("never known")
    assert await remembered.get("y", fetch) == 1
    remembered.forget_all()
    assert await remembered.get("z", fetch) == 2


async def test_whoever_has_more_time_than_the_one_who_fetches_fetches_it_again() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(DeadlinePassed(), 2)
    hurried = asyncio.ensure_future(remembered.get("x", fetch))
    await asyncio.sleep(0)
    others = [asyncio.ensure_future(remembered.get("x", fetch)) for _ in range(20)]
    await asyncio.sleep(0)
    fetch.go.set()
    assert await asyncio.gather(*others) == [2] * 20
    assert fetch.calls == 2
    with pytest.raises(DeadlinePassed):
        await hurried


async def test_whoever_has_less_time_than_the_one_who_fetches_waits_no_longer_than_that() -> None:
    remembered, fetch = Remembered(seconds=60), Fetch(1)
    patient = asyncio.ensure_future(remembered.get("x", fetch))
    await asyncio.sleep(0)
    with shared_deadline(seconds=0.001), pytest.raises(DeadlinePassed):
        await remembered.get("x", fetch)
    fetch.go.set()
    assert await patient == 1
    assert fetch.calls == 1
