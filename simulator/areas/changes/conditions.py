"""Encoded conditions, asked of a record that is not stored yet."""

from collections.abc import Callable, Mapping

from simulator.queries.parsing import Condition, Term, parse

Values = Mapping[str, str]

_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda held, wanted: held.casefold() == wanted.casefold(),
    "!=": lambda held, wanted: held.casefold() != wanted.casefold(),
    "IN": lambda held, wanted: held in wanted.split(","),
    "NOT IN": lambda held, wanted: held not in wanted.split(","),
    "LIKE": lambda held, wanted: wanted.casefold() in held.casefold(),
    "NOT LIKE": lambda held, wanted: wanted.casefold() not in held.casefold(),
    "STARTSWITH": lambda held, wanted: held.casefold().startswith(wanted.casefold()),
    "ENDSWITH": lambda held, wanted: held.casefold().endswith(wanted.casefold()),
    "ISEMPTY": lambda held, _: not held,
    "ISNOTEMPTY": lambda held, _: bool(held),
    "ANYTHING": lambda _, __: True,
    ">": lambda held, wanted: _compared(held, wanted) > 0,
    ">=": lambda held, wanted: _compared(held, wanted) >= 0,
    "<": lambda held, wanted: _compared(held, wanted) < 0,
    "<=": lambda held, wanted: _compared(held, wanted) <= 0,
}


def matches(values: Values, encoded: str) -> bool:
    """Whether a record of these values matches; a term that cannot be asked of it does not."""
    filters = parse(encoded).filters
    return not filters or any(
        all(any(_holds(values, term) for term in group) for group in groups) for groups in filters
    )


def _holds(values: Values, term: Term) -> bool:
    if not isinstance(term, Condition) or term.operator not in _TESTS:
        return False
    return _TESTS[term.operator](values.get(term.field, ""), term.value)


def _compared(held: str, wanted: str) -> int:
    try:
        mine, other = float(held), float(wanted)
    except ValueError:
        return (held > wanted) - (held < wanted)
    return (mine > other) - (mine < other)
