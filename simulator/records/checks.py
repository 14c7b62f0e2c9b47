"""What must hold of a record for a person to see it, or a field of it: what the ACLs say.

A table may hold records of classes that extend it. Each is protected by the ACLs of its class:
the table above is no way around them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.access.acls import Verdict
from simulator.access.people import Person
from simulator.records.rendering import Row


@dataclass(frozen=True)
class Check:
    """A verdict, and where a selected row has what it reads."""

    verdict: Verdict
    needs: Mapping[str, int]

    @property
    def always(self) -> bool:
        """Whether it holds of every row."""
        return self.verdict.always

    @property
    def never(self) -> bool:
        """Whether it holds of no row."""
        return self.verdict.never

    def holds(self, person: Person, row: Row) -> bool:
        """The answer for a selected row."""
        return self.verdict.holds(person, {name: row[at] for name, at in self.needs.items()})


@dataclass(frozen=True)
class CheckByClass:
    """The check of the class that a record is of, which stands at `place` of a selected row.

    `own` is that of the table itself: it holds of records of no class, too.
    """

    place: int
    own: Check
    checks: Mapping[str, Check]

    always = False

    @property
    def never(self) -> bool:
        """Whether it holds of no row."""
        return self.own.never and all(check.never for check in self.checks.values())

    def holds(self, person: Person, row: Row) -> bool:
        """The answer for a selected row."""
        return self.checks.get(row[self.place], self.own).holds(person, row)


AnyCheck = Check | CheckByClass


def by_class(
    own: Check,
    verdicts: Mapping[str, Verdict],
    *,
    check: Callable[[str, Verdict], Check],
    place: Callable[[], int],
) -> AnyCheck:
    """The check for records of several classes; `own` where all classes say the same.

    `check` makes that of a class, `place` gives where a row has its class.
    """
    if all(verdict == own.verdict for verdict in verdicts.values()):
        return own
    checks = {
        name: own if verdict == own.verdict else check(name, verdict)
        for name, verdict in verdicts.items()
    }
    return CheckByClass(place(), own, checks)
