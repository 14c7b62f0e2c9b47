"""Durations as ServiceNow stores them: moments counted from 1970 (`1970-01-01 00:02:17`)."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 10 * 366 * 86_400
_STORED = "%Y-%m-%d %H:%M:%S"


def as_duration(seconds: float) -> str:
    """A length of time, as it is stored; at most ten years, and nothing below zero."""
    kept = min(max(int(seconds), 0), _LONGEST)
    return (_EPOCH + timedelta(seconds=kept)).strftime(_STORED)


def seconds_of(duration: str) -> int:
    """A stored duration in seconds; 0 if it is none, at most ten years."""
    at = moment_of(duration)
    return 0 if at is None else min(max(int((at - _EPOCH).total_seconds()), 0), _LONGEST)


def moment_of(text: str) -> datetime | None:
    """A stored moment, aware; None if the text is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC)


def as_moment(at: datetime) -> str:
    """An aware moment, as it is stored."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")
