"""Faults on demand: the next matching requests fail in the way that was asked for."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import count
from random import Random
from typing import Any, ClassVar

from pydantic import ConfigDict

from simulator.control.latency import Latency
from simulator.control.request_journal import JournalEntry


class FaultKind(StrEnum):
    """What goes wrong. Everything from `500_after_commit` on processes the request."""

    NOT_AUTHENTICATED = "401"
    NOT_AUTHENTICATED_OTHER_WORDS = "401_other_words"
    NOT_AUTHORIZED = "403"
    SCOPE_NOT_ALLOWED = "403_scope"
    RATE_LIMITED = "429"
    SERVER_FAULT = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    HIBERNATING_PAGE = "html_hibernating"
    LOGIN_PAGE = "html_login"
    RESET_BEFORE = "reset_before"
    SERVER_FAULT_AFTER_COMMIT = "500_after_commit"
    TRUNCATED = "truncated"
    ERROR_IN_200 = "error_in_200"
    MALFORMED_ERROR_IN_200 = "malformed_error_in_200"
    SLOW = "slow"
    DRIP = "drip"
    HOLD = "hold"
    RESET_MIDWAY = "reset_midway"
    RESET_AFTER = "reset_after"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: which requests it meets, and how often. `path` is a pattern such as `/api/*`.

    It strikes `count` times, after sparing `skip` requests; without a count until it is taken
    back. `probability` is that of each request it meets, drawn from `seed`: the same seed strikes
    the same ones. `seconds` is how long `slow` and `drip` take, unless a `latency` is drawn; the
    time passes before the request is processed, or after it with `processed_first`, which also
    decides for `hold`.
    """

    kind: FaultKind
    count: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    path: str = "*"
    method: str = "*"
    user: str = "*"
    seconds: float = 0.0
    latency: Latency | None = None
    processed_first: bool = False
    retry_after: int | None = 30
    limit: int = 100

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    def meets(self, entry: JournalEntry) -> bool:
        """Whether a request is one of those this fault is for."""
        return (
            fnmatchcase(entry.path, self.path)
            and fnmatchcase(entry.method, self.method.upper())
            and fnmatchcase(entry.acting_user or "", self.user)
        )


@dataclass
class Waiting:
    """A fault that is still to happen; `fault` says what is left of its count and of its skip."""

    id: int
    fault: Fault
    random: Random = field(repr=False)

    def strikes(self, entry: JournalEntry) -> bool:
        """Whether it befalls this request; counts down."""
        if not self.fault.meets(entry):
            return False
        if self.fault.skip > 0:
            self.fault = replace(self.fault, skip=self.fault.skip - 1)
            return False
        if self.fault.probability < 1 and self.random.random() >= self.fault.probability:
            return False
        if self.fault.count is not None:
            self.fault = replace(self.fault, count=self.fault.count - 1)
        return True

    @property
    def seconds(self) -> float:
        """How long this time."""
        latency = self.fault.latency
        return self.fault.seconds if latency is None else latency.drawn(self.random)

    @property
    def is_over(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self.fault.count is not None and self.fault.count <= 0

    def as_json(self) -> dict[str, Any]:
        """What it is, and what is left of it."""
        return {"id": self.id, **asdict(self.fault)}


@dataclass(frozen=True)
class Strike:
    """A fault that befalls one request, and the `seconds` it takes."""

    fault: Fault
    seconds: float


class Faults:
    """The faults that are still to happen, in the order they were asked for.

    `holding` is set once a request is held; `released` lets it go on.
    """

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self.now = now
        self.released = asyncio.Event()
        self.holding = asyncio.Event()
        self._waiting: list[Waiting] = []
        self._ids = count(1)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting)

    def add(self, fault: Fault) -> Waiting:
        """Have `fault` happen to the next requests it meets."""
        if fault.kind is FaultKind.HOLD:
            self.released, self.holding = asyncio.Event(), asyncio.Event()
        # The same seed strikes the same requests: it is for tests, not for secrets.
        waiting = Waiting(next(self._ids), fault, Random(fault.seed))  # noqa: S311  # see above
        self._waiting.append(waiting)
        return waiting

    def remove(self, fault_id: int) -> bool:
        """Take one back; False if there is none with this id."""
        kept = [waiting for waiting in self._waiting if waiting.id != fault_id]
        removed = len(kept) < len(self._waiting)
        self._waiting = kept
        return removed

    def clear(self) -> None:
        """No fault happens any more, and what is held goes on."""
        self._waiting.clear()
        self.release()

    def release(self) -> None:
        """Let every held request go on."""
        self.released.set()

    def take(self, entry: JournalEntry) -> Strike | None:
        """The fault that befalls this request, counted down; `None` for none."""
        for waiting in self._waiting:
            if waiting.strikes(entry):
                if waiting.is_over:
                    self._waiting.remove(waiting)
                return Strike(waiting.fault, waiting.seconds)
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """What is still to happen."""
        return [waiting.as_json() for waiting in self._waiting]
