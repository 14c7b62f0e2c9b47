"""What an operator or a person ends is ended: on every server, within a second, without Redis too.

Two servers that share nothing but PostgreSQL and Redis. Reconnect tokens are revoked one after
another while both servers are asked all the time; people with a credential of every kind are
turned off and on, and disconnected; the instance is paused while somebody works. Then Redis is
killed, and tokens are revoked again. `python -m proofs.offboarding` runs it alone, in full.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from proofs.alone import print_measured
from proofs.asked_for_others import asked_for_others
from proofs.asking import asked
from proofs.credentials import Person, shared_web
from proofs.measured import Measured, Scale
from proofs.operators import Operator
from proofs.revocations import Bench, Race, opens_mcp
from proofs.site import Site, Worker, running_site
from proofs.watching import OPEN, SHUT, Probe, Watch, watching
from snmcp_project.demo.site import OPERATOR
from snmcp_project.demo.startup import MANAGE

_AT_MOST_SECONDS: Final = 1.0
_LOOKED_AT_SECONDS: Final = 1.5


def prove(scale: Scale) -> Iterable[Measured]:
    """Revoke, turn off, disconnect and pause, then revoke without Redis."""
    # Each token comes from an address of its own, or the limit of bad ones would be met.
    with running_site({"TRUSTED_PROXIES": "127.0.0.1"}) as site:
        site.manage("ensure_operator", OPERATOR)
        command = (*MANAGE, "serve", "--host=127.0.0.1", f"--port={site.demo.port}")
        workers = (Worker("first", site.demo.address, command), site.daphne("second"))
        site.start(*workers)
        yield from asyncio.run(_proved(site, workers, scale=scale))


async def _proved(site: Site, workers: tuple[Worker, ...], *, scale: Scale) -> list[Measured]:
    tries = scale.pick(full=1_000, short=24)
    async with shared_web() as web:
        bench = Bench(web, tuple(each.address for each in workers))
        operator = Operator(site.demo.address, web)
        await operator.sign_in(site.demo.secrets.operator_password)
        fred = Person(site.demo.address, "fred.luddy", web)
        await fred.sign_in()
        with_redis = await bench.revoke_many(fred, tries)
        for_others = await asked_for_others(site, bench.servers, web)
        people = await _people_end(site, bench, operator)
        paused = await _paused(site, workers, operator, times=scale.pick(full=20, short=2))
        await fred.sign_in()  # nobody can without Redis
        # Each revocation makes its server forget all that it keeps, which others profit from.
        alone = await bench.revoke_many(fred, scale.pick(full=20, short=4), at_once=1)
        await asyncio.to_thread(site.processes.kill, "redis")
        without = await bench.revoke_many(fred, scale.pick(full=100, short=8))
    return [
        *_of_race(with_redis, tries=tries, when="with Redis"),
        *for_others,
        *people,
        *paused,
        *_of_race(alone, tries=alone.asked_for, when="with Redis, one after the other"),
        *_of_race(without, tries=without.asked_for, when="after Redis was killed"),
    ]


def _of_race(race: Race, *, tries: int, when: str) -> Iterable[Measured]:
    yield Measured(
        goal="G15",
        what=f"last moment at which a revoked reconnect token opened any of 2 servers, {when}",
        promised=f"at most {_AT_MOST_SECONDS:.0f} s after it was revoked, {tries:,} tries",
        reached=f"{race.latest:.2f} s, {race.tries:,} tries, {race.asked:,} requests",
        holds=race.latest <= _AT_MOST_SECONDS and race.tries == tries,
    )
    yield Measured(
        goal="G15",
        what=f"revoked tokens that opened something again, or never had, {when}",
        promised=f"0 of {tries:,}",
        reached=f"{race.revived} again, {race.never_open} never, {race.still_open} still",
        holds=not (race.revived or race.never_open or race.still_open),
    )


# --- people ---------------------------------------------------------------------------------


@dataclass
class _Ended:
    """What was seen of one person's credentials while somebody ended them."""

    how: str
    watches: Mapping[str, Watch]
    since: float
    still_open: list[str] = field(default_factory=list)

    @property
    def latest(self) -> float:
        return max(watch.latest_open(after=self.since) for watch in self.watches.values())

    @property
    def never_open(self) -> list[str]:
        return [name for name, watch in self.watches.items() if not watch.was_open]

    def measured(self) -> Measured:
        kinds = len({name.partition(" at ")[0] for name in self.watches}) + 2
        wrong = ", ".join([*self.still_open, *(f"never open: {each}" for each in self.never_open)])
        return Measured(
            goal="G18",
            what=f"a person {self.how}: {kinds} kinds of credential at 2 servers",
            promised=f"all shut within {_AT_MOST_SECONDS:.0f} s",
            reached=f"the last one after {self.latest:.2f} s {wrong}".rstrip(),
            holds=self.latest <= _AT_MOST_SECONDS and not wrong,
        )


