"""Replies that get lost after ServiceNow has done the work: nothing is made twice.

Real processes: PostgreSQL, Redis, the simulator, which drops, breaks off or spoils its reply to
every insert, two web workers, a worker of Celery and two beats. Half of the calls find what became
of their record at once; for the other half ServiceNow cannot be read either, and the sweep settles
them later. `python -m proofs.lost_replies` runs it alone, in full.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from proofs.alone import print_measured
from proofs.asking import asked
from proofs.ledger import Ledger, made_at_servicenow, read_ledger, reference_in
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, running_site

_PEOPLE: Final = 10
_TABLE: Final = "/api/now/table/incident"
_WAYS: Final = ("reset_after", "truncated", "500_after_commit", "reset_midway")
_SETTLED_WITHIN_SECONDS: Final = 60.0


def prove(scale: Scale) -> Iterable[Measured]:
    """Lose every reply, look at once or later, and count what ServiceNow has."""
    calls = scale.pick(full=504, short=40)
    with running_site() as site:
        people = site.make_people(_PEOPLE)
        workers = (site.daphne("first"), site.daphne("second"))
        site.start(*workers)
        if scale is Scale.FULL:
            site.start_celery(beats=2)
        lost = asyncio.run(_lost(site, workers, people, calls=calls))
        if scale is Scale.FULL:
            _wait_until_settled(site)
        else:
            site.inside("proofs.settled")
        yield from _held(site, read_ledger(site), lost, calls=calls)


@dataclass
class _Lost:
    """What the calls were answered, by whether ServiceNow could be read after the reply was lost.

    An empty code is success.
    """

    readable: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)


async def _lost(
    site: Site, workers: Sequence[Worker], people: Sequence[Person], *, calls: int
) -> _Lost:
    lost = _Lost()
    async with httpx.AsyncClient(timeout=60) as web:
        # Each worker has read what fields there are, and for whom.
        await _many(web, workers, people, calls=4 * len(people))
        site.instance.forget_journal()
        for way in _WAYS:
            site.instance.add_fault(kind=way, count=None, path=_TABLE, method="POST")
            part = calls // 2 // len(_WAYS)
            lost.readable += await _many(web, workers, people, calls=part)
            site.instance.add_fault(kind="403", count=None, path=_TABLE, method="GET")
            lost.unreadable += await _many(web, workers, people, calls=part)
            site.instance.clear_faults()
            print(f"  {way}: {dict(lost.readable)} {dict(lost.unreadable)}", flush=True)  # progress
    return lost


async def _many(
    web: httpx.AsyncClient, workers: Sequence[Worker], people: Sequence[Person], *, calls: int
) -> Counter[str]:
    left, codes = iter(range(calls)), Counter[str]()

    async def line(person: Person, worker: Worker) -> None:
        for number in left:
            arguments = {"short_description": f"proof of a lost reply {number}"}
            answer = await asked(web, worker, "create_incident", arguments, token=person.token)
            codes[answer.code] += 1

    lines = (line(person, workers[n % len(workers)]) for n, person in enumerate([*people, *people]))
    await asyncio.gather(*lines)
    return codes


def _wait_until_settled(site: Site) -> None:
    until = time.monotonic() + _SETTLED_WITHIN_SECONDS + 30
    while time.monotonic() < until and any(call.is_open for call in read_ledger(site).calls):
        time.sleep(1)


def _held(site: Site, ledger: Ledger, lost: _Lost, *, calls: int) -> Iterator[Measured]:
    sent = _inserts(site)
    made = Counter(made_at_servicenow(site))
    twice = [reference for reference, times in made.items() if times > 1]
    yield _measured(
        f"incidents made twice by {calls} calls whose reply got lost in {len(_WAYS)} ways",
        "0",
        f"{len(twice)} of {len(sent)}",
        holds=not twice and sent.keys() <= made.keys(),
    )
    yield _measured(
        "inserts sent again without being asked to",
        "0",
        f"{sum(sent.values()) - len(sent)} of {sum(sent.values())}",
        holds=sum(sent.values()) == len(sent) == calls // 8 * 8,
    )
    at_once = lost.readable[""]
    yield _measured(
        "calls that find their record at once by its correlation id, and say so",
        "all",
        f"{at_once} of {lost.readable.total()}",
        holds=at_once == lost.readable.total() > 0,
    )
    unknown = lost.unreadable["OUTCOME_UNKNOWN"]
    yield _measured(
        "calls that say that nobody knows, where ServiceNow cannot be read either",
        "all",
        f"{unknown} of {lost.unreadable.total()}",
        holds=unknown == lost.unreadable.total() > 0,
    )
    doubtful = [call for call in ledger.calls if call.was_in_doubt]
    settled = [call for call in doubtful if call.succeeded]
    slowest = max((call.seconds_in_doubt for call in settled), default=0)
    yield _measured(
        "of these, settled later by the correlation id",
        f"all, within {_SETTLED_WITHIN_SECONDS:.0f} s",
        f"{len(settled)} of {len(doubtful)}, the slowest after {slowest:.0f} s",
        holds=len(settled) == len(doubtful) == unknown and slowest <= _SETTLED_WITHIN_SECONDS,
    )


def _inserts(site: Site) -> Counter[str]:
    """How often each correlation id was sent with an insert."""
    entries: list[dict[str, Any]] = site.instance.journal(path=_TABLE)
    return Counter(reference_in(each) for each in entries if each["method"] == "POST")


def _measured(what: str, promised: str, reached: str, *, holds: bool) -> Measured:
    return Measured(goal="G3", what=what, promised=promised, reached=reached, holds=holds)


if __name__ == "__main__":
    print_measured(prove)
