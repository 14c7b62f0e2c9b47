"""What is looked at, what was found, and what of that is told to whom."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How a part does, and the whole; UNKNOWN is what could not be asked."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One thing that must be well.

    `fault` returns a sentence for operators, "" where all is well. Strangers read `sentence`
    instead, which names no host, key or table. Without what is `vital` nothing can be served.
    """

    name: str
    fault: Callable[[], str]
    sentence: str
    vital: bool = False


@dataclass(frozen=True)
class Finding:
    """What came of a check; `fault` is for operators, and None where it could not be asked."""

    check: Check
    fault: str | None

    @property
    def status(self) -> Status:
        """How this part does."""
        if self.fault is None:
            return Status.UNKNOWN
        if not self.fault:
            return Status.HEALTHY
        return Status.UNHEALTHY if self.check.vital else Status.DEGRADED

    def told(self) -> dict[str, str]:
        """Return what anybody may read of it."""
        told = {"status": self.status.value}
        return {**told, "message": self.check.sentence} if self.fault else told


@dataclass(frozen=True)
class Health:
    """Everything that was found at one time."""

    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        """The worst of what was found; what could not be asked does not count."""
        found = {each.status for each in self.findings}
        worst = (Status.UNHEALTHY, Status.DEGRADED)
        return next((status for status in worst if status in found), Status.HEALTHY)

    @property
    def faults(self) -> dict[str, str]:
        """What an operator has to know: a sentence for each check that failed, by its name."""
        return {each.check.name: each.fault for each in self.findings if each.fault}

    def told(self) -> dict[str, Any]:
        """Return what anybody may read of it."""
        checks = {each.check.name: each.told() for each in self.findings}
        return {"status": self.status.value, "checks": checks}
