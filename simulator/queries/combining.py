"""Conditions put together: one or the other, or about other rows."""

# Identifiers come from the dictionary, values are parameters.

from simulator.queries.operators import Predicate


def joined(predicates: list[Predicate], word: str) -> Predicate:
    """Several conditions with ` AND ` or ` OR ` between them."""
    if len(predicates) == 1:
        return predicates[0]
    return Predicate(
        "(" + word.join(predicate.sql for predicate in predicates) + ")",
        tuple(value for predicate in predicates for value in predicate.parameters),
    )


def among(column: str, rows: str, found: Predicate, *, also: str = "") -> Predicate:
    """`column` is one of the rows where `found` holds.

    A condition that holds for an empty value holds where there is no row at all, too.
    """
    if not found.matches_empty:
        return Predicate(f"{column} IN ({rows} WHERE {also}{found.sql})", found.parameters)
    return Predicate(
        f"{column} NOT IN ({rows} WHERE {also}NOT ({found.sql}))",
        found.parameters,
        matches_empty=True,
    )


def exists(rows: str, belongs: str, found: Predicate) -> Predicate:
    """One of the rows that belong to the record is one where `found` holds.

    Better than :func:`among` where there are few records to ask for.
    """
    return Predicate(f"EXISTS ({rows} WHERE {belongs}{found.sql})", found.parameters)
