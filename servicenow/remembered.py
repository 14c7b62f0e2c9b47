"""Answers worth keeping for some minutes, fetched once however many tasks wait for them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar, cast

from servicenow.deadlines import shared_end
from servicenow.exceptions import DeadlinePassed

T = TypeVar("T")

# Names may come from outside; what is oldest makes room.
_MOST_NAMES: Final = 1000


class Remembered:
    """Keeps the result of a fetch for each name, for `seconds`; failures are not kept.

    The fetch is a task of its own: a waiting caller who is cancelled ends neither the fetch
    nor the wait of the others. It ends with the deadline of whoever began it, and each waits
    until their own. Of more than `most` names the oldest are forgotten.
    """

    def __init__(self, *, seconds: float, most: int = _MOST_NAMES) -> None:
        self._seconds = seconds
        self._most = most
        self._fetches: dict[Hashable, tuple[float, asyncio.Future[Any]]] = {}

    async def get(self, name: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return what is remembered under the name, else what `fetch` returns or raises.

        Raises DeadlinePassed where the fetch of another takes longer than the caller has.
        """
        while (known := self._fresh(name)) is not None:
            try:
                return cast("T", await _in_time(known))
            except DeadlinePassed:
                # Whoever fetched it may have had less time than the caller has.
                if _is_over():
                    raise
        own = asyncio.ensure_future(fetch())
        self._keep(name, own)
        own.add_done_callback(lambda done: self._forget_failure(name, done))
        return await asyncio.shield(own)

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
        if known is None or until < loop.time() or known.get_loop() is not loop:
            return None
        return None if _failed(known) else known

    def _keep(self, name: Hashable, known: asyncio.Future[Any]) -> None:
        self._fetches.pop(name, None)
        while len(self._fetches) >= self._most:
            del self._fetches[next(iter(self._fetches))]
        self._fetches[name] = (asyncio.get_running_loop().time() + self._seconds, known)

    def _forget_failure(self, name: Hashable, done: asyncio.Future[Any]) -> None:
        # Asking whether it failed also marks it as seen, should every waiting caller be gone.
        if _failed(done):
            known = self._fetches.get(name)
            if known is not None and known[1] is done:
                del self._fetches[name]


def _failed(fetch: asyncio.Future[Any]) -> bool:
    return fetch.done() and (fetch.cancelled() or fetch.exception() is not None)


async def _in_time(known: asyncio.Future[Any]) -> object:
    """What a fetch gives, within the caller's own time."""
    if known.done():
        return known.result()
    try:
        async with asyncio.timeout_at(shared_end()) as deadline:
            return await asyncio.shield(known)
    except TimeoutError as error:
        if not deadline.expired():
            raise
        raise DeadlinePassed(may_have_left=False) from error


def _is_over() -> bool:
    end = shared_end()
    return end is not None and end <= asyncio.get_running_loop().time()
