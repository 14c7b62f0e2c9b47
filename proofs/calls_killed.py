"""Web workers are killed under load; nothing reaches ServiceNow that is not on record.

Real processes: PostgreSQL, Redis, the simulator, two web workers (uvicorn, each killed with SIGKILL
at random moments again and again), a worker of Celery and two beats. What arrived at the simulator
is held against the audit log, and what ended in doubt against what became of it there.
`python -m proofs.calls_killed` runs it alone, in full.
"""

import asyncio
import json
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from proofs.alone import print_measured
from proofs.asking import asked
from proofs.ledger import Ledger, made_at_servicenow, read_ledger, unrecorded
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, running_site
from snmcp_project.demo.startup import free_port

_LANES: Final = 8
_CREATED: Final = 0.2  # of all calls; the others read
_AFTER_A_BREAK_SECONDS: Final = 0.1
_SETTLED_WITHIN_SECONDS: Final = 60.0
_CHECKPOINT_WITHIN_SECONDS: Final = 60.0
_LONGEST_WAIT_SECONDS: Final = 180.0


def prove(scale: Scale) -> Iterable[Measured]:
    """Kill under load, then compare; in short, what is settled is not waited for."""
    kills = scale.pick(full=100, short=8)
    calls = scale.pick(full=10_000, short=150)
    with running_site() as site:
        people = site.make_people(_LANES)
        if scale is Scale.FULL:
            site.start_celery(beats=2)
        load = asyncio.run(_under_load(site, people, kills=kills, calls=calls))
        if scale is Scale.FULL:
            _wait_until_settled(site)
        else:
            site.inside("proofs.settled")
        ledger = read_ledger(site)
        yield from _held(site, ledger, load, kills=kills, calls=calls)
        yield from _settled(site, ledger, scale)


@dataclass
class _Load:
    journal: list[dict[str, Any]] = field(default_factory=list)
    answered: int = 0
    broken: int = 0
    killed: int = 0
    still_wanted: int | None = None
    seconds: float = 0

    @property
    def is_enough(self) -> bool:
        """Whether all kills are done and all calls are made."""
        wanted = self.still_wanted
        return wanted is not None and self.answered + self.broken >= wanted


async def _under_load(site: Site, people: Sequence[Person], *, kills: int, calls: int) -> _Load:
    workers = [_forking(name) for name in ("first", "second")]
    await asyncio.to_thread(site.start, *workers)
    load, stop, began = _Load(), asyncio.Event(), time.monotonic()
    async with httpx.AsyncClient(timeout=60) as web:
        lanes = [
            asyncio.create_task(_lane(web, workers, person, number, load))
            for number, person in enumerate(people)
        ]
        reading = asyncio.create_task(_reading(site, load, stop))
        await asyncio.to_thread(_kill, site, workers, load, kills=kills)
        load.still_wanted = calls
        await asyncio.gather(*lanes)
        stop.set()
        await reading
    load.seconds = time.monotonic() - began
    for worker in workers:
        await asyncio.to_thread(site.processes.end, worker.name)
    await asyncio.to_thread(_read_journal, site, load)
    return load


def _forking(name: str) -> Worker:
    port = free_port()
    command = (sys.executable, "-m", "proofs.forking", str(port))
    return Worker(name, f"http://localhost:{port}", command)


async def _lane(
    web: httpx.AsyncClient,
    workers: Sequence[Worker],
    person: Person,
    number: int,
    load: _Load,
) -> None:
    """One person, one call after another; each can be told from all others where it arrives."""
    choose, count = random.Random(number), 0
    while not load.is_enough:
        count += 1
        creates = choose.random() < _CREATED
        arguments = (
            {"short_description": f"proof {number}-{count}"}
            if creates
            else {"incident": f"INC{number + 1}{count:07}", "include_journal": False}
        )
        tool = "create_incident" if creates else "get_incident"
        try:
            await asked(web, choose.choice(workers), tool, arguments, token=person.token)
        except httpx.TransportError:
            load.broken += 1
            await asyncio.sleep(_AFTER_A_BREAK_SECONDS)
        else:
            load.answered += 1


async def _reading(site: Site, load: _Load, stop: asyncio.Event) -> None:
    """Take over what the simulator has seen, before it forgets."""
    while not stop.is_set():
        await asyncio.to_thread(_read_journal, site, load)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 2)


def _read_journal(site: Site, load: _Load) -> None:
    # The last entries may still be at work, and get what is unknown yet.
    known = max((entry["id"] for entry in load.journal), default=0) - 50
    load.journal[:] = [entry for entry in load.journal if entry["id"] <= known]
    load.journal += site.instance.journal(after=max(known, 0))


