"""The instance's clock: it is moved, stopped and let go on."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from simulator.clock import AdjustableClock
from simulator.world import World

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Source:
    """The clock behind it, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def test_it_follows_its_source_from_where_it_was_put() -> None:
    source = Source()
    clock = AdjustableClock(source)
    clock.jump(datetime(2030, 1, 1, tzinfo=UTC))
    source.passes(hours=1)
    assert clock() == datetime(2030, 1, 1, 1, tzinfo=UTC)
    assert clock.ahead == datetime(2030, 1, 1, tzinfo=UTC) - START


def test_it_goes_back_too() -> None:
    clock = AdjustableClock(Source())
    clock.advance(-3600)
    assert clock() == START - timedelta(hours=1)
    assert clock.timestamp() == int(START.timestamp()) - 3600


def test_stopped_it_stands_until_it_goes_on_from_there() -> None:
    source = Source()
    clock = AdjustableClock(source)
    clock.stop()
    source.passes(days=3)
    assert (clock(), clock.is_stopped) == (START, True)
    clock.advance(60)
    assert clock() == START + timedelta(minutes=1)
    clock.go_on()
    source.passes(minutes=1)
    assert (clock(), clock.is_stopped) == (START + timedelta(minutes=2), False)


def test_going_on_when_it_goes_changes_nothing() -> None:
    clock = AdjustableClock(Source())
    clock.go_on()
    assert clock() == START


async def test_the_admin_api_jumps_and_stops(http: httpx.AsyncClient, world: World) -> None:
    asked = {"to": "2026-12-24T08:00:00Z", "stopped": True, "seconds": 60}
    answer = (await http.post("/simulator/clock", json=asked)).json()
    assert answer == {"now": "2026-12-24T08:01:00+00:00", "stopped": True}
    assert world.clock.is_stopped
    await http.post("/simulator/clock", json={"stopped": False})
    assert not world.clock.is_stopped


@pytest.mark.parametrize(
    "body",
    [
        {"seconds": "soon"},
        {"to": "2026-12-24T08:00:00"},
        {"to": "Christmas"},
        {"seconds": 1e18},
        {"seconds": -1e18},
        {"hours": 1},
    ],
)
async def test_a_time_that_cannot_be_is_refused_and_nothing_moves(
    http: httpx.AsyncClient, world: World, body: dict[str, object]
) -> None:
    before = world.clock()
    assert (await http.post("/simulator/clock", json=body)).status_code == 400
    assert world.clock() == before
