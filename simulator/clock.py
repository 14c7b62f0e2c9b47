"""The instance's clock, which tests and the admin API may put forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


class AdjustableClock:
    """A clock that follows another one, some seconds ahead of it."""

    def __init__(self, source: Callable[[], datetime] = wall_clock) -> None:
        self._source = source
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The present, aware."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Put the clock forward, or back with a negative number."""
        self._ahead += timedelta(seconds=seconds)

    def timestamp(self) -> int:
        """The present in whole seconds since 1970."""
        return int(self().timestamp())
