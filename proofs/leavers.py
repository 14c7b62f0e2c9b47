"""People who are turned off or disconnected, and what their credentials still open."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from proofs.credentials import Person
from proofs.measured import Measured
from proofs.operators import Operator
from proofs.revocations import Bench, opens_mcp
from proofs.site import Site
from proofs.watching import OPEN, SHUT, Probe, Watch, watching

_AT_MOST_SECONDS: Final = 1.0
_LOOKED_AT_SECONDS: Final = 1.5
_END_WITHOUT_REDIS: Final = ("david.loo", "don.goodliffe")


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


async def people_end(site: Site, bench: Bench, operator: Operator) -> list[Measured]:
    """Turn one off and on, disconnect two, and leave a third alone."""
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


@dataclass(frozen=True)
class WithoutRedis:
    """Two people who got everything while Redis was there, and end without it."""

    off: Person
    disconnected: Person

    @classmethod
    async def prepared(cls, site: Site, bench: Bench) -> "WithoutRedis":
        """Give them one credential of each kind."""
        people = [Person(site.demo.address, name, bench.web) for name in _END_WITHOUT_REDIS]
        for person in people:
            await person.get_everything()
        return cls(*people)

    async def end(self, site: Site, bench: Bench, operator: Operator) -> list[Measured]:
        """Turn one off and disconnect the other."""
        rows = _rows(site)
        off = await _watched_end(
            bench,
            self.off,
            "who is turned off while Redis is gone",
            operator.act("oauth_app/user", "turn_off", rows[self.off.user_name].user),
        )
        connection = rows[self.disconnected.user_name].connection
        disconnected = await _watched_end(
            bench,
            self.disconnected,
            "whom an operator disconnects while Redis is gone",
            operator.act("oauth_app/connection", "disconnect", connection),
        )
        return [off.measured(), disconnected.measured()]
