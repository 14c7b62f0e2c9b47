"""Threads of our own that write audit rows for asynchronous callers.

Each keeps its database connection, so a record costs no new one, and no other thread's open
transaction can be around it. A write that was asked for is finished even where the one who
waits for it is cancelled: a client that hangs up must not lose the record of its call.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

# PostgreSQL commits several records at once (their fsync is shared); SQLite has one writer.
_THREADS = {"postgresql": 4, "sqlite": 1}

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Writers:
    """A small pool of threads with a database connection each."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._connections: list[Any] = []

    async def run(
        self, write: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> Answer:
        """Run `write` in one of the threads; what it raises is raised here."""
        future = self._started().submit(write, *given, **named)
        return await asyncio.shield(asyncio.wrap_future(future))

    def close(self) -> None:
        """Wait for what is being written and close the connections; `run` starts new ones."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def _started(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(
                    max_workers=_THREADS[connections[DEFAULT_DB_ALIAS].vendor],
                    thread_name_prefix="audit",
                    initializer=self._keep_connection,
                )
            return self._threads

    def _keep_connection(self) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        connection.inc_thread_sharing()  # `close` runs in another thread
        self._connections.append(connection)


writers = Writers()
