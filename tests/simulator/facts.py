"""What is claimed of ServiceNow, and how sure the claim is: `@fact` on the test that shows it.

The facts of all tests make `docs/simulator-facts.md`, and those nobody has seen documented or
measured are what `docs/simulator.md` calls unverified.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

# D: documented by ServiceNow, KB: one of its support articles, M: measured on a real instance by
# somebody who published it, C: pinned by a client or by tests that run against real instances,
# R: recalled or inferred.
TAGS = ("D", "KB", "M", "C", "R")
_TAG = re.compile(rf"(?:{'|'.join(TAGS)})\b[^\[\]|]*")

_Test = TypeVar("_Test", bound=Callable[..., object])


@dataclass(frozen=True)
class Fact:
    """One sentence about ServiceNow, its tag with the source, and the test that shows it here."""

    sentence: str
    tag: str
    test: str


FACTS: list[Fact] = []


def fact(sentence: str, *, tag: str) -> Callable[[_Test], _Test]:
    """Say which fact a test shows. `tag` is a letter of TAGS, best with where it is from.

    Raises ValueError for another tag, and for a fact that two tests claim.
    """
    if not _TAG.fullmatch(tag):
        raise ValueError(f"not a tag: {tag}")

    def told(test: _Test) -> _Test:
        name = f"{test.__module__}.{test.__qualname__}"
        if any(known.sentence == sentence and known.test != name for known in FACTS):
            raise ValueError(f"told twice: {sentence}")
        FACTS.append(Fact(sentence, tag, name))
        return test

    return told
