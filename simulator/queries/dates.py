"""Moments that queries name relatively: units, shifts, edges of spans, parts of a date."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

_FIXED = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "dayofweek": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_NAMED = {
    **{name: place for place, name in enumerate(_WEEKDAYS, start=1)},
    **{name: place for place, name in enumerate(_MONTH_NAMES, start=1)},
}

_PART_SQL = {
    "dayofweek": "((CAST(strftime('%w', {0}) AS INTEGER) + 6) % 7 + 1)",
    "dayofmonth": "CAST(strftime('%d', {0}) AS INTEGER)",
    "day": "CAST(strftime('%d', {0}) AS INTEGER)",
    "week": "CAST(strftime('%W', {0}) AS INTEGER)",
    "month": "CAST(strftime('%m', {0}) AS INTEGER)",
    "quarter": "((CAST(strftime('%m', {0}) AS INTEGER) + 2) / 3)",
    "year": "CAST(strftime('%Y', {0}) AS INTEGER)",
    "hour": "CAST(strftime('%H', {0}) AS INTEGER)",
}
_PART_OPERATORS = {"EE": "=", "GE": ">=", "GT": ">", "LE": "<=", "LT": "<"}

# How many characters of a stored moment tell its unit apart.
_UNIT_LENGTH = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16}


@dataclass(frozen=True)
class DatePart:
    """`gs.datePart(part, value, operator)`: a comparison with one part of a date."""

    part: str
    value: int
    operator: str

    def sql(self, column: str) -> str:
        """The comparison about a column, without parameters: all of it is ours."""
        return (
            f"{_PART_SQL[self.part].format(column)} {_PART_OPERATORS[self.operator]} {self.value}"
        )


def date_part(part: str, value: str, operator: str) -> DatePart | None:
    """A date part from the arguments of `gs.datePart`, or None where they make no sense."""
    place = _NAMED.get(value.lower())
    if place is None and value.isdecimal():
        place = int(value)
    if part not in _PART_SQL or operator not in _PART_OPERATORS or place is None:
        return None
    return DatePart(part, place, operator)


def shifted(moment: datetime, unit: str, amount: int) -> datetime | None:
    """`moment` moved by so many units (negative: back).

    None for an unknown unit, and where the calendar ends.
    """
    try:
        if unit in _FIXED:
            return moment + _FIXED[unit] * amount
        return _months_later(moment, _MONTHS[unit] * amount) if unit in _MONTHS else None
    except (OverflowError, ValueError):
        return None


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def unit_seconds(unit: str) -> int | None:
    """How long a unit is, for comparing two moments; months as 30 days, or None if unknown."""
    if unit in _FIXED:
        return int(_FIXED[unit].total_seconds())
    return _MONTHS[unit] * 30 * 86400 if unit in _MONTHS else None


def same_unit_sql(column: str, unit: str) -> str | None:
    """An expression equal for two moments in the same unit, or None for an unknown unit."""
    if unit in _UNIT_LENGTH:
        return f"substr({column}, 1, {_UNIT_LENGTH[unit]})"
    if unit == "week":
        return f"strftime('%Y-%W', {column})"
    if unit == "quarter":
        return f"substr({column}, 1, 4) || {_PART_SQL['quarter'].format(column)}"
    return None


def span(unit: str, at: datetime, *, zone: tzinfo, ahead: int = 0) -> tuple[datetime, datetime]:
    """First and last second of the day, week … that `at` is in, `ahead` units later.

    Spans begin at midnight where the person is; a week begins on Monday.
    """
    start = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        start -= timedelta(days=start.weekday())
    elif unit in _MONTHS:
        first = {"month": start.month, "quarter": (start.month - 1) // 3 * 3 + 1, "year": 1}[unit]
        start = start.replace(day=1, month=first)
    start = shifted(start, unit, ahead) or start
    end = (shifted(start, unit, 1) or start) - timedelta(seconds=1)
    return start, end
