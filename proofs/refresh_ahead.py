"""Tokens are refreshed before they end, whatever is killed: nobody meets one that has ended.

A thousand people of whom half work meanwhile, two Celery workers of which one is killed every ten
seconds, two beats, a Redis that is killed three times. Tokens live 180 s and are swept every 15 s,
where the product's live half an hour and are swept every minute. 220 s are more than a life of
every token; ten minutes of it would bring all proofs together to their limit of 45.
`python -m proofs.refresh_ahead` runs it alone, in full.
"""

import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from proofs.refreshing import INSIDE, Refreshing, measured, refreshing
from snmcp_project import embedded_redis
from snmcp_project.demo.site import PROJECT
from snmcp_project.demo.startup import CELERY

_LEASE_SECONDS: Final = 15.0
_WORKERS: Final = ("worker 0", "worker 1")


@dataclass(frozen=True)
class _Plan:
    people: int
    token_seconds: int
    sweep_seconds: int
    seconds: float
    kill_every: float
    redis_kills: int
    in_time: float


_FULL: Final = _Plan(1_000, 180, 15, 220, 10, 3, 0.999)
_SHORT: Final = _Plan(30, 24, 2, 20, 12, 1, 0.9)


def prove(scale: Scale) -> Iterable[Measured]:
    """Let them work, kill, and look into the database and the journal afterwards."""
    plan = scale.pick(full=_FULL, short=_SHORT)
    settings = {"PROOF_SWEEP_SECONDS": str(plan.sweep_seconds)}
    with refreshing(access_token_seconds=plan.token_seconds, settings=settings) as here:
        here.processes.adopt("redis", embedded_redis.start(here.demo.redis_directory))
        here.make_people(plan.people)
        for name in _WORKERS:
            _start_worker(here, name)
        for number in range(2):
            schedule = f"--schedule={here.demo.directory}/beat-{number}"
            here.processes.start(f"beat {number}", [*_celery(), "beat", schedule])
        stop = here.demo.directory / "stop"
        working = subprocess.Popen(
            [*INSIDE, "proofs.refresh_users", str(stop)],
            cwd=PROJECT,
            env=dict(here.processes.environment),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            kills = _kill(here, plan)
            stop.touch()
            worked = json.loads(working.communicate(timeout=60)[0])
        finally:
            working.kill()
            working.wait()
        for name in (*_WORKERS, "beat 0", "beat 1"):
            here.processes.kill(name)
        yield from _held(here, plan, worked=worked, kills=kills)


def _celery() -> list[str]:
    return [*CELERY[:-1], "proofs.quick_sweeps"]


def _start_worker(here: Refreshing, name: str) -> None:
    command = [*_celery(), "worker", "--concurrency=1", f"--hostname={name.replace(' ', '-')}@%h"]
    here.processes.start(name, command)


def _kill(here: Refreshing, plan: _Plan) -> int:
    """Kill one worker after another, and Redis at even distances; how many workers."""
    began, kills, redis = time.monotonic(), 0, 0
    while (passed := time.monotonic() - began) < plan.seconds:
        if passed > (kills + 1) * plan.kill_every:
            name = _WORKERS[kills % 2]
            here.processes.kill(name)
            _start_worker(here, name)
            kills += 1
        if redis < plan.redis_kills and passed > (redis + 1) * plan.seconds / (
            plan.redis_kills + 1
        ):
            here.processes.kill("redis")
            here.processes.adopt("redis", embedded_redis.start(here.demo.redis_directory))
            redis += 1
        time.sleep(0.1)
    return kills


def _held(
    here: Refreshing, plan: _Plan, *, worked: dict[str, Any], kills: int
) -> Iterator[Measured]:
    when = (
        f"{plan.people:,} people, tokens of {plan.token_seconds} s, a sweep every"
        f" {plan.sweep_seconds} s, {plan.seconds:.0f} s, {kills} workers and"
        f" {plan.redis_kills} times Redis killed, two beats"
    )
    refreshed = here.count("SELECT count(*) FROM proof_refresh WHERE NOT late")
    late = here.count("SELECT count(*) FROM proof_refresh WHERE late")
    ended = here.count(
        "SELECT count(*) FROM oauth_app_connection WHERE access_token_expires_at < now()"
    )
    never = plan.people - here.count(
        "SELECT count(DISTINCT connection) FROM proof_refresh WHERE late IS NOT NULL"
    )
    every = refreshed + late + ended
    share = refreshed / every if every else 0
    yield measured(
        "G8",
        f"tokens renewed before they ended: {when}",
        f"at least {plan.in_time:.1%}",
        f"{share:.2%} ({refreshed:,} of {every:,}; {never} people never)",
        holds=share >= plan.in_time and refreshed >= plan.people and never <= ended,
    )
    failures = worked["failures"]
    yield measured(
        "G8",
        f"calls to ServiceNow that failed meanwhile: {when}",
        "0",
        f"{len(failures)} of {worked['made']:,} {failures[:2] or ''}".strip(),
        holds=not failures and worked["made"] > plan.seconds,
    )
    twice = _asked_twice(here)
    yield measured(
        "G8",
        f"connections refreshed twice within the {_LEASE_SECONDS:.0f} s of a lease: {when}",
        "0",
        f"{twice} of {len(here.refreshes()):,} refreshes",
        holds=twice == 0,
    )
    signed_out = here.count("SELECT count(*) FROM proof_state WHERE state <> 'active'")
    yield measured("G8", f"people signed out: {when}", "0", str(signed_out), holds=signed_out == 0)


def _asked_twice(here: Refreshing) -> int:
    """How often the same refresh token came again before a lease can have run out."""
    moments: dict[str, list[datetime]] = defaultdict(list)
    for entry in here.refreshes():
        moments[entry.body].append(datetime.fromisoformat(entry.at))
    shortest = _LEASE_SECONDS - 1  # it is claimed a little before ServiceNow is asked
    return sum(
        (later - earlier).total_seconds() < min(shortest, _shortest_cycle(here))
        for each in moments.values()
        for earlier, later in pairwise(each)
    )


def _shortest_cycle(here: Refreshing) -> float:
    return here.client.access_token_lifespan / 2 - 2


if __name__ == "__main__":
    print_measured(prove)
