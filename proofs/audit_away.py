"""No call reaches ServiceNow while the audit log cannot take it, whatever ails the database.

Real processes: PostgreSQL (killed, frozen, its disk full, the right to insert taken away, turned
read-only, one after the other), Redis, the simulator, two web workers (daphne and uvicorn), which
use the application's role. `python -m proofs.audit_away` runs it alone, in full.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx

from proofs.alone import print_measured
from proofs.asking import Answered, asked
from proofs.ledger import read_ledger, unrecorded
from proofs.measured import Measured, Scale
from proofs.postmaster import Postmaster, fill
from proofs.site import Person, Site, Worker, connected, running_site
from snmcp_project.demo.startup import free_port

_PEOPLE: Final = 10
_AT_ONCE: Final = 25
_ROLE: Final = "application"
_WARM_UP: Final = 40
_REFUSED_IN_A_ROW: Final = 60
_ERROR_WITHIN_SECONDS: Final = 2.0
_BACK_WITHIN_SECONDS: Final = 5.0
_LONGEST_WAIT_SECONDS: Final = 30.0
_INTENTS: Final = "audit_app_toolcall"


def prove(scale: Scale) -> Iterable[Measured]:
    """Make calls under each fault, and see that none arrives."""
    calls = scale.pick(full=250, short=25)
    with running_site() as site, ExitStack() as stack:
        people = site.make_people(_PEOPLE)
        with connected(site.processes.environment["DATABASE_URL"]) as database:
            postmaster = Postmaster(database)
        stack.callback(postmaster.end)
        workers = _workers_in_a_role(site)
        site.start(*workers)
        stack.callback(site.end, *workers)
        trial = _Trial(site, workers, people, calls)
        faults = _faults(site, postmaster, stack)
        for each in faults if scale is Scale.FULL else faults[1:3]:
            asyncio.run(trial.run(each))
            print(f"  {trial.seen[-1]}", flush=True)  # progress
        yield from _held(trial)
        yield from _log_held(site, trial)


@dataclass(frozen=True)
class _Fault:
    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    takes_a_few: bool = False  # there is room for some more rows


@dataclass(frozen=True)
class _Seen:
    """What came of the calls under one fault."""

    fault: str
    calls: int
    arrived: int
    succeeded: int
    slowest: float
    codes: str
    back_after: float


@dataclass
class _Trial:
    site: Site
    workers: Sequence[Worker]
    people: Sequence[Person]
    calls: int
    seen: list[_Seen] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)

    async def run(self, fault: _Fault) -> None:
        """Call while all is well, then under the fault, then until a call succeeds again."""
        async with httpx.AsyncClient(timeout=60) as web:
            await self._many(web, _WARM_UP)
            self._read_journal()
            await asyncio.to_thread(fault.begin)
            if fault.takes_a_few:
                await self._until_refused(web)
            self._read_journal()
            known = self.journal[-1]["id"] if self.journal else 0
            answers = await self._many(web, self.calls)
            arrived = len(self.site.instance.journal(after=known))
            await asyncio.to_thread(fault.end)
            back_after = await self._until_served(web)
        self._read_journal()
        codes = sorted({answer.code for _, answer in answers})
        self.seen.append(
            _Seen(
                fault.name,
                len(answers),
                arrived,
                sum(answer.succeeded for _, answer in answers),
                max(seconds for seconds, _ in answers),
                ", ".join(codes),
                back_after,
            )
        )

    async def _many(self, web: httpx.AsyncClient, calls: int) -> list[tuple[float, Answered]]:
        left, answers = iter(range(calls)), []

        async def line() -> None:
            for number in left:
                began = time.monotonic()
                answer = await self._call(web, number)
                answers.append((time.monotonic() - began, answer))

        await asyncio.gather(*(line() for _ in range(_AT_ONCE)))
        return answers

    async def _call(self, web: httpx.AsyncClient, number: int) -> Answered:
        """Every second one creates, at one worker or the other."""
        person = self.people[number % len(self.people)]
        worker = self.workers[number // 2 % len(self.workers)]
        if number % 2:
            arguments: dict[str, object] = {"short_description": f"proof {number:05}"}
            return await asked(web, worker, "create_incident", arguments, token=person.token)
        arguments = {"incident": f"INC9{number:07}", "include_journal": False}
        return await asked(web, worker, "get_incident", arguments, token=person.token)

    async def _until_refused(self, web: httpx.AsyncClient) -> None:
        refused = 0  # in a row: rows differ in length, and some find room where others do not
        for number in range(2_000):
            is_refused = (await self._call(web, number)).code == "UNEXPECTED_ERROR"
            refused = refused + 1 if is_refused else 0
            if refused == _REFUSED_IN_A_ROW:
                return

    async def _until_served(self, web: httpx.AsyncClient) -> float:
        """Seconds until both workers serve again."""
        began = time.monotonic()
        for worker in self.workers:
            while time.monotonic() - began < _LONGEST_WAIT_SECONDS:
                arguments = {"short_description": "proof of being back"}
                token = self.people[0].token
                answer = await asked(web, worker, "create_incident", arguments, token=token)
                if answer.succeeded:
                    break
        return time.monotonic() - began

    def _read_journal(self) -> None:
        known = self.journal[-1]["id"] if self.journal else 0
        self.journal += self.site.instance.journal(after=known)


def _workers_in_a_role(site: Site) -> tuple[Worker, ...]:
    """Workers that use the database as the application does: no superuser."""
    url = site.processes.environment["DATABASE_URL"]
    with connected(url) as database:
        # For speed the tests' PostgreSQL loses its last half second when it is killed.
        database.execute("ALTER SYSTEM SET synchronous_commit = on")
        database.execute("SELECT pg_reload_conf()")
        database.execute(f"CREATE ROLE {_ROLE} LOGIN")
        database.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {_ROLE}")
        database.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {_ROLE}")
    as_role = ("env", f"DATABASE_URL={url.replace('postgres://postgres@', f'postgres://{_ROLE}@')}")
    port = free_port()
    forking = (sys.executable, "-m", "proofs.forking", str(port))
    uvicorn = Worker("uvicorn", f"http://localhost:{port}", forking)
    return tuple(
        replace(worker, command=(*as_role, *worker.command)) for worker in (site.daphne(), uvicorn)
    )


def _faults(site: Site, postmaster: Postmaster, stack: ExitStack) -> list[_Fault]:
    def does(*statements: str) -> Callable[[], None]:
        def run() -> None:
            with connected(site.processes.environment["DATABASE_URL"]) as database:
                for statement in statements:
                    database.execute(statement)

        return run

    breaks = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_ROLE}'"
    read_only = f"ALTER ROLE {_ROLE} SET default_transaction_read_only = on"
    return [
        _Fault("killed", postmaster.stop_at_once, postmaster.start),
        _Fault("frozen", postmaster.freeze, postmaster.thaw),
        _Fault(
            "without the right to insert",
            does(f"REVOKE INSERT ON {_INTENTS} FROM {_ROLE}"),
            does(f"GRANT INSERT ON {_INTENTS} TO {_ROLE}"),
        ),
        *_full_disk(site, postmaster, stack, does),
        _Fault(
            "read-only",
            does(read_only, breaks),
            does(f"ALTER ROLE {_ROLE} RESET default_transaction_read_only", breaks),
        ),
    ]


def _full_disk(
    site: Site,
    postmaster: Postmaster,
    stack: ExitStack,
    does: Callable[..., Callable[[], None]],
) -> list[_Fault]:
    """The intents on a disk of their own, if we may mount one."""
    if os.geteuid() != 0:
        return []
    small = stack.enter_context(postmaster.small_disk(site.folder / "small-disk"))
    _let_in(site.folder)
    indexes = site.rows("SELECT indexname FROM pg_indexes WHERE tablename = %s", _INTENTS)
    moving = [f"ALTER INDEX {name} SET TABLESPACE small" for (name,) in indexes]
    does(
        f"CREATE TABLESPACE small LOCATION '{small}'",
        f"ALTER TABLE {_INTENTS} SET TABLESPACE small",
        *moving,
    )()
    filler: list[Path] = []
    return [
        _Fault(
            "on a full disk",
            lambda: filler.append(fill(small)),
            lambda: filler.pop().unlink(),
            takes_a_few=True,
        )
    ]


def _let_in(folder: Path) -> None:
    """Let the server's own user pass through our folders."""
    for each in (folder, *folder.parents):
        if not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o011)


