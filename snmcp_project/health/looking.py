"""Looking at a few things in a thread of their own, which may be given up but not stopped.

Whoever asks again within a second is told what was found last, so strangers cannot load the
database. Whoever asks while it hangs is told so at once, and no second thread begins to hang. The
threads are daemons: one that waits for a frozen database must not keep the process from ending.
"""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable
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
                running = self._running = Future()
                self._began_at = now
                threading.Thread(
                    target=self._run, args=(running,), name="health", daemon=True
                ).start()
            left = max(0.0, self._began_at + self._patience - now)
            return running, 0.0 if running.done() else left

    def _run(self, running: Future[Findings]) -> None:
        found = silent(self._checks)
        try:
            found = made(self._checks)
        finally:
            running.set_result(found)

    def _found(self, running: Future[Findings]) -> Findings:
        return running.result() if running.done() else silent(self._checks)


def made(checks: tuple[Check, ...]) -> Findings:
    """Make the checks and close this thread's database connections."""
    found: list[Finding] = []
    try:
        for check in checks:
            can_be_asked = not any(each.fault and each.check.name in GATES for each in found)
            found.append(Finding(check, _fault(check) if can_be_asked else None))
    finally:
        connections.close_all()
    return tuple(found)


def silent(checks: tuple[Check, ...]) -> Findings:
    """Return what is known where no answer comes: the first does not answer."""
    first, *others = checks
    fault = f"There was no answer from {first.name} in time."
    return (Finding(first, fault), *(Finding(each, None) for each in others))


def _fault(check: Check) -> str:
    try:
        return check.fault()
    except (DatabaseFault, RedisError, OSError) as failure:
        return f"{check.sentence} ({type(failure).__name__})"
