"""Moments as they are stored, for many at once: from tables, not by `strftime`."""

from datetime import UTC, datetime
from functools import cache, lru_cache

_DAY = 86_400


def moment_text(seconds: int) -> str:
    """Seconds since 1970 as `YYYY-MM-DD HH:MM:SS`; nothing for 0.

    A duration is stored as the moment so long after the beginning of 1970.
    """
    if not seconds:
        return ""
    day, time = divmod(seconds, _DAY)
    return _days(day) + _times()[time]


@lru_cache(maxsize=4096)
def _days(day: int) -> str:
    return datetime.fromtimestamp(day * _DAY, UTC).strftime("%Y-%m-%d")


@cache
def _times() -> tuple[str, ...]:
    return tuple(
        f" {time // 3600:02d}:{time // 60 % 60:02d}:{time % 60:02d}" for time in range(_DAY)
    )