async def _people_end(site: Site, bench: Bench, operator: Operator) -> list[Measured]:
    abel, beth, charlie = [
        Person(site.demo.address, name, bench.web)
        for name in ("abel.tuter", "beth.anglin", "charlie.whitherspoon")
    ]
    for person in (abel, beth, charlie):
        await person.get_everything()
    rows = _rows(site)
    await abel.get_code()  # a code lives for a minute
    off = await _watched_end(
        bench,
        abel,
        "who is turned off",
        operator.act("oauth_app/user", "turn_off", rows["abel.tuter"].user),
    )
    await operator.act("oauth_app/user", "turn_on", rows["abel.tuter"].user)
    on_again = await _shut_kinds(bench, abel)
    tokens = await asyncio.to_thread(_tokens_at_servicenow, site)
    for person in (abel, beth, charlie):
        await person.get_code()
    by_operator = await _watched_end(
        bench,
        abel,
        "whom an operator disconnects",
        operator.act("oauth_app/connection", "disconnect", rows["abel.tuter"].connection),
    )
    by_themselves = await _watched_end(bench, beth, "who disconnects", _disconnect(beth))
    alive = [
        f"{name}'s {kind} token"
        for name in ("abel.tuter", "beth.anglin")
        for kind, token in tokens[name].items()
        if await _lives_at_servicenow(site, bench.web, kind, token)
    ]
    charlies = await _shut_kinds(bench, charlie)
    charlies += [
        f"{kind} at ServiceNow"
        for kind, token in tokens[charlie.user_name].items()
        if not await _lives_at_servicenow(site, bench.web, kind, token)
    ]
    return [
        off.measured(),
        Measured(
            goal="G18",
            what="credentials that do not work again after the person is turned on",
            promised="0",
            reached=f"{len(on_again)} {', '.join(on_again)}".rstrip(),
            holds=not on_again,
        ),
        by_operator.measured(),
        by_themselves.measured(),
        Measured(
            goal="G18",
            what="tokens of the two that still work at ServiceNow",
            promised="0 of 4",
            reached=f"{len(alive)} of 4 {', '.join(alive)}".rstrip(),
            holds=not alive,
        ),
        Measured(
            goal="G18",
            what="credentials of somebody else that ended with theirs",
            promised="0",
            reached=f"{len(charlies)} {', '.join(charlies)}".rstrip(),
            holds=not charlies,
        ),
    ]


async def _disconnect(person: Person) -> None:
    """Press the button in another browser: the one at hand stays, to say what happened."""
    other = Person(person.site, person.user_name, person.web)
    await other.sign_in()
    await other.browser.open(f"{person.site}/connection")
    await other.browser.submit(button="Disconnect")


def _standing_probes(bench: Bench, person: Person) -> dict[str, Probe]:
    """The credentials that can be asked again and again, at each server."""
    probes: dict[str, Probe] = {}
    for number, server in enumerate(bench.servers, start=1):
        address = bench.next_address()
        for kind, token in {
            "access token": person.access[-1],
            "reconnect token": person.reconnect[-1],
            "service token": person.service_tokens[0],
        }.items():
            probes[f"{kind} at {number}"] = opens_mcp(bench.web, server, token, address=address)
        probes[f"personal URL at {number}"] = _opens_url(bench.web, server, person.reconnect[-1])
        probes[f"session at {number}"] = _opens_page(bench.web, server, person)
        probes[f"service secret at {number}"] = _gets_token(person, server)
    return probes


def _opens_url(web: httpx.AsyncClient, server: str, token: str) -> Probe:
    async def probe() -> str:
        answer = await web.get(f"{server}/mcp", params={"token": token})
        return OPEN if answer.status_code == 405 else SHUT

    return probe


def _opens_page(web: httpx.AsyncClient, server: str, person: Person) -> Probe:
    headers = {"Cookie": person.cookie_header()}

    async def probe() -> str:
        answer = await web.get(f"{server}/connection", headers=headers)
        return OPEN if answer.status_code == 200 else SHUT

    return probe


def _gets_token(person: Person, server: str) -> Probe:
    async def probe() -> str:
        answer = await person.get_service_token(at=server)
        return OPEN if answer.status_code == 200 else SHUT

    return probe


