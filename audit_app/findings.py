"""What verification finds, and how it tells."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

MOST_KEPT: Final = 1_000


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed: what, in which ledger, which row or seal."""

    what: str
    ledger: str = ""
    row: int | None = None
    seal: int | None = None
    when: str = ""
    why: str = ""

    def __str__(self) -> str:
        place = f"{self.ledger} row {self.row}" if self.row is not None else self.ledger
        parts = [self.what.upper(), place, f"(seal {self.seal})" if self.seal else ""]
        told = [self.when, self.why]
        return ": ".join([" ".join(filter(None, parts)), ", ".join(filter(None, told))]).rstrip(
            ": "
        )


@dataclass
class Report:
    """What was looked at and what was found. Memory is bounded: beyond `MOST_KEPT`, only counts."""

    rows: int = 0
    seals: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    late: int = 0
    removed: int = 0
    erased: int = 0
    broken_links: int = 0
    last_checkpoint: str = ""
    findings: list[Finding] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    # What could not be proved, as against what was found to be wrong.
    unproved: list[str] = field(default_factory=list)

    def found(self, finding: Finding) -> None:
        """Note a finding."""
        self.kinds[finding.what] += 1
        if len(self.findings) < MOST_KEPT:
            self.findings.append(finding)

    @property
    def is_clean(self) -> bool:
        """Whether everything is as it was sealed, as far as could be seen."""
        return not self.kinds
