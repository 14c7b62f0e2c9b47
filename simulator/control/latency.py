"""How long a slow answer takes: a fixed time, or one drawn from a distribution."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import ClassVar

from pydantic import ConfigDict


class Distribution(StrEnum):
    """The shape of a latency. Real instances are nearest to `lognormal`: a body and a long tail."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Seconds that answers take: `typical` is the median, `spread` how far they lie around it.

    `spread` is half the width of `uniform`, the standard deviation of `normal`, and the sigma of
    the logarithm of `lognormal`; `fixed` and `exponential` have none. No answer takes longer than
    `longest`.
    """

    distribution: Distribution = Distribution.FIXED
    typical: float = 0.0
    spread: float = 0.0
    longest: float = 300.0

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    def drawn(self, random: Random) -> float:
        """The seconds of one answer."""
        return min(max(self._sample(random), 0.0), self.longest)

    def _sample(self, random: Random) -> float:
        match self.distribution:
            case Distribution.UNIFORM:
                return random.uniform(self.typical - self.spread, self.typical + self.spread)
            case Distribution.NORMAL:
                return random.gauss(self.typical, self.spread)
            case Distribution.LOGNORMAL:
                return self.typical * random.lognormvariate(0.0, self.spread)
            case Distribution.EXPONENTIAL:
                # The median of an exponential distribution is ln 2 of its mean.
                return random.expovariate(0.6931471805599453 / self.typical) if self.typical else 0
            case _:
                return self.typical
