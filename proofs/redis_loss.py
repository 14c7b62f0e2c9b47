"""Redis is emptied and killed while people work: it holds nothing that may not be lost.

Real processes: PostgreSQL, Redis, the simulator, two servers. People call all the time, with
access tokens, reconnect tokens and sessions. `python -m proofs.redis_loss` runs it alone, in full.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx
import redis

from proofs.alone import print_measured
from proofs.asking import asked
from proofs.calling import Calls, call_until, signed_in
from proofs.credentials import Person as Browser
from proofs.credentials import shared_web
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, running_site

_NORMAL_WITHIN: Final = 5.0
_BETWEEN_SECONDS: Final = 0.5
_INCIDENT: Final = {"short_description": "Written although Redis was lost"}


def prove(scale: Scale) -> Iterable[Measured]:
    """Empty and kill Redis again and again under load."""
    times = scale.pick(full=10, short=1)
    with running_site() as site:
        person = site.make_people(1)[0]
        # The first is at the address that the metadata names, so that people can sign in there.
        servers = (_at_home(site), site.daphne("second"))
        site.start(*servers)
        seen = asyncio.run(_lost_again_and_again(site, servers, person, times))
        yield from _held(site, seen, times)


def _at_home(site: Site) -> Worker:
    made = site.daphne("first")
    command = tuple(f"--port={site.demo.port}" if "--port=" in one else one for one in made.command)
    return Worker(made.name, site.demo.address, command)


@dataclass
class _Seen:
    calls: Calls = field(default_factory=Calls)
    emptied: int = 0
    killed: int = 0
    seconds: list[float] = field(default_factory=list)
    credentials: int = 0
    browsers: int = 0
    signed_out: list[str] = field(default_factory=list)
    before: int = 0


async def _lost_again_and_again(
    site: Site, servers: tuple[Worker, Worker], person: Person, times: int
) -> _Seen:
    seen, stop = _Seen(), asyncio.Event()
    tokens = await signed_in(f"{servers[0].address}/mcp")
    async with shared_web() as web:
        browser = Browser(servers[0].address, "fred.luddy", web)
        await browser.sign_in()
    seen.before = _records(site)
    addresses = [server.address for server in servers]
    calling = asyncio.create_task(call_until(stop, addresses, tokens, seen.calls))
    for _ in range(times):
        await asyncio.sleep(_BETWEEN_SECONDS)
        await asyncio.to_thread(_empty, site)
        seen.emptied += 1
        seen.seconds.append(await _until_normal(servers, person))
        site.processes.kill("redis")
        seen.killed += 1
        await asyncio.sleep(_BETWEEN_SECONDS)
        began = time.monotonic()
        await asyncio.to_thread(site.start_redis)
        seen.seconds.append(time.monotonic() - began + await _until_normal(servers, person))
    stop.set()
    await calling
    await _look_who_is_signed_out(servers, [*tokens.values(), person.token], seen)
    await _look_at_the_browser(servers, browser.cookie_header(), seen)
    return seen


def _empty(site: Site) -> None:
    with redis.Redis(unix_socket_path=str(site.demo.redis_directory / "redis.sock")) as connection:
        connection.flushall()


async def _until_normal(servers: Sequence[Worker], person: Person) -> float:
    """Wait until every server writes again and begins sign-ins; return the seconds."""
    began = time.monotonic()
    async with httpx.AsyncClient(timeout=30) as web:
        for server in servers:
            while time.monotonic() - began < 4 * _NORMAL_WITHIN:
                made = await asked(web, server, "create_incident", _INCIDENT, token=person.token)
                begun = await web.get(f"{server.address}/oauth/authorize")
                if made.succeeded and begun.status_code == 302:
                    break
                await asyncio.sleep(0.05)
    return time.monotonic() - began


async def _look_who_is_signed_out(
    servers: Sequence[Worker], tokens: Sequence[str], seen: _Seen
) -> None:
    async with httpx.AsyncClient(timeout=30) as web:
        for server in servers:
            for token in tokens:
                answer = await asked(web, server, "get_my_profile", {}, token=token)
                seen.credentials += 1
                if not answer.succeeded:
                    seen.signed_out.append(f"{answer.status} {answer.code}")


async def _look_at_the_browser(servers: Sequence[Worker], cookie: str, seen: _Seen) -> None:
    async with httpx.AsyncClient(timeout=30) as web:
        for server in servers:
            page = await web.get(f"{server.address}/connection", headers={"Cookie": cookie})
            seen.browsers += 1
            if page.status_code != 200:
                seen.signed_out.append(f"browser {page.status_code}")


def _records(site: Site) -> int:
    """How many profiles are on record as read, each with its outcome."""
    [(number,)] = site.rows(
        "SELECT count(DISTINCT c.id) FROM audit_app_toolcall c"
        " JOIN audit_app_toolcalloutcome o ON o.call_id = c.id WHERE c.tool = 'get_my_profile'"
    )
    return int(number)


def _held(site: Site, seen: _Seen, times: int) -> Iterator[Measured]:
    said = "; ".join(seen.signed_out[:2])
    yield Measured(
        goal="G25",
        what=f"credentials that opened nothing after {seen.emptied} FLUSHALL and {seen.killed} "
        "SIGKILLs of Redis: access and reconnect tokens, a browser's session, at both servers",
        promised="0",
        reached=f"{len(seen.signed_out)} of {seen.credentials + seen.browsers} {said}".rstrip(),
        holds=not seen.signed_out and seen.credentials > 0 and seen.browsers > 0,
    )
    failed = "; ".join(seen.calls.failures[:2])
    yield Measured(
        goal="G25",
        what="calls in sessions of the handshake revisions that failed meanwhile",
        promised="0",
        reached=f"{len(seen.calls.failures)} of {seen.calls.made:,} {failed}".rstrip(),
        holds=not seen.calls.failures and seen.calls.made > 10 * times,
    )
    lost = seen.calls.made + seen.credentials - (_records(site) - seen.before)
    yield Measured(
        goal="G25",
        what="calls without a record and its outcome",
        promised="0",
        reached=f"{lost}",
        holds=lost == 0,
    )
    yield Measured(
        goal="G25",
        what="until both servers write and begin sign-ins again, the longest of "
        f"{len(seen.seconds)} times",
        promised=f"at most {_NORMAL_WITHIN:.0f} s",
        reached=f"{max(seen.seconds):.1f} s",
        holds=max(seen.seconds) <= _NORMAL_WITHIN,
    )


if __name__ == "__main__":
    print_measured(prove)
