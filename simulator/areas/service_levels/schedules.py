"""Schedules read from their tables, for a time zone."""

from collections.abc import Iterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.areas.service_levels.working_time import Always, Entry, Hours, entry_of
from simulator.records.rules import Records

WorkingTime = Hours | Always


class Schedules:
    """The schedules of an instance, each read once. For one write, or one run of a job."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[tuple[str, str], WorkingTime] = {}

    def hours(self, schedule: str, *, zone: str) -> WorkingTime:
        """The hours of a schedule. It floats in `zone` unless it has one; none: all time."""
        if (schedule, zone) not in self._known:
            row = self._records.row("cmn_schedule", schedule) if schedule else None
            self._known[schedule, zone] = (
                Always()
                if row is None
                else Hours(list(self._entries(schedule)), _zone(row["time_zone"] or zone))
            )
        return self._known[schedule, zone]

    def _entries(self, schedule: str) -> Iterator[Entry]:
        yield from self._own(schedule, excluded=False)
        for child in self._records.query("cmn_other_schedule", f"schedule={schedule}"):
            yield from self._own(child["child_schedule"], excluded=child["type"] == "exclude")

    def _own(self, schedule: str, *, excluded: bool) -> Iterator[Entry]:
        for row in self._records.query("cmn_schedule_span", f"schedule={schedule}"):
            entry = entry_of(row, excluded=excluded)
            if entry is not None:
                yield entry


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
