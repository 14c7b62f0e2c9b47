"""What is expected to fail, and why: read from a file, and held against what did fail."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.suite import Check

BASELINE = Path(__file__).with_name("expected_failures.toml")


@dataclass(frozen=True)
class ExpectedFailure:
    """A scenario, or one check of it, that cannot pass on one of the servers."""

    server: str
    revision: str
    scenario: str
    check: str | None
    reason: str

    def covers(self, check: Check) -> bool:
        """Whether it is about this check.

        No scenario excuses a message that the schema of MCP does not allow, unless that is named.
        """
        named = self.check == check.id
        whole = self.check is None and check.id != "wire-schema-valid"
        return check.scenario == self.scenario and (named or whole)

    def __str__(self) -> str:
        return f"{self.scenario}:{self.check}" if self.check else self.scenario


@dataclass(frozen=True)
class Verdict:
    """What differs from the expectation, either way; nothing, if all is as it should be."""

    unexpected: list[str]
    stale: list[str]


def expected_failures(
    server: str, revision: str, *, file: Path = BASELINE
) -> list[ExpectedFailure]:
    """The expected failures of a server (`fixture` or `product`) at a revision.

    Raises KeyError for an entry without a reason.
    """
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["expected"]
    return [
        ExpectedFailure(server, revision, *_named(name), entry["reason"])
        for entry in entries
        if server in entry["servers"] and revision in entry["revisions"]
        for name in entry["fails"]
    ]


def judged(checks: Iterable[Check], expected: list[ExpectedFailure]) -> Verdict:
    """Hold what fell short against what was expected to."""
    short = [check for check in checks if check.fell_short]
    unexpected = [str(check) for check in short if not any(e.covers(check) for e in expected)]
    stale = [str(each) for each in expected if not any(each.covers(check) for check in short)]
    return Verdict(unexpected, stale)


def _named(name: str) -> tuple[str, str | None]:
    scenario, _, check = name.partition(":")
    return scenario, check or None
