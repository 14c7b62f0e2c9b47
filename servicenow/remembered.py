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
    nor the wait of the others. Of more than `most` names the oldest are forgotten.
    """

    def __init__(self, *, seconds: float, most: int = _MOST_NAMES) -> None:
        self._seconds = seconds
        self._most = most
        self._fetches: dict[Hashable, tuple[float, asyncio.Future[Any]]] = {}

    async def get(self, name: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return what is remembered under the name, else what `fetch` returns or raises."""
        known = self._fresh(name)
        if known is None:
            known = asyncio.ensure_future(fetch())
            self._keep(name, known)
            known.add_done_callback(lambda done: self._forget_failure(name, done))
        if known.done():
            return cast("T", known.result())
        return cast("T", await asyncio.shield(known))

    def knows(self, name: Hashable) -> bool:
        """Whether something fresh is remembered under the name, or on its way."""
        return self._fresh(name) is not None

    def keep(self, name: Hashable, value: object) -> None:
        """Remember a value that was learnt in another way, as if it had been fetched now."""
        known: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        known.set_result(value)
        self._keep(name, known)

    def forget(self, name: Hashable) -> None:
        """Forget what is remembered under the name, if anything."""
        self._fetches.pop(name, None)

    def forget_all(self) -> None:
        """Forget everything; whoever waits for a fetch still gets what it returns."""
        self._fetches.clear()

    def _fresh(self, name: Hashable) -> asyncio.Future[Any] | None:
        loop = asyncio.get_running_loop()
        until, known = self._fetches.get(name, (0.0, None))
        return known if known and until >= loop.time() and known.get_loop() is loop else None

    def _keep(self, name: Hashable, known: asyncio.Future[Any]) -> None:
        self._fetches.pop(name, None)
        while len(self._fetches) >= self._most:
            del self._fetches[next(iter(self._fetches))]
        self._fetches[name] = (asyncio.get_running_loop().time() + self._seconds, known)

    def _forget_failure(self, name: Hashable, done: asyncio.Future[Any]) -> None:
        # Asking for the exception also marks it as seen, should every waiting caller be gone.
        if done.cancelled() or done.exception() is not None:
            known = self._fetches.get(name)
            if known is not None and known[1] is done:
                del self._fetches[name]
