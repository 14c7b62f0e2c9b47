"""A process killed between ServiceNow's answer and the moment it is stored: never a loop or a loss.

Each time a process asks for a token, ServiceNow mints one (and where it rotates, ends the refresh
token it was asked with), and the process is killed with SIGKILL before the answer has left, in the
midst of it, or some milliseconds later. Then everybody asks three times.
`python -m proofs.refresh_crashes` runs it alone, in full.
"""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import httpx

from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from proofs.refreshing import INSIDE, TOKEN_PATH, Refreshing, measured, refreshing
from snmcp_project.demo.site import PROJECT

_LONGEST_TAKE_OVER: Final = 20.0
_PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True)
class _Crashes:
    """Connections whose refresh was killed, and which of them had stored the answer by then."""

    killed: tuple[int, ...]
    stored: frozenset[int]

    @property
    def lost(self) -> list[int]:
        """Those whose answer was lost."""
        return [each for each in self.killed if each not in self.stored]


def prove(scale: Scale) -> Iterable[Measured]:
    """Kill, with a ServiceNow that rotates refresh tokens and one that does not; then ask."""
    kills = scale.pick(full=100, short=4)
    with refreshing() as here, _forks(here) as fork:
        people = here.make_people(2 * kills + 2)
        colleague, last = people[-2:]
        groups = {rotates: people[kills * rotates : kills * (rotates + 1)] for rotates in (0, 1)}
        crashes = {
            rotates: _killed(here, fork, group, rotates) for rotates, group in groups.items()
        }
        if scale is Scale.FULL:
            yield _taken_over(here, fork, last)
        else:
            here.database.execute("UPDATE oauth_app_connection SET lease_expires_at = now()")
        here.switch(rotate_refresh=False)
        yield from _without_rotation(here, crashes[0])
        here.switch(rotate_refresh=True)
        half = len(crashes[1].killed) // 2
        yield from _with_rotation(here, crashes[1], half, colleague)


def _killed(
    here: Refreshing, fork: Callable[[int], int], people: Sequence[int], rotates: int
) -> _Crashes:
    here.switch(rotate_refresh=bool(rotates))
    here.expire(people)
    choose = random.Random(6)  # when to kill
    ways = (_before_it_left, _in_its_midst, _soon_after_it_left)
    for number, connection in enumerate(people):
        ways[number % len(ways)](here, fork, connection, choose)
        if (number + 1) % 20 == 0:
            print(f"  killed {number + 1} of {len(people)}", flush=True)  # progress
    time.sleep(0.2)  # the database may still run the last statement of a killed process
    rows = here.database.execute(
        "SELECT id FROM oauth_app_connection WHERE id = ANY(%s) AND version > 2", [list(people)]
    )
    return _Crashes(tuple(people), frozenset(row[0] for row in rows))


def _before_it_left(
    here: Refreshing, fork: Callable[[int], int], connection: int, _choose: random.Random
) -> None:
    here.simulator.fault("hold", path=TOKEN_PATH, processed_first=True)
    child = fork(connection)
    _until(here.simulator.world.faults.holding.is_set)
    os.kill(child, signal.SIGKILL)
    _release(here)


def _in_its_midst(
    here: Refreshing, fork: Callable[[int], int], connection: int, _choose: random.Random
) -> None:
    before = here.last_request()
    here.simulator.fault("drip", path=TOKEN_PATH, seconds=2)
    child = fork(connection)
    _until(lambda: any(entry.answer_bytes for entry in here.refreshes(after=before)))
    os.kill(child, signal.SIGKILL)


def _soon_after_it_left(
    here: Refreshing, fork: Callable[[int], int], connection: int, choose: random.Random
) -> None:
    here.simulator.fault("hold", path=TOKEN_PATH, processed_first=True)
    child = fork(connection)
    _until(here.simulator.world.faults.holding.is_set)
    _release(here)
    time.sleep(choose.random() / 30)
    with suppress(ProcessLookupError):  # it was through already
        os.kill(child, signal.SIGKILL)


def _release(here: Refreshing) -> None:
    httpx.post(f"{here.simulator.url}/simulator/faults/release").raise_for_status()


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError("the process did not ask ServiceNow")
        time.sleep(0.002)


