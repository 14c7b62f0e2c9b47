"""Encoded conditions asked of one record, also one that is not stored yet.

Rules, service levels and the like have conditions in the language of queries. Most are about
fields of the record itself and are answered from its values; `otherwise` answers the rest, by
asking the database for instance.
"""

from collections.abc import Callable, Mapping

from simulator.queries.parsing import Condition, Term, parse

Values = Mapping[str, str]
Otherwise = Callable[[Term], bool]

_SIMPLE: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda held, wanted: _folded(held) == _folded(wanted),
    "!=": lambda held, wanted: _folded(held) != _folded(wanted),
    "IN": lambda held, wanted: _folded(held) in _folded(wanted).split(","),
    "NOT IN": lambda held, wanted: _folded(held) not in _folded(wanted).split(","),
    "LIKE": lambda held, wanted: _folded(wanted) in _folded(held),
    "NOT LIKE": lambda held, wanted: _folded(wanted) not in _folded(held),
    "STARTSWITH": lambda held, wanted: _folded(held).startswith(_folded(wanted)),
    "ENDSWITH": lambda held, wanted: _folded(held).endswith(_folded(wanted)),
    "ISEMPTY": lambda held, _: not held,
    "EMPTYSTRING": lambda held, _: not held,
    "ISNOTEMPTY": lambda held, _: bool(held),
    "ANYTHING": lambda _, __: True,
    ">": lambda held, wanted: _compared(held, wanted) > 0,
    ">=": lambda held, wanted: _compared(held, wanted) >= 0,
    "<": lambda held, wanted: _compared(held, wanted) < 0,
    "<=": lambda held, wanted: _compared(held, wanted) <= 0,
}
_CHANGES = frozenset({"VALCHANGES", "CHANGESFROM", "CHANGESTO"})


def matches(
    values: Values, encoded: str, *, previous: Values | None = None, otherwise: Otherwise
) -> bool:
    """Whether a record of these values matches; no condition matches every record.

    `previous` is what it was before the write, for VALCHANGES, CHANGESFROM and CHANGESTO.
    """
    filters = parse(encoded).filters
    return not filters or any(
        all(any(_holds(values, term, previous or {}, otherwise) for term in group) for group in one)
        for one in filters
    )


def _holds(values: Values, term: Term, previous: Values, otherwise: Otherwise) -> bool:
    if not isinstance(term, Condition):
        return otherwise(term)
    if term.operator in _CHANGES:
        return _changed(term, held=values.get(term.field, ""), before=previous.get(term.field, ""))
    is_plain = term.field in values and not term.value.startswith("javascript:")
    if term.operator in _SIMPLE and is_plain:
        return _SIMPLE[term.operator](values[term.field], term.value)
    return otherwise(term)


def _changed(term: Condition, *, held: str, before: str) -> bool:
    if held == before:
        return False
    if term.operator == "CHANGESTO":
        return _folded(held) == _folded(term.value)
    return term.operator == "VALCHANGES" or _folded(before) == _folded(term.value)


def _folded(text: str) -> str:
    return text.casefold()


def _compared(held: str, wanted: str) -> int:
    try:
        mine, other = float(held), float(wanted)
    except ValueError:
        return (_folded(held) > _folded(wanted)) - (_folded(held) < _folded(wanted))
    return (mine > other) - (mine < other)
