"""Fifty people at once with the same request ids: to each their own answers, and nobody else's.

Real processes: PostgreSQL, Redis, the simulator, two web workers. Everybody calls over both, each
call with the id that everybody else's has, one in ten is broken off in the middle, and each answer
is searched for everybody else's name, sys_id and secret. What asks ServiceNow for somebody's own
record must ask as that person. `python -m proofs.mixed_up` runs it alone.
"""

import asyncio
import random
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx
from httpx_aiohttp import AiohttpTransport

from proofs.alone import print_measured
from proofs.asking import headers, message, read
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, running_site

# The simulator plants one person for every fifty records.
_A_DOZEN_MORE_PEOPLE: Final = "--records=600"
_ID: Final = 1  # of every request of everybody
_LANES: Final = 2  # of each person, in parallel
_LEFT: Final = 0.1
_LEAVES_AFTER_SECONDS: Final = 0.2
_PROFILE: Final = "get_my_profile"
_READ: Final = "get_incident"
_OWN_RECORD: Final = re.compile(r"/sys_user/([0-9a-f]{32})$")
_INCIDENT: Final = re.compile(r"INC\d+")
_STILL_AT_WORK: Final = 200  # of the latest requests some may be without a name yet


def prove(scale: Scale) -> Iterable[Measured]:
    """Call, break off, and look into every answer."""
    number = scale.pick(full=50, short=10)
    calls = scale.pick(full=200, short=20)
    with running_site(simulator=[_A_DOZEN_MORE_PEOPLE]) as site:
        people = site.make_people(number)
        workers = (site.daphne("first"), site.daphne("second"))
        site.start(*workers)
        tally = asyncio.run(_everybody(site, workers, people, calls=calls))
        yield from _held(tally, answers=number * calls)


@dataclass(frozen=True)
class _Owner:
    """Somebody, and an incident of theirs whose text nobody else has."""

    person: Person
    incident: str
    secret: str

    @property
    def marks(self) -> tuple[str, ...]:
        """What shows that an answer is theirs: a profile names its manager, but not by e-mail."""
        return (f"{self.person.user_name}@", self.secret)


@dataclass
class _Tally:
    own: int = 0
    left: int = 0
    foreign: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked_there: int = 0
    as_another: list[str] = field(default_factory=list)
    last_request: int = 0

    def look(self, site: Site, owners: Sequence[_Owner], *, but: int = 0) -> None:
        """See as whom ServiceNow was asked for what is somebody's own, `but` the last requests."""
        by_sys_id = {owner.person.sys_id: owner.person for owner in owners}
        by_incident = {owner.incident: owner.person for owner in owners}
        entries = site.instance.journal(after=self.last_request)
        for entry in entries[: len(entries) - but]:
            self.last_request = entry["id"]
            record = _OWN_RECORD.search(entry["path"])
            incident = _INCIDENT.search(entry["query_string"])
            whose = by_sys_id.get(record[1]) if record else None
            whose = whose or (by_incident.get(incident[0]) if incident else None)
            if whose is None or entry["acting_user"] is None:
                continue
            self.asked_there += 1
            if entry["acting_user"] != whose.user_name:
                self.as_another.append(f"{whose.user_name}'s as {entry['acting_user']}")


