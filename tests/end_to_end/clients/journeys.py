"""Every client at once from nothing to a tool call, and on while the server is restarted.

They share the two restarts, so that all of them cost little more than one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.clients.every_client import ClientKind
from tests.end_to_end.clients.stage import Person, Stage

SECONDS = 200.0


@dataclass
class Journey:
    """What one client did: the numbers of the incidents it created, one for each stretch."""

    kind: ClientKind
    person: Person
    numbers: list[str] = field(default_factory=list)
    failure: Exception | None = None

    def number(self, stretch: int) -> str:
        """The number it created on a stretch; raises what ended the journey before that."""
        if len(self.numbers) <= stretch and self.failure is not None:
            raise self.failure
        return self.numbers[stretch]


@dataclass(frozen=True)
class Stretch:
    """A part of the way: whether it may begin, and who has come to its end."""

    begins: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


async def travel(
    kinds: Mapping[str, ClientKind],
    stage_of: Callable[[str], Stage],
    *,
    interruptions: Sequence[Callable[[], None]],
) -> dict[str, Journey]:
    """Let every client create an incident, then one more after each interruption.

    `interruptions` block; each happens once all clients are done with what comes before it. A
    client that fails stays behind and holds up nobody.
    """
    journeys = {name: Journey(kind, Person(kind.user_name)) for name, kind in kinds.items()}
    ways = {name: [Stretch() for _ in range(len(interruptions) + 1)] for name in kinds}
    async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
        for name, journey in journeys.items():
            group.create_task(_go(journey, stage_of(name), ways[name], title=title_of(name)))
        for number, interrupt in enumerate([None, *interruptions]):
            if interrupt is not None:
                await asyncio.to_thread(interrupt)
            for way in ways.values():
                way[number].begins.set()
            for way in ways.values():
                await way[number].is_over.wait()
    return journeys


def title_of(name: str) -> str:
    """The short description of the incidents of one client."""
    return f"On the way with {name}"


async def _go(journey: Journey, stage: Stage, way: Sequence[Stretch], *, title: str) -> None:
    try:
        async with journey.kind.connect(stage, journey.person) as call:
            async for _ in _in_turn(way):
                created = await call("create_incident", {"short_description": title})
                journey.numbers.append(created["number"])
    except Exception as failure:  # noqa: BLE001  # its tests raise it
        journey.failure = failure
    finally:
        for stretch in way:
            stretch.is_over.set()


async def _in_turn(way: Sequence[Stretch]) -> AsyncIterator[Stretch]:
    for stretch in way:
        await stretch.begins.wait()
        yield stretch
        stretch.is_over.set()


def home_of(name: str, directory: Path) -> Path:
    """An empty home of this client's own."""
    home = directory / name
    home.mkdir()
    return home
