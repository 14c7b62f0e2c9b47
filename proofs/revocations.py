"""Reconnect tokens that are revoked while every server is asked all the time."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import httpx

from proofs.credentials import Person
from proofs.watching import OPEN, SHUT, Probe, watching

_AT_THE_SAME_TIME: Final = 16
_LOOKED_AT_SECONDS: Final = 1.2
_ANSWERS: Final = {405: OPEN, 401: SHUT, 429: SHUT}


@dataclass
class Race:
    """What came of it: `latest` is in seconds after the revocation was answered."""

    asked_for: int
    tries: int = 0
    asked: int = 0
    latest: float = 0.0
    revived: int = 0
    never_open: int = 0
    still_open: int = 0


@dataclass
class Bench:
    """Servers that are asked, each client from an address that nobody else has."""

    web: httpx.AsyncClient
    servers: tuple[str, ...]
    addresses: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def next_address(self) -> str:
        """Return an address that nobody has had before."""
        number = next(self.addresses)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    async def revoke_many(
        self, person: Person, tries: int, *, at_once: int = _AT_THE_SAME_TIME
    ) -> Race:
        """Make, watch and revoke so many tokens, some at the same time, at each server in turn."""
        race, waiting = Race(tries), list[str]()
        choose = random.Random(15)  # when to revoke
        # All of them first: whoever makes one must have signed in within five minutes.
        for _ in range(tries):
            waiting.append(await person.make_reconnect_token())

        async def line() -> None:
            while waiting:
                token, at = waiting.pop(), self.servers[len(waiting) % len(self.servers)]
                after = choose.random() * 0.3
                await self._revoke_one(person, token, race, at=at, after=after)
                if race.tries % 100 == 0:
                    print(f"  {race.tries:,} of {tries:,} tokens revoked", flush=True)  # progress

        await asyncio.gather(*(line() for _ in range(at_once)))
        return race

    async def _revoke_one(
        self, person: Person, token: str, race: Race, *, at: str, after: float
    ) -> None:
        address = self.next_address()
        probes = {
            server: opens_mcp(self.web, server, token, address=address) for server in self.servers
        }
        async with watching(probes, seconds=0.15) as watches:
            await asyncio.sleep(after + 0.1)
            revoked = await person.revoke(token, at=at)
            since = time.monotonic()
            await asyncio.sleep(_LOOKED_AT_SECONDS)
        race.tries += revoked.status_code == 200
        for watch in watches.values():
            race.asked += len(watch.seen)
            race.latest = max(race.latest, watch.latest_open(after=since))
            race.revived += watch.revived
            race.never_open += not watch.was_open
            race.still_open += watch.seen[-1][1] != SHUT


def opens_mcp(web: httpx.AsyncClient, server: str, token: str, *, address: str) -> Probe:
    """Ask `/mcp` with a token: without a session a good one gets 405, a bad one 401."""
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}

    async def probe() -> str:
        answer = await web.get(f"{server}/mcp", headers=headers)
        return _ANSWERS.get(answer.status_code, str(answer.status_code))

    return probe
