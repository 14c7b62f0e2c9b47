"""However many need a new token at once, in however many processes: ServiceNow is asked once.

Four processes with 250 callers each and a ServiceNow that rotates refresh tokens, so that a second
request with the old one would be refused. `python -m proofs.refresh_stampede` runs it alone.
"""

import json
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from proofs.refreshing import INSIDE, Refreshing, measured, refreshing
from snmcp_project.demo.site import PROJECT

_PROCESSES: Final = 4
_MOST_CONNECTIONS: Final = 8
_OPEN: Final = """
    SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name <> 'proof'"""


def prove(scale: Scale) -> Iterable[Measured]:
    """One stampede for each latency of the token endpoint, three times each in full."""
    callers = scale.pick(full=250, short=50)
    latencies = scale.pick(full=(0.05, 0.3, 4.0), short=(0.3,))
    times = scale.pick(full=3, short=1)
    # The short form runs beside other tests, which keep everybody waiting.
    extra = scale.pick(full=0.5, short=5.0)
    with refreshing() as here, ExitStack() as stack:
        connection = here.make_people(1)[0]
        here.switch(rotate_refresh=True)
        crowds = [stack.enter_context(_crowd(here, connection, callers)) for _ in range(_PROCESSES)]
        for crowd in crowds:
            crowd.hear()
        for latency in latencies:
            stampedes = [_stampede(here, connection, crowds, latency) for _ in range(times)]
            yield from _held(stampedes, latency, extra=extra, callers=callers * _PROCESSES)


@dataclass
class _Stampede:
    refreshes: int = 0
    refused: int = 0
    served: int = 0
    tokens: int = 0
    waited: float = 0
    usually_waited: float = 0
    connections: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Crowd:
    """One process with its callers."""

    process: subprocess.Popen[str]

    def go(self) -> None:
        """Let them all ask."""
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def hear(self) -> Any:  # noqa: ANN401  # JSON
        """What it says next."""
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())


@contextmanager
def _crowd(here: Refreshing, connection: int, callers: int) -> Iterator[_Crowd]:
    process = subprocess.Popen(
        [*INSIDE, "proofs.refresh_callers", str(connection), str(callers)],
        cwd=PROJECT,
        env=dict(here.processes.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Crowd(process)
    finally:
        process.kill()
        process.communicate()


def _all_at_once(crowds: Sequence[_Crowd]) -> dict[str, Any]:
    for crowd in crowds:
        crowd.go()
    said = [crowd.hear() for crowd in crowds]
    seconds = sorted(each for one in said for each in one["seconds"])
    return {
        "waited": seconds[round(len(seconds) * 0.99) - 1],
        "served": len(seconds) - sum(len(one["failures"]) for one in said),
        "tokens": len({token for one in said for token in one["tokens"]}),
        "failures": [failure for one in said for failure in one["failures"]],
    }


def _stampede(
    here: Refreshing, connection: int, crowds: Sequence[_Crowd], latency: float
) -> _Stampede:
    usual = _all_at_once(crowds)["waited"]
    here.switch(refresh_latency=latency)
    here.expire([connection])
    before = here.last_request()
    with _most_connections(here) as most:
        said = _all_at_once(crowds)
    asked = here.refreshes(after=before)
    refused = sum(entry.status != 200 for entry in asked)
    return _Stampede(len(asked), refused, **said, usually_waited=usual, connections=most[0])


@contextmanager
def _most_connections(here: Refreshing) -> Iterator[list[int]]:
    """Look every 5 ms which connections to the database there are; the most, at the end.

    One that is gone at the next look was already being closed.
    """
    most, over = [0], threading.Event()
    information = here.database.info

    def look() -> None:
        with psycopg.connect(
            host=information.host,
            user=information.user,
            dbname=information.dbname,
            application_name="proof",
            autocommit=True,
        ) as own:
            before: set[int] = set()
            while not over.wait(0.005):
                now = {row[0] for row in own.execute(_OPEN)}
                most[0] = max(most[0], len(now & before))
                before = now

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()


def _held(
    stampedes: Sequence[_Stampede],
    latency: float,
    *,
    extra: float,
    callers: int,
) -> Iterable[Measured]:
    when = f"{callers:,} callers in {_PROCESSES} processes, ServiceNow takes {latency:g} s"
    rounds = len(stampedes)
    refreshes = [each.refreshes for each in stampedes]
    yield measured(
        "G5",
        f"refreshes that reach ServiceNow: {when}",
        f"1 each time, {rounds} times; 0 refused",
        f"{', '.join(map(str, refreshes))}; {sum(each.refused for each in stampedes)} refused",
        holds=refreshes == [1] * rounds and not any(each.refused for each in stampedes),
    )
    served = sum(each.served for each in stampedes)
    failures = [failure for each in stampedes for failure in each.failures]
    yield measured(
        "G5",
        f"callers that get the one new token: {when}",
        f"{callers * rounds:,}",
        f"{served:,} {failures[:1] or ''}".strip(),
        holds=served == callers * rounds and all(each.tokens == 1 for each in stampedes),
    )
    waited = max(each.waited - each.usually_waited for each in stampedes)
    usual = max(each.usually_waited for each in stampedes)
    yield measured(
        "G5",
        f"99th percentile of the wait beyond that of the same callers without a refresh "
        f"({usual:.2f} s): {when}",
        f"at most {latency + extra:g} s",
        f"{waited:.2f} s",
        holds=waited <= latency + extra,
    )
    most = max(each.connections for each in stampedes)
    yield measured(
        "G5",
        f"connections to the database at the same time: {when}",
        f"at most {_MOST_CONNECTIONS}",
        str(most),
        holds=0 < most <= _MOST_CONNECTIONS,
    )


if __name__ == "__main__":
    print_measured(prove)
