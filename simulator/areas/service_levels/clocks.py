"""How far a service level has got: the values of `task_sla` that follow from its times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.areas.service_levels.schedules import WorkingTime
from simulator.moments import as_duration, as_moment, moment_of, seconds_of

Row = Mapping[str, str]

_WHOLE = 100
_LONGEST_AGO = timedelta(days=3660)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Time counted for one task and one definition, which allows `allowed` seconds of `hours`."""

    hours: WorkingTime
    allowed: int

    def planned_end(self, start: datetime, *, paused: int) -> str:
        """When it will be breached, `paused` seconds of working time not counted."""
        end = self.hours.after(start, self.allowed + paused)
        return as_moment(end) if end else ""

    def paused(self, row: Row, *, until: datetime) -> dict[str, str]:
        """The pauses of a row so far, with the one that ends now."""
        since = moment_of(row["pause_time"]) or until
        actual = seconds_of(row["pause_duration"]) + max((until - since).total_seconds(), 0)
        business = seconds_of(row["business_pause_duration"]) + self.hours.between(since, until)
        return {
            "pause_time": "",
            "pause_duration": as_duration(actual),
            "business_pause_duration": as_duration(business),
        }

    def elapsed(self, row: Row, *, at: datetime) -> dict[str, str]:
        """Time used and left at a moment, in all and within working hours, and the breach."""
        start = max(moment_of(row["start_time"]) or at, at - _LONGEST_AGO)
        end = moment_of(row["planned_end_time"])
        paused, business_paused = (
            seconds_of(row[name]) for name in ("pause_duration", "business_pause_duration")
        )
        actual = max((at - start).total_seconds() - paused, 0)
        business = max(self.hours.between(start, at) - business_paused, 0)
        whole = (end - start).total_seconds() - paused if end else 0
        left = max((end - at).total_seconds(), 0) if end else 0
        return {
            "duration": as_duration(actual),
            "business_duration": as_duration(business),
            "time_left": as_duration(left),
            "business_time_left": as_duration(self.allowed - business),
            "percentage": _percentage(actual, whole),
            "business_percentage": _percentage(business, self.allowed),
            "has_breached": "true" if business >= self.allowed else "false",
        }


def _percentage(part: float, whole: float) -> str:
    return str(round(part * _WHOLE / whole, 2)) if whole > 0 else "0.0"
