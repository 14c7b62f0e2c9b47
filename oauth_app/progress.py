"""How far a long command is: a bar on a terminal, now and then a line elsewhere."""

import time
from collections.abc import Callable
from typing import Final

from django.core.management.base import OutputWrapper

_WIDTH: Final = 30
_SECONDS_BETWEEN_LINES: Final = 5.0


class Progress:
    """Shows `done` of `total` on a stream; `finish` ends the bar."""

    def __init__(
        self, out: OutputWrapper, *, total: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._total = total
        self._now = now
        self._began = self._shown_at = now()
        self._draws = out.isatty()

    def show(self, done: int) -> None:
        """Say how much is done; on a terminal at once, elsewhere every five seconds."""
        now = self._now()
        if self._draws:
            share = min(done / self._total, 1) if self._total else 1
            bar = ("#" * round(share * _WIDTH)).ljust(_WIDTH, ".")
            self._out.write(f"\r[{bar}] {share:4.0%}  {self._numbers(done, now)}", ending="")
            self._out.flush()
        elif now - self._shown_at >= _SECONDS_BETWEEN_LINES:
            self._shown_at = now
            self._out.write(self._numbers(done, now).rstrip())
            self._out.flush()

    def finish(self) -> None:
        """End the line of the bar."""
        if self._draws:
            self._out.write("")

    def _numbers(self, done: int, now: float) -> str:
        seconds = now - self._began
        rate = done / seconds if seconds > 0 else 0
        left = max(self._total - done, 0)
        when = f", {left / rate:.0f} s left" if rate and left else ""
        return f"{done:,} of {self._total:,}{when}".ljust(45)
