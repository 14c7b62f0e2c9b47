"""The limit of calls is exact over all workers, by whatever clock, and holds without Redis.

Real processes: PostgreSQL, Redis, the simulator, two servers; 64 callers at once, half of them at
each. What they are refused is on record, if only as a number. `python -m proofs.limits` runs it
alone, in full.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final

import httpx

from proofs.alone import print_measured
from proofs.asking import asked
from proofs.flood import Flood, Flooded, flooded
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, running_site
from snmcp_project.demo.site import PROJECT

LIMIT: Final = 60
_CALLERS: Final = 64
_READ: Final = "get_my_profile"
_WRITE: Final = "create_incident"
_ARGUMENTS: Final = {_READ: {}, _WRITE: {"short_description": "Counted"}}
# In seconds. They begin one after the other, the slow ones first: to a clock that is ahead of them
# the bucket that they emptied would be full again.
_SKEWS: Final = (-300, 300, -300, 0, -300, 0, 300, 300)
_BEGIN_APART_SECONDS: Final = 0.5
_AGAIN_WITHIN: Final = 5.0
_NUMBER: Final = re.compile(r"\d[\d,]*")


def prove(scale: Scale) -> Iterable[Measured]:
    """Call at full speed with Redis, with wrong clocks, without Redis, and with Redis again."""
    seconds = scale.pick(full=30.0, short=2.0)
    with running_site({"RATE_LIMIT_PER_USER": str(LIMIT)}) as site:
        abel, beth, warming = site.make_people(3)
        servers = (site.daphne("first"), site.daphne("second"))
        site.start(*servers)
        asyncio.run(_warm(servers, warming))
        counted = asyncio.run(flooded(_flood(servers, abel, _READ, seconds=seconds)))
        yield from _exact(counted)
        yield _skewed(site, scale)
        yield from _without_redis(site, servers, beth, seconds=seconds)
        site.end(*servers)
        yield _on_record(site, abel, counted)


def _flood(
    servers: tuple[Worker, ...],
    person: Person,
    tool: str,
    *,
    seconds: float,
    callers: int = _CALLERS,
) -> Flood:
    return Flood(
        addresses=[server.address for server in servers],
        token=person.token,
        tool=tool,
        arguments=_ARGUMENTS[tool],
        connections=callers // len(servers),
        seconds=seconds,
    )


async def _warm(servers: Iterable[Worker], person: Person) -> None:
    """Have each server import what its first call needs."""
    async with httpx.AsyncClient(timeout=30) as web:
        for server in servers:
            await asked(web, server, _READ, {}, token=person.token)


def _beyond_refill(allowed: float, seconds: float) -> float:
    """How many were allowed at once: without those that were refilled meanwhile."""
    return allowed - seconds * LIMIT / 60


def _is_exact(at_once: float) -> bool:
    """Nobody got more than the limit, and nobody less."""
    return LIMIT - 1 <= at_once <= LIMIT + 1


def _exact(counted: Flooded) -> Iterator[Measured]:
    at_once = _beyond_refill(counted.allowed, counted.last_allowed)
    yield Measured(
        goal="G24",
        what=f"calls of one person allowed beyond the even refill, {_CALLERS} callers at two "
        f"servers at full speed, {counted.made:,} calls in {counted.seconds:.0f} s",
        promised=f"{LIMIT} ± 1",
        reached=f"{at_once:.1f}",
        holds=_is_exact(at_once) and counted.made > counted.allowed,
    )
    yield Measured(
        goal="G24",
        what="answers to them that are a fault of ours",
        promised="0",
        reached=f"{counted.faults}",
        holds=counted.faults == 0,
    )


def _skewed(site: Site, scale: Scale) -> Measured:
    skews = sorted(scale.pick(full=_SKEWS, short=_SKEWS[:2]))
    seconds = scale.pick(full=10.0, short=2.0)
    each = _CALLERS // len(skews)
    command = [sys.executable, "-m", "proofs.skewed_callers"]
    children = [
        subprocess.Popen(
            [*command, str(skew), str(each), str(seconds)],
            cwd=PROJECT,
            env=dict(site.processes.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for skew in skews
    ]
    try:
        for child in children:
            assert child.stdout is not None  # a pipe, see above
            child.stdout.readline()
        for child in children:
            print(file=child.stdin, flush=True)
            time.sleep(_BEGIN_APART_SECONDS)
        printed = [child.communicate(timeout=seconds + 60)[0] for child in children]
    finally:
        for child in children:
            child.kill()
            child.wait()
    each_allowed = [json.loads(one.splitlines()[-1]) for one in printed]
    passed = max(seconds for _, seconds in each_allowed)
    passed += _BEGIN_APART_SECONDS * (len(skews) - 1)
    allowed = sum(number for number, _ in each_allowed)
    at_once = _beyond_refill(allowed, passed)
    return Measured(
        goal="G24",
        what=f"the same of {_CALLERS} callers in {len(skews)} processes whose clocks are five "
        "minutes slow, right, or five minutes fast",
        promised=f"{LIMIT} ± 1",
        reached=f"{at_once:.1f}",
        holds=_is_exact(at_once),
    )


def _without_redis(
    site: Site, servers: tuple[Worker, Worker], beth: Person, *, seconds: float
) -> Iterator[Measured]:
    before = _created(site)
    site.processes.kill("redis")
    reads, writes = asyncio.run(_read_and_write(servers, beth, seconds=seconds))
    created = _created(site) - before
    most = 2 * (LIMIT + reads.seconds * LIMIT / 60)
    yield Measured(
        goal="G24",
        what=f"reads allowed without Redis, of {reads.made:,} in {reads.seconds:.0f} s",
        promised=f"more than 0, at most twice the limit: {most:.0f}",
        reached=f"{reads.allowed}",
        holds=0 < reads.allowed <= most,
    )
    yield Measured(
        goal="G24",
        what=f"writes without Redis, of {writes.made:,}",
        promised="0 allowed, 0 records",
        reached=f"{writes.allowed} allowed, {created} records",
        holds=writes.allowed == created == 0 and writes.made > 0,
    )
    faults = reads.faults + writes.faults
    yield Measured(
        goal="G24",
        what="answers at /mcp without Redis that are a fault of ours",
        promised="0",
        reached=f"{faults}",
        holds=faults == 0,
    )
    yield _sign_ins_wait(servers[0])
    passed = asyncio.run(_writing_again(site, servers, beth))
    yield Measured(
        goal="G24",
        what="until both servers take writes again once Redis is back",
        promised=f"at most {_AGAIN_WITHIN:.0f} s",
        reached=f"{passed:.1f} s",
        holds=passed <= _AGAIN_WITHIN,
    )


async def _read_and_write(
    servers: tuple[Worker, Worker], person: Person, *, seconds: float
) -> tuple[Flooded, Flooded]:
    half = _CALLERS // 2
    return await asyncio.gather(
        flooded(_flood(servers, person, _READ, seconds=seconds, callers=half)),
        flooded(_flood(servers, person, _WRITE, seconds=seconds, callers=half)),
    )


def _created(site: Site) -> int:
    journal = site.instance.journal(path="/api/now/table/incident")
    return sum(1 for entry in journal if entry["method"] == "POST")


def _sign_ins_wait(server: Worker) -> Measured:
    with httpx.Client(base_url=server.address, timeout=30) as web:
        begun = web.get("/oauth/authorize")
        registered = web.post("/o/register/", json={"redirect_uris": ["http://127.0.0.1/x"]})
        metadata = web.get("/.well-known/oauth-authorization-server")
        token = web.post("/o/token/", data={"grant_type": "refresh_token"})
    waits = begun.status_code == registered.status_code == 503 and "Retry-After" in begun.headers
    says_why = "cannot count sign-ins just now" in begun.text
    goes_on = (metadata.status_code, token.status_code) == (200, 400)
    return Measured(
        goal="G24",
        what="without Redis: sign-in and registration begin; metadata and refreshes are served",
        promised="503 with the reason; 200, and 400 for a refresh without a token",
        reached=f"{begun.status_code}, {registered.status_code}; "
        f"{metadata.status_code}, {token.status_code}",
        holds=waits and says_why and goes_on,
    )


async def _writing_again(site: Site, servers: tuple[Worker, Worker], person: Person) -> float:
    began = time.monotonic()
    await asyncio.to_thread(site.start_redis)
    async with httpx.AsyncClient(timeout=30) as web:
        for server in servers:
            while True:
                answer = await asked(web, server, _WRITE, _ARGUMENTS[_WRITE], token=person.token)
                if answer.succeeded or time.monotonic() - began > 2 * _AGAIN_WITHIN:
                    break
                await asyncio.sleep(0.1)
    return time.monotonic() - began


def _on_record(site: Site, person: Person, counted: Flooded) -> Measured:
    """Hold the refusals that were answered against those on record, singly and as numbers."""
    rows = site.rows(
        "SELECT o.note FROM audit_app_toolcall c JOIN audit_app_toolcalloutcome o"
        " ON o.call_id = c.id WHERE c.user_name = %s AND o.code = 'RATE_LIMITED'",
        person.user_name,
    )
    together = [note for (note,) in rows if "within a minute" in note]
    numbers = [int(one.replace(",", "")) for note in together for one in _NUMBER.findall(note)]
    on_record = len(rows) - len(together) + sum(numbers)
    refused = counted.statuses.get(429, 0)
    return Measured(
        goal="G24",
        what=f"refusals on record, singly or as a number, in {len(rows)} records",
        promised=f"all {refused:,}, in at most 11 records of a minute and server",
        reached=f"{on_record:,}",
        holds=on_record == refused and len(rows) <= 2 * 11,
    )


if __name__ == "__main__":
    print_measured(prove)
