"""What each operator of the query language means in SQL, for one column.

A function gives None where its value makes no sense: the condition is then dropped, like one on an
unknown field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulator.access.people import Person
from simulator.data.store import Cell
from simulator.moments import as_moment
from simulator.queries.columns import Column
from simulator.queries.dates import DatePart, same_unit_sql, shifted
from simulator.queries.javascript import PREFIX, Evaluated, evaluate
from simulator.schema import Storage

_MOMENT_LENGTH = 19
_DATE_LENGTH = 10


@dataclass(frozen=True)
class Predicate:
    """A condition in SQL. `matches_empty`: whether it holds for an empty value."""

    sql: str
    parameters: tuple[Cell, ...] = ()
    matches_empty: bool = False

    def negated(self) -> "Predicate":
        """The opposite."""
        return Predicate(f"NOT ({self.sql})", self.parameters, not self.matches_empty)


NOTHING = Predicate("0")
EVERYTHING = Predicate("1", (), matches_empty=True)


@dataclass(frozen=True)
class Asked:
    """For whom and when a query is evaluated."""

    person: Person | None
    now: datetime
    case_insensitive: bool

    def collated(self, column: Column) -> str:
        """The column for comparisons for equality."""
        if self.case_insensitive or column.is_number:
            return column.sql
        return f"{column.sql} COLLATE BINARY"

    def value(self, text: str) -> Evaluated:
        """A value with `javascript:` evaluated; None: nothing can match it."""
        if not text.startswith(PREFIX):
            return text
        return evaluate(text.removeprefix(PREFIX), person=self.person, now=self.now)


_Operator = Callable[[Column, str, Asked], Predicate | None]


def cell(column: Column, text: str) -> Cell:
    """A value as the column stores it."""
    storage = column.field.storage
    if storage is Storage.BOOLEAN:
        return {"1": "true", "0": "false"}.get(text, text.lower())
    if storage is Storage.MOMENT and len(text) == _DATE_LENGTH:
        return f"{text} 00:00:00"
    if storage is Storage.DATE and len(text) == _MOMENT_LENGTH:
        return text[:_DATE_LENGTH]
    return text


def _equals(column: Column, text: str, asked: Asked) -> Predicate | None:
    value = asked.value(text)
    if isinstance(value, tuple):
        return _one_of(column, value, asked)
    if not isinstance(value, str):
        return NOTHING
    if value == "":
        return Predicate(column.empty, (), matches_empty=True)
    stored_value = cell(column, value)
    if column.field.storage is Storage.BOOLEAN and stored_value in ("true", "false"):
        # Written out, so that SQLite sees that the index of what is active will do.
        return Predicate(f"{asked.collated(column)} = '{stored_value}'")
    return Predicate(f"{asked.collated(column)} = ?", (stored_value,))


def _not_equals(column: Column, text: str, asked: Asked) -> Predicate | None:
    equal = _equals(column, text, asked)
    return _unless(equal, column) if equal is not NOTHING else NOTHING


def _unless(positive: Predicate | None, column: Column) -> Predicate | None:
    """The opposite of a condition that does not match empty values: it does."""
    if positive is None:
        return None
    if positive.matches_empty:
        return positive.negated()
    return Predicate(
        f"({column.empty} OR NOT ({positive.sql}))", positive.parameters, matches_empty=True
    )


def _one_of(column: Column, values: tuple[str, ...], asked: Asked) -> Predicate:
    places = ", ".join("?" for _ in values)
    parameters = tuple(cell(column, value) for value in values)
    found = Predicate(f"{asked.collated(column)} IN ({places})", parameters)
    if "" in values:
        return Predicate(f"({found.sql} OR {column.empty})", parameters, matches_empty=True)
    return found


def _in(column: Column, text: str, asked: Asked) -> Predicate | None:
    value = asked.value(text)
    if isinstance(value, str):
        return _one_of(column, tuple(value.split(",")), asked)
    return _one_of(column, value, asked) if isinstance(value, tuple) else NOTHING


def _not_in(column: Column, text: str, asked: Asked) -> Predicate | None:
    found = _in(column, text, asked)
    return _unless(found, column) if found is not NOTHING else NOTHING


def _ordered(comparison: str) -> _Operator:
    def compare(column: Column, text: str, asked: Asked) -> Predicate | None:
        value = asked.value(text)
        if not isinstance(value, str):
            return NOTHING
        if column.is_number and not _is_number(value):
            return None
        present = "" if column.is_number else f" AND {column.sql} <> ''"
        return Predicate(f"({column.sql} {comparison} ?{present})", (cell(column, value),))

    return compare


def _pattern(before: str, after: str) -> _Operator:
    def like(column: Column, text: str, asked: Asked) -> Predicate | None:
        value = asked.value(text)
        if not isinstance(value, str):
            return NOTHING
        escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = Predicate(f"{column.sql} LIKE ? ESCAPE '\\'", (f"{before}{escaped}{after}",))
        if value == "":
            return Predicate(f"coalesce({found.sql}, 1)", found.parameters, matches_empty=True)
        return found

    return like


def _not_like(column: Column, text: str, asked: Asked) -> Predicate | None:
    found = _pattern("%", "%")(column, text, asked)
    return _unless(found, column) if found is not NOTHING else NOTHING


def _is_empty(column: Column, _: str, __: Asked) -> Predicate | None:
    return Predicate(column.empty, (), matches_empty=True)


def _is_not_empty(column: Column, _: str, __: Asked) -> Predicate | None:
    return Predicate(f"NOT ({column.empty})")


def _anything(_: Column, __: str, ___: Asked) -> Predicate | None:
    return EVERYTHING


def _between(column: Column, text: str, asked: Asked) -> Predicate | None:
    edges = text.split("@")
    if len(edges) != 2:
        return None
    start, end = asked.value(edges[0]), asked.value(edges[1])
    if not isinstance(start, str) or not isinstance(end, str):
        return NOTHING
    return _within(column, cell(column, start), cell(column, end))


def _within(column: Column, start: Cell, end: Cell) -> Predicate:
    return Predicate(f"{column.sql} BETWEEN ? AND ?", (start, end))


def _on(column: Column, text: str, asked: Asked) -> Predicate | None:
    label, *edges = text.split("@")
    if len(edges) == 2:
        return _between(column, "@".join(edges), asked)
    if edges or len(label) != _DATE_LENGTH:
        return None
    return _within(column, f"{label} 00:00:00", f"{label} 23:59:59")


def _not_on(column: Column, text: str, asked: Asked) -> Predicate | None:
    found = _on(column, text, asked)
    return _unless(found, column) if found is not NOTHING else NOTHING


def _relative(comparison: str) -> _Operator:
    def compare(column: Column, text: str, asked: Asked) -> Predicate | None:
        at = _relative_moment(text, asked.now)
        if at is None:
            return None
        if comparison == "EE":
            return _same_unit(column, text.split("@")[1], at)
        return _ordered(comparison)(column, as_moment(at), asked)

    return compare


def _relative_moment(text: str, now: datetime) -> datetime | None:
    parts = text.split("@")
    if len(parts) != 4 or parts[2] not in ("ago", "ahead") or not parts[3].isdecimal():
        return None
    amount = int(parts[3])
    return shifted(now, parts[1], -amount if parts[2] == "ago" else amount)


def _same_unit(column: Column, unit: str, at: datetime) -> Predicate | None:
    unit = "day" if unit == "dayofweek" else unit
    left, right = same_unit_sql(column.sql, unit), same_unit_sql("?", unit)
    if left is None or right is None:
        return None
    return Predicate(f"({left} = {right})", (as_moment(at),) * right.count("?"))


def _datepart(column: Column, text: str, asked: Asked) -> Predicate | None:
    _, _, script = text.partition("@")
    value = asked.value(script)
    if not isinstance(value, DatePart):
        return NOTHING if script.startswith(PREFIX) else None
    return Predicate(f"({column.sql} <> '' AND {value.sql(column.sql)})")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


OPERATORS: dict[str, _Operator] = {
    "=": _equals,
    "!=": _not_equals,
    ">": _ordered(">"),
    ">=": _ordered(">="),
    "<": _ordered("<"),
    "<=": _ordered("<="),
    "STARTSWITH": _pattern("", "%"),
    "ENDSWITH": _pattern("%", ""),
    "LIKE": _pattern("%", "%"),
    "NOT LIKE": _not_like,
    "DOESNOTHAVE": _not_like,
    "EXCLUDING": _not_like,
    "IN": _in,
    "NOT IN": _not_in,
    "ISEMPTY": _is_empty,
    "EMPTYSTRING": _is_empty,
    "ISNOTEMPTY": _is_not_empty,
    "ANYTHING": _anything,
    "BETWEEN": _between,
    "ON": _on,
    "NOTON": _not_on,
    "RELATIVEGT": _relative(">"),
    "RELATIVELT": _relative("<"),
    "RELATIVEGE": _relative(">="),
    "RELATIVELE": _relative("<="),
    "RELATIVEEE": _relative("EE"),
    "DATEPART": _datepart,
}
