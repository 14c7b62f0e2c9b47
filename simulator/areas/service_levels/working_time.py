"""The hours that count: schedules with their entries, and time counted within them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_LONGEST_ENTRY = timedelta(days=31)
_LAST_YEAR = 9000
# Time is counted over ten years at most: a client may send any date.
_HORIZON = timedelta(days=3660)
_DAYS: Mapping[str, frozenset[int]] = {
    "daily": frozenset(range(1, 8)),
    "weekdays": frozenset(range(1, 6)),
    "weekends": frozenset({6, 7}),
    "weekMWF": frozenset({1, 3, 5}),
    "weekTT": frozenset({2, 4}),
}

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a schedule: its first occurrence in local time, and how it repeats."""

    start: datetime
    end: datetime
    repeats: str = ""
    days: frozenset[int] = frozenset()
    every: int = 1
    until: date | None = None
    excluded: bool = False

    def begins_on(self, day: date) -> bool:
        """Whether an occurrence begins on a day."""
        first = self.start.date()
        if day < first or (self.until is not None and day > self.until):
            return False
        if self.repeats == "weekly":
            weeks = (day - first + timedelta(days=first.weekday())).days // 7
            return day.isoweekday() in self.days and weeks % self.every == 0
        if self.repeats in _DAYS:
            in_turn = self.repeats != "daily" or (day - first).days % self.every == 0
            return day.isoweekday() in _DAYS[self.repeats] and in_turn
        same_day = self.repeats in ("monthly", "yearly") and day.day == first.day
        return day == first or (
            same_day and (self.repeats == "monthly" or day.month == first.month)
        )

    def intervals(self, day: date, zone: tzinfo) -> Iterator[Interval]:
        """What of it lies on a day."""
        length = self.end - self.start
        for back in range((self.end.date() - self.start.date()).days + 1):
            if self.begins_on(day - back * _DAY):
                begin = datetime.combine(day - back * _DAY, self.start.time())
                low = max(begin, datetime.combine(day, time()))
                high = min(begin + length, datetime.combine(day + _DAY, time()))
                if low < high:
                    yield _in_utc(low, zone), _in_utc(high, zone)


@dataclass
class Hours:
    """The hours of a schedule in one time zone; without entries none of them count."""

    entries: Sequence[Entry]
    zone: tzinfo
    _known: dict[date, list[Interval]] = field(default_factory=dict)

    def between(self, start: datetime, end: datetime) -> int:
        """The seconds that count between two moments (aware)."""
        start = max(start, end - _HORIZON)
        return int(sum(_overlap(one, start, end) for one in self._from(start, until=end)))

    def after(self, start: datetime, seconds: int) -> datetime | None:
        """When so many counted seconds have passed; None if they never have."""
        left = timedelta(seconds=seconds)
        for begin, high in self._from(start, until=_later(start, _HORIZON)):
            low = max(begin, start)
            if high - low >= left:
                return low + left
            left -= max(high - low, timedelta())
        return None

    def _from(self, start: datetime, *, until: datetime) -> Iterator[Interval]:
        day, last = start.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        while day <= last:
            yield from self._on(day)
            if day == date.max:
                return
            day += _DAY

    def _on(self, day: date) -> list[Interval]:
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._counted(day)
        return found

    def _counted(self, day: date) -> list[Interval]:
        included, excluded = (
            _merged(
                interval
                for entry in self.entries
                if entry.excluded is wanted
                for interval in entry.intervals(day, self.zone)
            )
            for wanted in (False, True)
        )
        for gap in excluded:
            included = [rest for one in included for rest in _without(one, gap)]
        return included


class Always:
    """Time without a schedule: all of it counts."""

    def between(self, start: datetime, end: datetime) -> int:
        """The seconds between two moments (aware)."""
        return max(int((end - start).total_seconds()), 0)

    def after(self, start: datetime, seconds: int) -> datetime | None:
        """When so many seconds have passed."""
        return _later(start, timedelta(seconds=seconds))


def entry_of(row: Mapping[str, str], *, excluded: bool = False) -> Entry | None:
    """An entry from its row, of 31 days at most; None if its times cannot be read."""
    start, end = _local(row["start_date_time"]), _local(row["end_date_time"])
    if start is None or end is None or not start <= end or start.year > _LAST_YEAR:
        return None
    end = min(end, start + _LONGEST_ENTRY)
    if row["all_day"] == "true":
        start, end = (datetime.combine(at.date(), time()) for at in (start, end + _DAY))
    until = _local(row["repeat_until"])
    days = frozenset(int(day) for day in row["days_of_week"] if day in "1234567")
    return Entry(
        start=start,
        end=end,
        repeats=row["repeat_type"],
        days=days or frozenset({start.isoweekday()}),
        every=max(int(row["repeat_count"] or 1), 1),
        until=until.date() if until else None,
        excluded=excluded or row["type"] in ("exclude", "time_off"),
    )


def _local(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  # schedules float: their zone comes from elsewhere
    except ValueError:
        return None


def _in_utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _later(start: datetime, length: timedelta) -> datetime:
    try:
        return start + length
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) - _DAY


def _overlap(interval: Interval, start: datetime, end: datetime) -> float:
    low, high = max(interval[0], start), min(interval[1], end)
    return max((high - low).total_seconds(), 0)


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _without(one: Interval, gap: Interval) -> Iterator[Interval]:
    for low, high in ((one[0], min(one[1], gap[0])), (max(one[0], gap[1]), one[1])):
        if low < high:
            yield low, high
