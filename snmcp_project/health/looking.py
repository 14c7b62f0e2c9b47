"""Looking at a few things in a thread of their own, which may be given up but not stopped.

Whoever asks again within a second is told what was found last, so strangers cannot load the
database. Whoever asks while it hangs is told so at once, and no second thread begins to hang. The
threads are daemons: one that waits for a frozen database must not keep the process from ending.
"""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from django.db import Error as DatabaseFault
from django.db import connections
from redis.exceptions import RedisError

from snmcp_project.health.checks import GATES
from snmcp_project.health.findings import Check, Finding

PATIENCE_SECONDS: Final = 1.5
FRESH_SECONDS: Final = 1.0

Findings = tuple[Finding, ...]


class Look:
    """Checks that are made one after the other, by one thread at a time."""

    def __init__(
        self,
        checks: tuple[Check, ...],
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = checks
        self._patience = patience_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._began_at = 0.0
        self._running: Future[Findings] | None = None
        self._found_so_far: list[Finding] = []

    async def findings(self) -> Findings:
        """Return what is found within the patience, or was found less than a second ago."""
        running, seconds = self._begun()
        if seconds:
            await asyncio.wait([asyncio.wrap_future(running)], timeout=seconds)
        return self._found(running)

    def findings_here(self) -> Findings:
        """`findings` for synchronous callers."""
        running, seconds = self._begun()
        concurrent.futures.wait([running], timeout=seconds)
        return self._found(running)

    def _begun(self) -> tuple[Future[Findings], float]:
        """Return what runs or has just run, and how many seconds it is worth waiting for."""
        with self._lock:
            now = self._clock()
            running = self._running
            if running is None or (running.done() and now - self._began_at >= FRESH_SECONDS):
                running = Future()
                so_far: list[Finding] = []
                threading.Thread(
                    target=self._run, args=(running, so_far), name="health", daemon=True
                ).start()
                self._running, self._found_so_far, self._began_at = running, so_far, now
            left = max(0.0, self._began_at + self._patience - now)
            return running, 0.0 if running.done() else left

    def _run(self, running: Future[Findings], so_far: list[Finding]) -> None:
        try:
            make(self._checks, found=so_far)
        finally:
            running.set_result(silent(self._checks, found=so_far))

    def _found(self, running: Future[Findings]) -> Findings:
        if running.done():
            return running.result()
        return silent(self._checks, found=self._found_so_far)


def make(checks: tuple[Check, ...], *, found: list[Finding]) -> None:
    """Make the checks, add what is `found` one by one, and close this thread's connections."""
    try:
        for check in checks:
            can_be_asked = not any(each.fault and each.check.name in GATES for each in found)
            found.append(Finding(check, _fault(check) if can_be_asked else None))
    finally:
        connections.close_all()


def silent(checks: tuple[Check, ...], *, found: Sequence[Finding]) -> Findings:
    """Return what is known: what was `found`, and that the next one does not answer."""
    known = tuple(found)
    if len(known) == len(checks):
        return known
    first, *others = checks[len(known) :]
    fault = f"There was no answer from {first.name} in time."
    return (*known, Finding(first, fault), *(Finding(each, None) for each in others))


def _fault(check: Check) -> str:
    try:
        return check.fault()
    except (DatabaseFault, RedisError, OSError) as failure:
        return f"{check.sentence} ({type(failure).__name__})"
