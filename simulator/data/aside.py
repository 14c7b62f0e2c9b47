"""Reading aside: what takes long is read in a thread, by a connection of its own.

The event loop reads a database too; a look at every row of a million would keep everybody else
waiting. So a statement that takes too long for it is given up with :class:`TakesLong`, and the
request is answered again aside. Only a database in a file can be read by a second connection.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What the event loop waits for.
PATIENCE_SECONDS = 0.05
# SQLite asks whether to go on after so many of its instructions: about every half millisecond.
_INSTRUCTIONS = 10_000
_CACHE_KB = 64_000

in_a_hurry: ContextVar[bool] = ContextVar("in_a_hurry", default=False)
"""Whether the request under way can be answered again aside."""


class TakesLong(Exception):
    """A statement was given up: what it is for should be done aside."""


class Deadline:
    """Makes SQLite give up the statement under way on a connection when its time is over."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._at: float | None = None
        connection.set_progress_handler(self._is_over, _INSTRUCTIONS)

    @contextmanager
    def within(self, seconds: float | None) -> Iterator[None]:
        """Let no statement take longer than that; None sets no limit."""
        before, self._at = self._at, None if seconds is None else time.monotonic() + seconds
        try:
            yield
        finally:
            self._at = before

    def _is_over(self) -> bool:
        return self._at is not None and time.monotonic() > self._at


class ReadConnections:
    """Connections that only read, one for each thread that reads aside at a time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._here = threading.local()

    @property
    def of_this_thread(self) -> sqlite3.Connection | None:
        """The connection that this thread reads by, if it reads aside."""
        return getattr(self._here, "connection", None)

    @contextmanager
    def reading(self, *, seconds: float) -> Iterator[None]:
        """Have this thread read aside, and give up what takes longer than `seconds`."""
        connection = self._taken()
        self._here.connection = connection
        try:
            with Deadline(connection).within(seconds):
                yield
        finally:
            self._here.connection = None
            with self._lock:
                self._free.append(connection)

    @contextmanager
    def not_reading(self) -> Iterator[None]:
        """Have this thread use the connection of everybody: it writes."""
        connection = self.of_this_thread
        self._here.connection = None
        try:
            yield
        finally:
            self._here.connection = connection

    def close(self) -> None:
        """Close those that are free."""
        with self._lock:
            while self._free:
                self._free.pop().close()

    def _taken(self) -> sqlite3.Connection:
        with self._lock:
            if self._free:
                return self._free.pop()
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        return connection
