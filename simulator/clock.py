"""The instance's clock, which tests and the admin API may move and stop."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


class AdjustableClock:
    """A clock that follows another one, some seconds ahead of it, or stands still."""

    def __init__(self, source: Callable[[], datetime] = wall_clock) -> None:
        self._source = source
        self._ahead = timedelta()
        self._stopped_at: datetime | None = None

    def __call__(self) -> datetime:
        """The present, aware."""
        return self._stopped_at or self._source() + self._ahead

    @property
    def is_stopped(self) -> bool:
        """Whether time stands still."""
        return self._stopped_at is not None

    @property
    def ahead(self) -> timedelta:
        """How far it is ahead of the clock it follows."""
        return self() - self._source()

    def advance(self, seconds: float) -> None:
        """Put the clock forward, or back with a negative number. OverflowError beyond all years."""
        self.jump(self() + timedelta(seconds=seconds))

    def jump(self, moment: datetime) -> None:
        """Put the clock to a moment (aware)."""
        if self._stopped_at is None:
            self._ahead = moment - self._source()
        else:
            self._stopped_at = moment

    def stop(self) -> None:
        """Let time stand still."""
        self._stopped_at = self()

    def go_on(self) -> None:
        """Let time pass again, from where it stands."""
        if self._stopped_at is not None:
            moment, self._stopped_at = self._stopped_at, None
            self.jump(moment)

    def timestamp(self) -> int:
        """The present in whole seconds since 1970."""
        return int(self().timestamp())
