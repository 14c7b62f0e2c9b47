"""Things of which each event loop has its own.

A connection, a lock or a task belongs to the loop it was made on; daphne has one loop, a test and
a Celery task each begin their own.
"""

import asyncio
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerEventLoop(Generic[T]):
    """One of a kind for each event loop, made when it is first asked for; ends with its loop."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, T] = (
            weakref.WeakKeyDictionary()
        )

    def current(self) -> T:
        """Return the running loop's own."""
        loop = asyncio.get_running_loop()
        found = self._made.get(loop)
        if found is None:
            found = self._made[loop] = self._make()
        return found

    def taken(self) -> T | None:
        """Return the running loop's own and forget it; None where none was made."""
        return self._made.pop(asyncio.get_running_loop(), None)