def _held(trial: _Trial) -> Iterator[Measured]:
    for seen in trial.seen:
        yield _measured(
            f"calls that reach ServiceNow while PostgreSQL is {seen.fault}",
            f"0 of {trial.calls}, each refused within {_ERROR_WITHIN_SECONDS:.0f} s,"
            f" back within {_BACK_WITHIN_SECONDS:.0f} s",
            f"{seen.arrived} of {seen.calls} ({seen.codes}), the slowest after"
            f" {seen.slowest:.1f} s, back after {seen.back_after:.1f} s",
            holds=not seen.arrived
            and not seen.succeeded
            and seen.slowest <= _ERROR_WITHIN_SECONDS
            and seen.back_after <= _BACK_WITHIN_SECONDS,
        )


def _log_held(site: Site, trial: _Trial) -> Iterator[Measured]:
    ledger = read_ledger(site)
    bare = unrecorded(trial.journal, ledger)
    yield _measured(
        "requests at ServiceNow before, between and after, that are not on record",
        "0",
        f"{len(bare)} of {len(trial.journal):,} {bare[:1] or ''}".rstrip(),
        holds=not bare and len(trial.journal) > 0,
    )
    silent = [call for call in ledger.calls if not call.outcomes]
    yield _measured(
        "calls left without an outcome: refused and recorded late, or cut off from the database",
        "0",
        f"{len(silent)} of {len(ledger.calls):,} records",
        holds=not silent,
    )


def _measured(what: str, promised: str, reached: str, *, holds: bool) -> Measured:
    return Measured(goal="G2", what=what, promised=promised, reached=reached, holds=holds)


if __name__ == "__main__":
    print_measured(prove)
