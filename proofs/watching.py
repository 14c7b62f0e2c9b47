"""Asking the same again and again while something is done, and when it was answered how."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

OPEN: Final = "open"
SHUT: Final = "shut"
# Answers with OPEN, SHUT, or whatever else it saw.
Probe = Callable[[], Awaitable[str]]


@dataclass
class Watch:
    """What one probe answered, and when each question was asked."""

    seen: list[tuple[float, str]] = field(default_factory=list)

    @property
    def was_open(self) -> bool:
        """Whether it was ever open."""
        return any(state == OPEN for _, state in self.seen)

    def latest_open(self, *, after: float) -> float:
        """How long after that moment somebody asked for whom it was open still; 0 for nobody."""
        return max((at - after for at, state in self.seen if state == OPEN), default=0.0)

    @property
    def revived(self) -> bool:
        """Whether it opened again after it was shut."""
        states = [state for _, state in self.seen]
        return SHUT in states and OPEN in states[states.index(SHUT) :]


@asynccontextmanager
async def watching(
    probes: Mapping[str, Probe], *, seconds: float = 0.08
) -> AsyncIterator[Mapping[str, Watch]]:
    """Ask all of them, with so many seconds in between, until the end of the context.

    Each is asked once before it begins and once more after it has ended, however slow it is. The
    answers are complete when it has ended. Raises what a probe raises.
    """
    watches = {name: Watch() for name in probes}
    stop = asyncio.Event()

    async def ask(name: str) -> None:
        asked_at = time.monotonic()
        watches[name].seen.append((asked_at, await probes[name]()))

    async def go_on_asking(name: str) -> None:
        while not stop.is_set():
            await ask(name)
            await asyncio.sleep(seconds)

    await asyncio.gather(*map(ask, probes))
    async with asyncio.TaskGroup() as group:
        for name in probes:
            group.create_task(go_on_asking(name))
        try:
            yield watches
        finally:
            stop.set()
    await asyncio.gather(*map(ask, probes))
