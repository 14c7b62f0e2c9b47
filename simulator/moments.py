"""Moments and durations as ServiceNow stores them, in UTC: `2026-11-20 09:00:00`.

A duration is the moment so long after the beginning of 1970: `1970-01-01 00:02:17`.
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799  # the last second of the year 9999
_LONGEST = 10 * 366 * 86_400


def as_moment(at: datetime) -> str:
    """An aware moment, as it is stored."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def moment_of(text: str) -> datetime | None:
    """A stored moment, aware; None if the text is none: one with a zone is none either."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else None


def as_duration(seconds: float) -> str:
    """A length of time, as it is stored; nothing below zero."""
    return as_moment(_EPOCH + timedelta(seconds=int(min(max(seconds, 0), _LAST))))


def seconds_of(duration: str) -> int:
    """A stored duration in seconds; 0 if it is none, at most ten years."""
    at = moment_of(duration)
    return 0 if at is None else min(max(int((at - _EPOCH).total_seconds()), 0), _LONGEST)


def later(moment: str, duration: str) -> str:
    """A stored moment, a stored duration later; empty where either makes no sense."""
    at, then = moment_of(moment), moment_of(duration)
    if at is None or then is None or then < _EPOCH:
        return ""
    try:
        return as_moment(at + (then - _EPOCH))
    except OverflowError:
        return ""
