"""Web workers restart one after the other under load, and an instance is paused: nothing is lost.

Real processes: PostgreSQL, Redis, the simulator, which takes its time, two web workers (daphne, as
the product runs it), and a client that calls fifty times a second. It does what a proxy does: what
never reached a worker, or is told to come again, goes to the other one. A call that a worker began
must be answered by it. `python -m proofs.restarts` runs it alone, in full.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from proofs.alone import print_measured
from proofs.asking import Answered, asked
from proofs.ledger import read_ledger
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, running_site

_PEOPLE: Final = 10
_PER_SECOND: Final = 50
_AS_FAST_AS_PROMISED: Final = 0.9  # the last calls are waited for, and begin nothing
_INSTANCE_TAKES_SECONDS: Final = 1.5
_TRIES: Final = 100
_BETWEEN_TRIES_SECONDS: Final = 0.1
_ANSWERED_WITHIN_SECONDS: Final = 30.0
_PAUSED_WITHIN_SECONDS: Final = 1.0
_PAUSE: Final = "UPDATE oauth_app_instance SET is_paused = true RETURNING id"
_RESUME: Final = "UPDATE oauth_app_instance SET is_paused = false RETURNING id"
_WATCHED_FOR_SECONDS: Final = 3.0


def prove(scale: Scale) -> Iterable[Measured]:
    """Restart each worker under load, then pause the instance again and again."""
    rounds = scale.pick(full=5, short=1)
    pauses = scale.pick(full=10, short=1)
    per_second = scale.pick(full=_PER_SECOND, short=20)
    with running_site() as site:
        people = site.make_people(_PEOPLE)
        workers = (site.daphne("first"), site.daphne("second"))
        site.start(*workers)
        slow = {"kind": "slow", "count": None, "path": "/api/*"}
        site.instance.add_fault(**slow, seconds=_INSTANCE_TAKES_SECONDS)
        load = _Load(workers, people, per_second)
        asyncio.run(_restarted(site, load, rounds=rounds))
        yield from _held(site, load, rounds=rounds)
        site.instance.clear_faults()
        yield asyncio.run(_paused(site, workers, people, pauses=pauses))


@dataclass
class _Load:
    """Calls at a steady rate, whatever becomes of them."""

    workers: Sequence[Worker]
    people: Sequence[Person]
    per_second: int
    answered: int = 0
    elsewhere: int = 0
    slowest: float = 0
    failed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    stops: list[float] = field(default_factory=list)

    async def until(self, stop: asyncio.Event) -> None:
        """Begin a call so often a second, and wait for the last ones."""
        # A connection of its own for each: one that idles may end in the moment it is used again.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        began, calls = time.monotonic(), list[asyncio.Task[None]]()
        async with httpx.AsyncClient(timeout=60, limits=limits) as web:
            while not stop.is_set():
                calls.append(asyncio.create_task(self._call(web, len(calls))))
                due = began + len(calls) / self.per_second
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            await asyncio.gather(*calls)
        self.seconds = time.monotonic() - began

    async def _call(self, web: httpx.AsyncClient, number: int) -> None:
        person, began = self.people[number % len(self.people)], time.monotonic()
        for attempt in range(_TRIES):
            worker = self.workers[(number + attempt) % len(self.workers)]
            try:
                answer = await _read(web, worker, person, number)
            except httpx.ConnectError:
                answer = None  # nobody listens: the call has not begun
            except httpx.HTTPError as fault:
                self.failed[type(fault).__name__] += 1
                return
            if answer is not None and answer.status != 503:
                break
            self.elsewhere += 1
            await asyncio.sleep(_BETWEEN_TRIES_SECONDS * (attempt > 0))
        else:
            self.failed["no worker took it"] += 1
            return
        self.slowest = max(self.slowest, time.monotonic() - began)
        if answer.code == "NOT_FOUND":  # what was asked for is nowhere, and says so
            self.answered += 1
        else:
            self.failed[answer.code or "found"] += 1


async def _read(web: httpx.AsyncClient, worker: Worker, person: Person, number: int) -> Answered:
    arguments = {"incident": f"INC9{number:07}", "include_journal": False}
    return await asked(web, worker, "get_incident", arguments, token=person.token)


async def _restarted(site: Site, load: _Load, *, rounds: int) -> None:
    stop = asyncio.Event()
    calling = asyncio.create_task(load.until(stop))
    await asyncio.sleep(2 * _INSTANCE_TAKES_SECONDS)
    for number in range(rounds):
        for worker in load.workers:
            began = time.monotonic()
            await asyncio.to_thread(site.processes.end, worker.name)
            load.stops.append(time.monotonic() - began)
            await asyncio.to_thread(site.start, worker)
        say = f"  {number + 1} of {rounds} rolling restarts; {load.answered:,} calls answered"
        print(f"{say}, {load.failed.total()} failed", flush=True)  # progress
    stop.set()
    await calling


def _held(site: Site, load: _Load, *, rounds: int) -> Iterator[Measured]:
    failed, total = load.failed.total(), load.answered + load.failed.total()
    yield _measured(
        f"calls that fail during {rounds} rolling restarts of two workers (SIGTERM), with"
        f" {total / load.seconds:.0f} calls a second, {_INSTANCE_TAKES_SECONDS} s each",
        f"0, each answered within {_ANSWERED_WITHIN_SECONDS:.0f} s",
        f"{failed} of {total:,} {dict(load.failed) or ''}; the slowest took {load.slowest:.1f} s;"
        f" {load.elsewhere:,} went to the other worker",
        holds=not failed
        and total >= _AS_FAST_AS_PROMISED * load.per_second * load.seconds
        and load.slowest <= _ANSWERED_WITHIN_SECONDS,
    )
    silent = sum(not call.outcomes for call in read_ledger(site).calls)
    yield _measured(
        "calls without an outcome on record after them",
        "0",
        f"{silent}; a worker took at most {max(load.stops):.1f} s to end",
        holds=not silent,
    )


async def _paused(
    site: Site, workers: Sequence[Worker], people: Sequence[Person], *, pauses: int
) -> Measured:
    """Pause while everybody calls at both workers; when is the last request sent?"""
    slowest, sent, after = 0.0, _Sent(site), 0
    async with httpx.AsyncClient(timeout=60) as web:
        for _ in range(pauses):
            stop = asyncio.Event()
            lines = [
                asyncio.create_task(_calling(web, worker, person, stop))
                for worker in workers
                for person in people[:3]
            ]
            await asyncio.sleep(1)
            await asyncio.to_thread(sent.look)
            seconds, requests = await _until_silent(sent)
            slowest, after = max(slowest, seconds), after + requests
            stop.set()
            await asyncio.gather(*lines)
            await asyncio.to_thread(site.rows, _RESUME)
    return _measured(
        f"seconds until no worker sends anything more to a paused instance, {pauses} pauses",
        f"at most {_PAUSED_WITHIN_SECONDS:.0f}",
        f"{slowest:.2f} at most, {after} requests in that time in all",
        holds=slowest <= _PAUSED_WITHIN_SECONDS and sent.last > 0,
    )


async def _until_silent(sent: "_Sent") -> tuple[float, int]:
    """Pause the instance; return after how many seconds the last request came, and how many."""
    await asyncio.to_thread(sent.site.rows, _PAUSE)
    began = last = time.monotonic()
    first = known = sent.last
    while time.monotonic() < began + _WATCHED_FOR_SECONDS:
        await asyncio.sleep(0.05)
        if (now := await asyncio.to_thread(sent.look)) > known:
            last, known = time.monotonic(), now
    return last - began, known - first


async def _calling(
    web: httpx.AsyncClient, worker: Worker, person: Person, stop: asyncio.Event
) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        await _read(web, worker, person, number)


@dataclass
class _Sent:
    """How many requests have arrived at ServiceNow so far, by the id of the last."""

    site: Site
    last: int = 0

    def look(self) -> int:
        """Look again."""
        entries = self.site.instance.journal(after=self.last)
        self.last = entries[-1]["id"] if entries else self.last
        return self.last


def _measured(what: str, promised: str, reached: str, *, holds: bool) -> Measured:
    return Measured(goal="G26", what=what, promised=promised, reached=reached, holds=holds)


if __name__ == "__main__":
    print_measured(prove)