@contextmanager
def _forks(here: Refreshing) -> Iterator[Callable[[int], int]]:
    process = subprocess.Popen(
        [*INSIDE, "proofs.refresh_children", "fork"],
        cwd=PROJECT,
        env=dict(here.processes.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # children that are killed say nothing; the others, a traceback
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process_in, process_out = process.stdin, process.stdout

    def fork(connection: int) -> int:
        process_in.write(f"{connection}\n")
        process_in.flush()
        return int(process_out.readline())

    process_out.readline()
    try:
        yield fork
    finally:
        process.kill()
        process.communicate()


def _taken_over(here: Refreshing, fork: Callable[[int], int], connection: int) -> Measured:
    """Whoever asks right after a kill waits until the lease of the dead process is over."""
    here.switch(rotate_refresh=False)
    here.expire([connection])
    _before_it_left(here, fork, connection, random.Random(6))
    began = time.monotonic()
    said = _asked(here, [connection], between=None)
    waited = time.monotonic() - began
    return measured(
        "G6",
        "seconds until the next caller has taken over the refresh of a killed process",
        f"at most {_LONGEST_TAKE_OVER:.0f}, and served",
        f"{waited:.1f}, {said[0][0]}",
        holds=waited <= _LONGEST_TAKE_OVER and said[0][0] == "served",
    )


def _asked(here: Refreshing, crashed: Sequence[int], *, between: int | None) -> list[list[str]]:
    given = json.dumps({"crashed": list(crashed), "between": between})
    said = json.loads(here.inside("proofs.refresh_children", "ask", given=given))
    return [said[str(connection)] for connection in crashed]


def _without_rotation(here: Refreshing, crashes: _Crashes) -> Iterable[Measured]:
    before = here.last_request()
    said = _asked(here, crashes.killed, between=None)
    served = sum(each == ["served"] * 3 for each in said)
    sign_outs = _sign_outs(here, crashes.killed)
    tries = len(here.refreshes(after=before))
    number = len(crashes.killed)
    what = f"{number} kills, refresh tokens that stay ({len(crashes.lost)} answers lost)"
    yield measured(
        "G6",
        f"people signed out: {what}",
        f"0, all {number} served",
        f"{sign_outs}, {served} served",
        holds=sign_outs == 0 and served == number and len(crashes.lost) >= number // 2,
    )
    yield measured(
        "G6",
        f"refreshes afterwards: {what}",
        "1 for each lost answer",
        f"{tries}",
        holds=tries == len(crashes.lost),
    )


def _with_rotation(
    here: Refreshing, crashes: _Crashes, half: int, colleague: int
) -> Iterable[Measured]:
    before = here.last_request()
    # One half hears ServiceNow's words, which say nothing; the other those of RFC 6749.
    said = _asked(here, crashes.killed[:half], between=colleague)
    here.switch(rfc_errors=True)
    said += _asked(here, crashes.killed[half:], between=None)
    lost = set(crashes.lost)
    fitting = sum(
        each == ["SignInNeeded" if connection in lost else "served"] * 3
        for connection, each in zip(crashes.killed, said, strict=True)
    )
    number = len(crashes.killed)
    what = f"{number} kills, refresh tokens that rotate ({len(lost)} answers lost)"
    yield measured(
        "G6",
        f"people told to sign in where the answer was lost, served where it was not: {what}",
        f"{number}",
        f"{fitting}",
        holds=fitting == number and len(lost) >= number // 2,
    )
    changes = _sign_outs(here, crashes.killed)
    yield measured(
        "G6",
        f"changes of a connection to `needs_sign_in`: {what}",
        f"exactly one each, {len(lost)}",
        f"{changes}",
        holds=changes == len(lost) == _people_signed_out(here, crashes.killed),
    )
    refused = sum(entry.status != 200 for entry in here.refreshes(after=before))
    yield measured(
        "G6",
        f"refreshes refused afterwards, though everybody asked three times: {what}",
        f"at most one each, {len(lost)}",
        f"{refused}",
        holds=refused <= len(lost),
    )


def _sign_outs(here: Refreshing, people: Sequence[int]) -> int:
    return here.count(
        "SELECT count(*) FROM proof_state WHERE state <> 'active' AND connection = ANY(%s)",
        list(people),
    )


def _people_signed_out(here: Refreshing, people: Sequence[int]) -> int:
    return here.count(
        "SELECT count(*) FROM oauth_app_connection WHERE state <> 'active' AND id = ANY(%s)",
        list(people),
    )


if __name__ == "__main__":
    print_measured(prove)
