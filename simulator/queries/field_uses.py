"""Which fields a query tells something about: whoever asks has to be allowed to ask by them."""

from dataclasses import dataclass

from simulator.queries.parsing import Condition

# Operators that ask for a value as a whole; others reveal values bit by bit.
_FINDING_VALUES = frozenset(
    {
        *("=", "!=", "IN", "NOT IN", "SAMEAS", "NSAMEAS", "ANYTHING", "ISEMPTY", "ISNOTEMPTY"),
        *("EMPTYSTRING", "DYNAMIC", "INSTANCEOF", "IN_HIERARCHY", "IN_HIERARCHY_DYNAMIC"),
    }
)
THREADS = {"comments_and_work_notes": ("comments", "work_notes")}
"""Journal fields that show the entries of others."""


@dataclass(frozen=True)
class FieldUse:
    """A field, or a dot-walk from a table; `in_ranges`: searched in, compared by size, sorted by.

    The table is the one that a condition is asked of: in a related list or a join not that of
    the query.
    """

    table: str
    field: str
    in_ranges: bool = False


def uses_of(table: str, term: Condition) -> set[FieldUse]:
    """What the left side of a condition uses; of a thread of journals each of them, too."""
    in_ranges = term.operator not in _FINDING_VALUES
    *way, name = term.field.split(".")
    return {
        FieldUse(table, ".".join((*way, element)), in_ranges)
        for element in (name, *THREADS.get(name, ()))
    }
