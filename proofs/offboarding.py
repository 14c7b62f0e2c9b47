"""What an operator or a person ends is ended: on every server, within a second, without Redis too.

Two servers that share nothing but PostgreSQL and Redis. Reconnect tokens are revoked one after
another while both servers are asked all the time; people with a credential of every kind are
turned off and on, and disconnected; the instance is paused while somebody works. Then Redis is
killed, people are turned off and disconnected, and tokens revoked again.
`python -m proofs.offboarding` runs it alone, in full.
"""

import asyncio
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import httpx

from proofs.alone import print_measured
from proofs.asked_for_others import asked_for_others
from proofs.asking import asked
from proofs.credentials import Person, shared_web
from proofs.leavers import WithoutRedis, people_end
from proofs.measured import Measured, Scale
from proofs.operators import Operator
from proofs.revocations import Bench, Race
from proofs.site import Site, Worker, running_site
from proofs.watching import OPEN, SHUT, Probe, watching
from snmcp_project.demo.site import OPERATOR
from snmcp_project.demo.startup import MANAGE

_AT_MOST_SECONDS: Final = 1.0


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
        people = await people_end(site, bench, operator)
        paused = await _paused(site, workers, operator, times=scale.pick(full=20, short=2))
        await fred.sign_in()  # nobody can without Redis
        # Each revocation makes its server forget all that it keeps, which others profit from.
        alone = await bench.revoke_many(fred, scale.pick(full=20, short=4), at_once=1)
        leavers = await WithoutRedis.prepared(site, bench)
        await asyncio.to_thread(site.processes.kill, "redis")
        ended = await leavers.end(site, bench, operator)
        without = await bench.revoke_many(fred, scale.pick(full=100, short=8))
    return [
        *_of_race(with_redis, tries=tries, when="with Redis"),
        *for_others,
        *people,
        *paused,
        *_of_race(alone, tries=alone.asked_for, when="with Redis, one after the other"),
        *ended,
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