async def _everybody(
    site: Site, workers: Sequence[Worker], people: Sequence[Person], *, calls: int
) -> _Tally:
    tally = _Tally()
    # httpx's own transport looks at every connection for each request.
    limits = httpx.Limits(max_connections=None)
    transport = AiohttpTransport(limits=limits)
    async with httpx.AsyncClient(timeout=60, transport=transport) as web:
        owners = await asyncio.gather(*(_owner(web, workers[0], person) for person in people))
        lanes = [
            _lane(web, workers, owner, owners, tally, seed=lane, calls=calls // _LANES)
            for owner in owners
            for lane in range(_LANES)
        ]
        await asyncio.gather(*lanes, _telling(site, owners, tally, wanted=len(people) * calls))
    await asyncio.to_thread(tally.look, site, owners)
    return tally


async def _owner(web: httpx.AsyncClient, worker: Worker, person: Person) -> _Owner:
    secret = secrets.token_hex(12)
    made = await web.post(
        f"{worker.address}/mcp",
        json=message("create_incident", {"short_description": f"proof {secret}"}, id_=_ID),
        headers=headers("create_incident", token=person.token),
    )
    result = read(made).result
    return _Owner(person, str(result["structuredContent"]["number"]), secret)


async def _lane(
    web: httpx.AsyncClient,
    workers: Sequence[Worker],
    owner: _Owner,
    owners: Sequence[_Owner],
    tally: _Tally,
    *,
    seed: int,
    calls: int,
) -> None:
    """So many calls that are answered, one after another; some more are broken off."""
    choose, answered = random.Random(f"{owner.person.user_name} {seed}"), 0
    while answered < calls:
        tool = choose.choice((_PROFILE, _READ))
        asking = asyncio.create_task(_ask(web, choose.choice(workers), owner, tool))
        if choose.random() < _LEFT:
            await asyncio.sleep(choose.random() * _LEAVES_AFTER_SECONDS)
            if asking.cancel():
                tally.left += 1
                await asyncio.wait([asking])
                continue
        answered += 1
        _count(tally, owner, owners, await asking, tool)


async def _ask(web: httpx.AsyncClient, worker: Worker, owner: _Owner, tool: str) -> httpx.Response:
    arguments: dict[str, object] = {}
    if tool == _READ:
        arguments = {"incident": owner.incident, "include_journal": False}
    return await web.post(
        f"{worker.address}/mcp",
        json=message(tool, arguments, id_=_ID),
        headers=headers(tool, token=owner.person.token),
    )


def _count(
    tally: _Tally, owner: _Owner, owners: Sequence[_Owner], answer: httpx.Response, tool: str
) -> None:
    said, text = read(answer), answer.text
    name = owner.person.user_name
    tally.foreign += [
        f"{name} got {other.person.user_name}'s"
        for other in owners
        if other is not owner and any(mark in text for mark in other.marks)
    ]
    expected = owner.person.sys_id if tool == _PROFILE else owner.secret
    if said.succeeded and said.id == _ID and expected in text:
        tally.own += 1
    else:
        tally.wrong.append(f"{name}: {tool} {said.status} {said.code}")


async def _telling(site: Site, owners: Sequence[_Owner], tally: _Tally, *, wanted: int) -> None:
    """Progress, now and then; and take over what the simulator has seen, before it forgets."""
    while (done := tally.own + len(tally.wrong)) < wanted:
        print(f"  {done:,} of {wanted:,} answers, {tally.left:,} calls broken off", flush=True)
        await asyncio.to_thread(tally.look, site, owners, but=_STILL_AT_WORK)
        await asyncio.sleep(5)


def _held(tally: _Tally, *, answers: int) -> Iterator[Measured]:
    yield _measured(
        "answers that carry another person's name, sys_id or text,"
        f" {_LANES} of each person at once",
        f"0 of {answers:,}",
        f"{len(tally.foreign)} of {tally.own + len(tally.wrong):,} {tally.foreign[:1] or ''}",
        holds=not tally.foreign and tally.own + len(tally.wrong) == answers,
    )
    yield _measured(
        "answers that are the person's own, while others were broken off in the middle",
        f"{answers:,}",
        f"{tally.own:,}; {tally.left:,} were broken off {tally.wrong[:1] or ''}",
        holds=tally.own == answers and tally.left > 0,
    )
    as_another = len(tally.as_another)
    yield _measured(
        "requests at ServiceNow for somebody's own record that acted as another",
        "0",
        f"{as_another} of {tally.asked_there:,} {tally.as_another[:1] or ''}",
        holds=not as_another and tally.asked_there > answers / 2,
    )


def _measured(what: str, promised: str, reached: str, *, holds: bool) -> Measured:
    return Measured(goal="G9", what=what, promised=promised, reached=reached.strip(), holds=holds)


if __name__ == "__main__":
    print_measured(prove)
