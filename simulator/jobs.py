"""Scheduled jobs: what an instance does by itself as its clock goes on.

Nothing runs in the background: the jobs whose time has come run before the next request is
answered, in whatever way the clock got there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.records.rules import Records


@dataclass(frozen=True, kw_only=True)
class Job:
    """Done `every` so often. `action` is given the records, without ACLs, and the present."""

    name: str
    every: timedelta
    action: Callable[[Records, datetime], None]


class Jobs:
    """The jobs of an instance. Each runs for the first time after one interval."""

    def __init__(self, jobs: Iterable[Job], *, now: datetime) -> None:
        self._due = {job: now + job.every for job in jobs}
        self._earliest = min(self._due.values(), default=datetime.max.replace(tzinfo=now.tzinfo))
        self._latest_seen = now

    def due(self, now: datetime) -> list[Job]:
        """Those to run now; each is due again after its interval. Cheap while there are none."""
        if self._latest_seen <= now < self._earliest:
            return []
        # A clock that was put back must not keep them waiting for longer than their interval.
        self._due = {job: min(at, now + job.every) for job, at in self._due.items()}
        found = [job for job, at in self._due.items() if at <= now]
        self._due |= {job: now + job.every for job in found}
        self._earliest = min(self._due.values(), default=self._earliest)
        self._latest_seen = now
        return found