async def _watched_end(bench: Bench, person: Person, how: str, ending: Any) -> _Ended:  # noqa: ANN401  # a coroutine
    probes = _standing_probes(bench, person)
    async with watching(probes) as watches:
        await asyncio.sleep(_LOOKED_AT_SECONDS / 3)
        await ending
        since = time.monotonic()
        await asyncio.sleep(_LOOKED_AT_SECONDS)
    ended = _Ended(how, watches, since)
    for number, server in enumerate(bench.servers, start=1):
        exchanged = await person.exchange(person.codes[-1], at=server)
        refreshed = await person.refresh_once(at=server)
        if exchanged.status_code == 200:
            ended.still_open.append(f"code at {number}")
        if refreshed.status_code == 200:
            ended.still_open.append(f"refresh token at {number}")
    return ended


async def _shut_kinds(bench: Bench, person: Person) -> list[str]:
    """The credentials that open nothing; each is used once."""
    probes = _standing_probes(bench, person)
    shut = [name for name, probe in probes.items() if await probe() != OPEN]
    if (await person.exchange(person.codes[-1], at=bench.servers[1])).status_code != 200:
        shut.append("code")
    if (await person.refresh_once(at=bench.servers[1])).status_code != 200:
        shut.append("refresh token")
    return shut


@dataclass(frozen=True)
class _Rows:
    user: int
    connection: int


def _rows(site: Site) -> dict[str, _Rows]:
    found = site.rows("SELECT user_name, user_id, id FROM oauth_app_connection")
    return {name: _Rows(user, connection) for name, user, connection in found}


def _tokens_at_servicenow(site: Site) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(site.inside("proofs.stored_secrets"))["people"]
    return found


async def _lives_at_servicenow(site: Site, web: httpx.AsyncClient, kind: str, token: str) -> bool:
    there = site.demo.instance_address
    if kind == "access":
        address = f"{there}/api/now/table/incident?sysparm_limit=1"
        answer = await web.get(address, headers={"Authorization": f"Bearer {token}"})
        return answer.status_code == 200
    own = site.demo.secrets
    answer = await web.post(
        f"{there}/oauth_token.do",
        data={
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": own.client_id,
            "client_secret": own.client_secret,
        },
    )
    return answer.status_code == 200


# --- pausing --------------------------------------------------------------------------------


async def _paused(
    site: Site, workers: tuple[Worker, ...], operator: Operator, *, times: int
) -> list[Measured]:
    fred = Person(site.demo.address, "fred.luddy", operator.web)
    await fred.sign_in()
    token = await fred.make_reconnect_token()
    [(instance,)] = site.rows("SELECT id FROM oauth_app_instance")
    site.instance.forget_journal()
    latest, sent, unsaid, resumed = 0.0, 0, 0, 0
    working = {worker.name: _works(operator.web, worker, token) for worker in workers}
    for _ in range(times):
        async with watching(working, seconds=0.04) as watches:
            await asyncio.sleep(0.4)
            await operator.act("oauth_app/instance", "pause", instance)
            since = time.monotonic()
            await asyncio.sleep(_AT_MOST_SECONDS)
            before = await asyncio.to_thread(_last_request, site)
            await asyncio.sleep(0.5)
            sent += await asyncio.to_thread(_last_request, site) != before
            await operator.act("oauth_app/instance", "resume", instance)
            await asyncio.sleep(0.3)
        for watch in watches.values():
            states = [state for at, state in watch.seen if since < at < since + 1.4]
            latest = max(
                latest,
                *(
                    at - since
                    for at, state in watch.seen
                    if state == OPEN and since < at < since + 1.4
                ),
                0.0,
            )
            unsaid += sum(state not in {OPEN, SHUT} for state in states)
            unsaid += SHUT not in states
            resumed += watch.seen[-1][1] == OPEN
    return [
        Measured(
            goal="G26",
            what="last call of 2 busy servers that an instance served after it was paused",
            promised=f"at most {_AT_MOST_SECONDS:.0f} s, {times} pauses",
            reached=f"{latest:.2f} s",
            holds=latest <= _AT_MOST_SECONDS,
        ),
        Measured(
            goal="G26",
            what="pauses in which the instance saw a request after that second",
            promised=f"0 of {times}",
            reached=f"{sent} of {times}",
            holds=sent == 0,
        ),
        Measured(
            goal="G26",
            what="calls that were not told why, and servers that did not go on afterwards",
            promised="0 and 0",
            reached=f"{unsaid} and {2 * times - resumed}",
            holds=unsaid == 0 and resumed == 2 * times,
        ),
    ]


def _works(web: httpx.AsyncClient, worker: Worker, token: str) -> Probe:
    async def probe() -> str:
        answer = await asked(web, worker, "search_incidents", {"limit": 1}, token=token)
        if answer.succeeded:
            return OPEN
        told = json.dumps(answer.result)
        return SHUT if "paused work with the instance" in told else told

    return probe


def _last_request(site: Site) -> int:
    with suppress(IndexError):
        return int(site.instance.journal()[-1]["id"])
    return 0


if __name__ == "__main__":
    print_measured(prove)
