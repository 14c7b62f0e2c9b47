"""What every proof says: a promise, what was reached, and whether that holds."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

Amount = TypeVar("Amount")


class Scale(Enum):
    """How much a proof does."""

    FULL = "full"  # the numbers of the promise
    SHORT = "short"  # the same steps, fewer times: for every run of the tests

    def pick(self, *, full: Amount, short: Amount) -> Amount:
        """Return the amount for this scale."""
        return full if self is Scale.FULL else short


@dataclass(frozen=True)
class Measured:
    """One number of one proof, held against its promise."""

    goal: str
    what: str
    promised: str
    reached: str
    holds: bool

    def __str__(self) -> str:
        verdict = "holds" if self.holds else "BROKEN"
        return f"{self.goal} {verdict}: {self.what}: {self.reached} (promised: {self.promised})"
