"""Days, months and years of tool calls for the admin's date hierarchy."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min

from audit_app.models import ToolCallQuerySet


class CallsByPeriod(ToolCallQuerySet):
    """Calls whose periods are reckoned from the first and the last one.

    Django's `datetimes` truncates the date of every row: 0.4 s for 100,000 rows on SQLite.
    """

    def datetimes(self, field_name: str, kind: str, *_args: Any, **_options: Any) -> Any:  # noqa: ANN401  # Django's signature
        """Return the beginning of each `kind` (year, month or day) that may have calls."""
        span = self.aggregate(first=Min(field_name), last=Max(field_name))
        if span["first"] is None:
            return []
        return list(_periods(span["first"], span["last"], kind=kind))


def _periods(first: datetime, last: datetime, *, kind: str) -> Iterator[datetime]:
    period = _beginning(first, kind=kind)
    while period <= last:
        yield period
        # From the first of a month or year, 31 or 366 days lead into the next one.
        period = _beginning(period + timedelta(days=_LONGEST[kind]), kind=kind)


_LONGEST = {"year": 366, "month": 31, "day": 1}


def _beginning(moment: datetime, *, kind: str) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if kind == "day":
        return day
    return day.replace(day=1) if kind == "month" else day.replace(month=1, day=1)
