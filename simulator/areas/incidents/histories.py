"""The life of an incident that nobody knows by its number: when what happened to it.

Old ones are closed, young ones mostly not: how long resolving takes follows the priority, with a
long tail. Times are seconds since 1970.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from random import Random
from typing import TypeVar

from simulator.areas.incidents.phrases import (
    CIRCUMSTANCES,
    COMMENTS_OF_CALLERS,
    COMMENTS_OF_WORKERS,
    DETAILS,
    RESOLUTIONS,
    WORK_NOTES,
)
from simulator.areas.incidents.rules import CANCELED, CLOSED, NEW, ON_HOLD, RESOLVED
from simulator.areas.incidents.subjects import SUBJECTS, Subject
from simulator.areas.tasks.priorities import PRIORITIES
from simulator.seed.crowd import Crowd, Somebody, Team

HOUR = 3600
CLOSED_AFTER = 7 * 24 * HOUR

_HOURS_TO_RESOLVE = {"1": 2.5, "2": 6, "3": 20, "4": 40, "5": 70}
_SPREAD = 0.9
_LONG_TAIL = 0.01
_CODES = (
    "Solution provided",
    "Solution provided",
    "Workaround provided",
    "User error",
    "Known error",
    "Resolved by caller",
)
_CONTACTS = ("self-service", "self-service", "phone", "email", "chat", "walk-in")
_HOLD_REASONS = ("1", "1", "3", "4", "5")
_NOTES = (0, 1, 1, 2, 2, 3, 3, 4)
# By how much of its time has passed.
_OPEN_STATES = ("1122", "1222", "2223", "2233", "2333")

_Any = TypeVar("_Any")


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry."""

    at: int
    by: str
    element: str
    text: str


@dataclass(slots=True, kw_only=True)
class History:
    """One incident from its opening until now, or until it was closed."""

    opened_at: int
    caller: Somebody
    opened_by: Somebody
    subject: Subject
    team: Team
    impact: str
    urgency: str
    contact: str
    short_description: str
    description: str
    state: str = NEW
    agent: Somebody | None = None
    hold_reason: str = ""
    resolved_at: int = 0
    closed_at: int = 0
    reassigned: int = 0
    close_code: str = ""
    close_notes: str = ""
    entries: Sequence[Entry] = ()

    @property
    def priority(self) -> str:
        """What follows from impact and urgency."""
        return PRIORITIES[self.impact, self.urgency]

    @property
    def updated_at(self) -> int:
        """When something happened last."""
        last = self.entries[-1].at if self.entries else self.opened_at
        return max(last, self.resolved_at, self.closed_at)

    def first_step_at(self, now: int) -> int:
        """When the first thing happened to it, or `now`."""
        if self.entries:
            return self.entries[0].at
        return self.resolved_at or self.closed_at or now

    @property
    def updates(self) -> int:
        """How often it was written to after it was opened."""
        steps = (self.agent is not None) + (self.resolved_at > 0) + (self.closed_at > 0)
        return len(self.entries) + self.reassigned + steps


class Histories:
    """Makes up one history after the other, none of which reaches beyond `now`."""

    def __init__(self, crowd: Crowd, *, random: Random, now: int) -> None:
        self._crowd = crowd
        self._random = random.random
        self._normal = random.gauss
        self._now = now

    def opened(self, at: int) -> History:
        """What happened to an incident opened at a time."""
        subject, caller = self._one(SUBJECTS), self._one(self._crowd.callers)
        words = self._words(caller)
        contact = self._one(_CONTACTS)
        by_desk = contact in ("phone", "walk-in")
        circumstance = self._one(CIRCUMSTANCES) if subject.category != "inquiry" else ""
        history = History(
            opened_at=at,
            caller=caller,
            opened_by=self._one(self._crowd.desk) if by_desk else caller,
            subject=subject,
            team=self._one(self._crowd.teams[subject.group]),
            impact=self._one("1222333333"),
            urgency=self._one("1222233333"),
            contact=contact,
            short_description=subject.text + circumstance.format_map(words),
            description=f"{self._one(DETAILS)} {self._one(DETAILS)}".format_map(words),
        )
        self._run(history, words=words)
        return history

    def _run(self, history: History, *, words: dict[str, str]) -> None:
        """Have as much happen as there was time for."""
        takes = self._seconds_to_resolve(history.priority)
        if history.opened_at + takes > self._now:
            passed = (self._now - history.opened_at) / takes
            history.state = self._one(_OPEN_STATES[int(passed * len(_OPEN_STATES))])
        else:
            self._finish(history, at=history.opened_at + takes)
        if history.state != NEW or self._random() < 0.3:
            history.agent = self._one(history.team.agents)
            history.reassigned = int(self._random() * 1.5)
        if history.state == ON_HOLD:
            history.hold_reason = self._one(_HOLD_REASONS)
        if history.state in (RESOLVED, CLOSED, CANCELED):
            history.close_notes = history.subject.fix + self._one(RESOLUTIONS).format_map(words)
        history.entries = self._entries(history, words=words)

    def _finish(self, history: History, *, at: int) -> None:
        if self._random() < 0.03:
            history.state, history.closed_at = CANCELED, at
            history.close_code = "No resolution provided"
            return
        history.state, history.resolved_at = RESOLVED, at
        history.close_code = self._one(_CODES)
        if at + CLOSED_AFTER <= self._now:
            history.state, history.closed_at = CLOSED, at + CLOSED_AFTER

    def _entries(self, history: History, *, words: dict[str, str]) -> list[Entry]:
        many = self._one(_NOTES)
        until = history.resolved_at or history.closed_at or self._now
        length = until - history.opened_at
        times = sorted(history.opened_at + int(self._random() * length) for _ in range(many))
        return [self._entry(at, history, words=words) for at in times]

    def _entry(self, at: int, history: History, *, words: dict[str, str]) -> Entry:
        chance, agent = self._random(), history.agent
        if agent is None or chance < 0.3:
            text = self._one(COMMENTS_OF_CALLERS)
            return Entry(at, history.caller.user_name, "comments", text.format_map(words))
        if chance < 0.5:
            text = self._one(COMMENTS_OF_WORKERS)
            return Entry(at, agent.user_name, "comments", text.format_map(words))
        text = self._one(WORK_NOTES)
        return Entry(at, agent.user_name, "work_notes", text.format_map(words))

    def _words(self, caller: Somebody) -> dict[str, str]:
        other = self._one(self._crowd.callers).name
        return {"item": caller.item, "place": caller.place, "other": other}

    def _seconds_to_resolve(self, priority: str) -> int:
        hours = _HOURS_TO_RESOLVE[priority] * exp(self._normal(0, _SPREAD))
        if self._random() < _LONG_TAIL:
            hours *= 12
        return 300 + int(hours * HOUR)

    def _one(self, among: Sequence[_Any]) -> _Any:
        # What `Random.choice` does, in a third of its time.
        return among[int(self._random() * len(among))]