def _kill(site: Site, workers: Sequence[Worker], load: _Load, *, kills: int) -> None:
    """Kill one worker or the other, at moments that follow nothing."""
    choose, began = random.Random(1), time.monotonic()
    parents = [psutil.Process(site.processes.pid(worker.name)) for worker in workers]
    while load.killed < kills:
        time.sleep(choose.uniform(0.4, 2.0))
        for child in choose.choice(parents).children():
            with suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGKILL)
                load.killed += 1
        if load.killed % 10 == 0:
            calls, seconds = load.answered + load.broken, time.monotonic() - began
            print(f"  {load.killed} of {kills} kills; {calls:,} calls, {seconds:.0f} s", flush=True)


def _wait_until_settled(site: Site) -> None:
    """Wait for the beats and Celery to do their work, at most three minutes."""
    until = time.monotonic() + _LONGEST_WAIT_SECONDS
    while time.monotonic() < until and any(call.is_open for call in read_ledger(site).calls):
        time.sleep(2)


def _held(site: Site, ledger: Ledger, load: _Load, *, kills: int, calls: int) -> Iterator[Measured]:
    made = load.answered + load.broken
    yield _measured(
        f"SIGKILLs of one of two web workers under load, {load.seconds:.0f} s",
        f"{kills}, at least {calls:,} calls",
        f"{load.killed}, {made:,} calls of which {load.broken:,} broke off",
        holds=load.killed >= kills and made >= calls and load.broken > 0,
    )
    bare = unrecorded(load.journal, ledger)
    first = f": {bare[0]}" if bare else ""
    yield _measured(
        "requests at ServiceNow without the committed intent of that very call",
        "0",
        f"{len(bare)} of {len(load.journal):,}{first}",
        holds=not bare and len(load.journal) > 0,
    )
    sent = [entry for entry in load.journal if entry["method"] == "POST"]
    made_there = made_at_servicenow(site)
    yield _measured(
        "incidents made twice, or asked for twice, by calls that were killed",
        "0",
        f"{len(made_there) - len(set(made_there))} and {len(sent) - len(ledger.sent(sent))}"
        f" of {len(made_there):,}",
        holds=len(made_there) == len(set(made_there)) and len(sent) == len(ledger.sent(sent)),
        goal="G3",
    )


def _settled(site: Site, ledger: Ledger, scale: Scale) -> Iterator[Measured]:
    there = set(made_at_servicenow(site))
    doubtful = [call for call in ledger.calls if call.was_in_doubt]
    told_wrong = [
        call.reference
        for call in ledger.calls
        if not call.is_open and call.creates and call.succeeded != (call.reference in there)
    ]
    yield _measured(
        "calls whose record says made where nothing was, or the other way round",
        "0",
        f"{len(told_wrong)} of {len(ledger.calls):,}; {len(doubtful)} had been in doubt",
        holds=not told_wrong and bool(doubtful),
    )
    if scale is Scale.SHORT:
        open_made = [call for call in doubtful if call.is_open and call.reference in there]
        yield _measured(
            "calls in doubt that took effect and are not settled after one sweep",
            "0",
            f"{len(open_made)} of {len(doubtful)}",
            holds=not open_made,
        )
        return
    late = [each.seconds_in_doubt for each in doubtful if not each.is_open]
    slowest, left = max(late, default=0), sum(call.is_open for call in ledger.calls)
    yield _measured(
        "calls in doubt (a minute after a call that was killed began) that were settled",
        f"all, each within {_SETTLED_WITHIN_SECONDS:.0f} s",
        f"{len(late)} of {len(doubtful)}, the slowest after {slowest:.0f} s",
        holds=not left and slowest <= _SETTLED_WITHIN_SECONDS,
    )
    apart = _checkpoints_apart(site)
    yield _measured(
        "seconds from one checkpoint of the audit log to the next meanwhile",
        f"at most {_CHECKPOINT_WITHIN_SECONDS:.0f}",
        f"{max(apart, default=0):.0f} at most, {len(apart) + 1} checkpoints",
        holds=len(apart) > 1 and max(apart) <= _CHECKPOINT_WITHIN_SECONDS,
        goal="G4",
    )


def _checkpoints_apart(site: Site) -> list[float]:
    """The seconds from each checkpoint to the next, as they stand in the file."""
    file = Path(site.processes.environment["AUDIT_CHECKPOINTS"])
    lines = file.read_text(encoding="utf-8").splitlines()
    moments = [datetime.fromisoformat(json.loads(line)["signed_at"]) for line in lines]
    return [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]


def _measured(what: str, promised: str, reached: str, *, holds: bool, goal: str = "G1") -> Measured:
    return Measured(goal=goal, what=what, promised=promised, reached=reached, holds=holds)


if __name__ == "__main__":
    print_measured(prove)
