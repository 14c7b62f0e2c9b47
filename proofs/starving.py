"""Twenty people at work, and one who floods: whether the twenty notice."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Final

import httpx

from proofs.asking import asked
from proofs.flood import Flood, flooded_from_elsewhere
from proofs.measured import Measured
from proofs.site import Person, Worker

_SECONDS: Final = 25.0
# Each calls less often than the limit allows, so that nobody of them ever waits for it.
_BETWEEN_SECONDS: Final = 1.1
_FLOODED_A_SECOND: Final = 500
_CONNECTIONS: Final = 8  # to each server
_PAUSE_SECONDS: Final = 3.0  # before a flood begins, for the measured ones to be at work


def starved(
    servers: tuple[Worker, Worker], hostile: Person, normal: Sequence[Person]
) -> Iterator[Measured]:
    """Measure the calls of those at work alone, beside 500 calls a second, and beside all speed."""
    alone, failed = asyncio.run(_at_work(servers, normal))
    for most, name in (
        (_FLOODED_A_SECOND, f"{_FLOODED_A_SECOND} calls a second"),
        (0, "all speed"),
    ):
        beside, failed_beside, made = asyncio.run(_beside(servers, hostile, normal, most=most))
        yield Measured(
            goal="G28",
            what=f"p95 of {len(normal)} people at work beside one who calls at {name} "
            f"({made:.0f} a second were answered)",
            promised=f"less than twice that without: {2_000 * alone:.0f} ms; 0 calls fail",
            reached=f"{1_000 * beside:.0f} ms; {failed + failed_beside} calls",
            holds=beside < 2 * alone and failed + failed_beside == 0,
        )


async def _beside(
    servers: tuple[Worker, Worker], hostile: Person, normal: Sequence[Person], *, most: float
) -> tuple[float, int, float]:
    flood = Flood(
        addresses=[server.address for server in servers],
        token=hostile.token,
        tool="get_my_profile",
        arguments={},
        connections=_CONNECTIONS,
        seconds=_SECONDS + _PAUSE_SECONDS,
        most_a_second=most,
    )
    flooding = asyncio.create_task(flooded_from_elsewhere(flood))
    await asyncio.sleep(_PAUSE_SECONDS)
    p95, failed = await _at_work(servers, normal)
    done = await flooding
    return p95, failed, done.made / done.seconds


async def _at_work(servers: tuple[Worker, Worker], people: Sequence[Person]) -> tuple[float, int]:
    """Have everybody call now and then; return the 95th percentile in seconds, and the failures."""
    limits = httpx.Limits(max_connections=None)
    took: list[float] = []
    failed = 0

    async def work(web: httpx.AsyncClient, number: int, person: Person) -> None:
        nonlocal failed
        await asyncio.sleep(number * _BETWEEN_SECONDS / len(people))
        ends = time.monotonic() + _SECONDS - _BETWEEN_SECONDS
        while time.monotonic() < ends:
            began = time.monotonic()
            server = servers[number % len(servers)]
            answer = await asked(web, server, "get_my_profile", {}, token=person.token)
            took.append(time.monotonic() - began)
            failed += not answer.succeeded
            await asyncio.sleep(max(0.0, began + _BETWEEN_SECONDS - time.monotonic()))

    async with httpx.AsyncClient(timeout=30, limits=limits) as web:
        await asyncio.gather(*(work(web, number, one) for number, one in enumerate(people)))
    return statistics.quantiles(took, n=20)[-1], failed
