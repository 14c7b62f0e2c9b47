"""A database thread for each request, from a small set that keeps its connections.

Outside Django's own handler, all database work of a process would wait for one thread. A thread
made for each request would connect to the database anew each time, which costs more than the
query. So each request borrows the thread with the least to do, and gives it back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.conf import settings
from django.db import OperationalError, close_old_connections, connections

from mcp_app.event_loops import PerEventLoop

MOST_THREADS = 16
# No question that is asked of the database before a request is served takes a tenth of this, and
# people hear within two seconds that it does not answer. SQLite has no server that could freeze,
# but lets many wait for the one who writes.
_IS_SERVER: Final = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
PATIENCE_SECONDS: Final = 1.5 if _IS_SERVER else 5.0

Given = ParamSpec("Given")
T = TypeVar("T")


class DatabaseSilent(OperationalError):
    """The database was reached and does not answer, as if it were frozen."""


async def answered_in_time(work: Coroutine[Any, Any, T], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Return what `work` finds in the database. Raises `DatabaseSilent` if that takes too long.

    The work itself goes on: a thread that waits for a database cannot be stopped.
    """
    asked = asyncio.ensure_future(work)
    asked.add_done_callback(_looked_at)
    await asyncio.wait([asked], timeout=seconds)
    if not asked.done():
        raise DatabaseSilent("The database does not answer")
    return asked.result()


def _looked_at(asked: "asyncio.Future[Any]") -> None:
    """Look at what may come too late, so that no fault in it counts as overlooked."""
    if not asked.cancelled():
        asked.exception()


class DatabaseThread(ThreadPoolExecutor):
    """One thread, whose connections are looked after as Django does between two requests."""

    def __init__(self) -> None:
        super().__init__(max_workers=1, thread_name_prefix="mcp-database")
        self.borrowers = 0
        self.is_used = False

    def submit(
        self, work: Callable[Given, T], /, *given: Given.args, **named: Given.kwargs
    ) -> Future[T]:
        """Run `work` there, with connections that are neither broken nor too old."""
        self.is_used = True
        return super().submit(_looked_after, partial(work, *given, **named))

    def end(self) -> None:
        """Close its connections and end it; waits for what it does."""
        if self.is_used:
            super().submit(connections.close_all)
        self.shutdown()


def _looked_after(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        # Back to the pool, where there is one, instead of idling in this thread.
        close_old_connections()


class Loan:
    """A thread as one request has it."""

    def __init__(self, thread: DatabaseThread) -> None:
        self.thread = thread
        self._is_counted = True
        thread.borrowers += 1

    def rest(self) -> None:
        """Count no more among its borrowers: from now on this request only waits.

        It may still use the thread.
        """
        if self._is_counted:
            self._is_counted = False
            self.thread.borrowers -= 1


_loan: ContextVar[Loan] = ContextVar("loan")


def only_waiting() -> None:
    """Say that this request does nothing but wait for a long time: a stream, for example."""
    loan = _loan.get(None)
    if loan is not None:
        loan.rest()


class DatabaseThreads:
    """The threads of one event loop."""

    def __init__(self) -> None:
        self._threads: list[DatabaseThread] = []

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[DatabaseThread]:
        """Let all database work inside run on one thread, which others share if all are busy.

        Work that outlives the block (a fetch that several calls wait for) gets a thread of its own.
        """
        thread = self._least_busy()
        loan = Loan(thread)
        lent = _loan.set(loan)
        of_context: Any = SyncToAsync.context_to_thread_executor
        async with ThreadSensitiveContext() as context:
            of_context[context] = thread
            try:
                yield thread
            finally:
                of_context.pop(context, None)
                _loan.reset(lent)
                loan.rest()

    def _least_busy(self) -> DatabaseThread:
        thread = min(self._threads, key=lambda each: each.borrowers, default=None)
        if thread is None or (thread.borrowers and len(self._threads) < MOST_THREADS):
            thread = DatabaseThread()
            self._threads.append(thread)
        return thread

    async def end(self) -> None:
        """End all threads."""
        threads, self._threads = self._threads, []
        for thread in threads:
            await asyncio.to_thread(thread.end)


_threads = PerEventLoop(DatabaseThreads)


def database_threads() -> DatabaseThreads:
    """Return the threads of this event loop."""
    return _threads.current()
