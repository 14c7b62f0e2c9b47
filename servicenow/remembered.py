"""Answers worth keeping for some minutes, fetched once however many tasks wait for them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

# Names may come from outside; what is oldest makes room.
_MOST_NAMES: Final = 1000


class Remembered:
    """Keeps the result of a fetch for each name, for `seconds`; failures are not kept.

    The fetch is a task of its own: a waiting caller who is cancelled ends neither the fetch
    nor the wait of the others.
    """

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._fetches: dict[Hashable, tuple[float, asyncio.Future[Any]]] = {}

    async def get(self, name: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return what is remembered under the name, else what `fetch` returns or raises."""
        loop = asyncio.get_running_loop()
        known = self._fetches.get(name)
        if known is None or known[0] < loop.time() or known[1].get_loop() is not loop:
            while len(self._fetches) >= _MOST_NAMES:
                del self._fetches[next(iter(self._fetches))]
            task = asyncio.ensure_future(fetch())
            known = self._fetches[name] = (loop.time() + self._seconds, task)
            task.add_done_callback(lambda done: self._forget_failure(name, done))
        if known[1].done():
            return cast("T", known[1].result())
        return cast("T", await asyncio.shield(known[1]))

    def _forget_failure(self, name: Hashable, done: asyncio.Future[Any]) -> None:
        # Asking for the exception also marks it as seen, should every waiting caller be gone.
        if done.cancelled() or done.exception() is not None:
            known = self._fetches.get(name)
            if known is not None and known[1] is done:
                del self._fetches[name]
