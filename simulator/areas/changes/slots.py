"""When a change of an item could happen: the next stretches of time nothing stands against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.areas.changes.windows import Windows, planned_at
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.queries.parsing import literal

_WINDOW = "change.conflict.next_available.schedule_window"
_CHOICES = "change.conflict.next_available.choice_limit"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_MOST_TRIES = 600


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A stretch of time, as moments are stored."""

    start: str
    end: str


def days_ahead(instance: Instance) -> int:
    """How many days from now on are looked at."""
    return _number(instance, _WINDOW, default=90)


def free_slots(
    instance: Instance, item: str, *, start: datetime, seconds: int, but: str = ""
) -> list[Slot]:
    """The next free stretches of so many seconds from `start` on, at most one a day.

    `but` is the change that is being planned: it does not stand in its own way.
    """
    windows, length = Windows(instance, item), timedelta(seconds=seconds)
    last = instance.clock() + timedelta(days=days_ahead(instance))
    busy = _busy(instance, item, start=start, but=but)
    wanted, found = _number(instance, _CHOICES, default=10), list[Slot]()
    at: datetime | None = start
    for _ in range(_MOST_TRIES):
        at = windows.next_opening(at) if at is not None else None
        if at is None or at + length > last or len(found) >= wanted:
            break
        later = _obstacle(windows, busy, at=at, end=at + length)
        if later is None:
            found.append(Slot(start=as_moment(at), end=as_moment(at + length)))
        at = later or at + _DAY
    return found


def _obstacle(
    windows: Windows, busy: Sequence[tuple[datetime, datetime]], *, at: datetime, end: datetime
) -> datetime | None:
    """What stands against a stretch of time, as the moment to try next; None: nothing does."""
    for low, high in busy:
        if low < end and high > at:
            return high
    if windows.broken_blackouts(at, end) or windows.missed_maintenance(at, end):
        return at + _HOUR
    return None


def _busy(
    instance: Instance, item: str, *, start: datetime, but: str
) -> list[tuple[datetime, datetime]]:
    others = f"cmdb_ci={literal(item)}^active=true^sys_id!={but}^state!=-5"
    encoded = f"{others}^end_date>{as_moment(start)}"
    spans = []
    for row in instance.query("change_request", encoded):
        try:
            spans.append((planned_at(row["start_date"]), planned_at(row["end_date"])))
        except ValueError:  # a client may write any text there
            continue
    return sorted(spans)


def _number(instance: Instance, name: str, *, default: int) -> int:
    text = instance.property(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else default
