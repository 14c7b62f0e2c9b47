"""What the specifications demand of an authorization server, and the tests that guard each demand.

A demand is a MUST (or MUST NOT) of one of the OAuth documents that the MCP revisions build on. Its
name is a sentence, and the negative test that guards it bears that name: `@guards` ties the two.
`test_musts.py` checks that no demand goes without its test and no guard without its demand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

# The MCP revisions that know authorization. A demand of one holds for all later ones.
REVISIONS = ("2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")


@dataclass(frozen=True)
class Must:
    """One demand: where it stands, the first MCP revision that makes it ours, and what it says."""

    source: str
    since: str
    demand: str

    def __post_init__(self) -> None:
        if self.since not in REVISIONS:
            raise ValueError(f"{self.since} is no revision with authorization")


Test = TypeVar("Test", bound=Callable[..., Any])


def guards(musts: dict[str, Must]) -> Callable[[Test], Test]:
    """Return a decorator for tests named `test_` and one of `musts`.

    Raises KeyError at import for a test that is not named after one of them.
    """

    def tie(test: Test) -> Test:
        test.guarded = musts[test.__name__.removeprefix("test_")]  # type: ignore[attr-defined]  # read by test_musts
        return test

    return tie
