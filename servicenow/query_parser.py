"""A parser for encoded queries, written from the grammar and independent of the builder.

    query   := segment ("^NQ" segment)* tail
    segment := condition (("^" | "^OR") condition)*        ^OR binds to the condition before it
    tail    := ("^ORDERBY" field | "^ORDERBYDESC" field | "^GROUPBY" field | "^EQ")*

A `^` at the very beginning is tolerated; `^^` is a literal caret. Operators are upper-case
and the longest one after the field name counts. Unlike an instance, which drops what it does
not understand and then returns everything, the parser refuses it.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Final, Literal

from servicenow.exceptions import MalformedQuery, UnknownOperator

Connector = Literal["AND", "OR"]

_FIELD: Final = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_FULL_TEXT: Final = re.compile(r"(123TEXTQUERY321|123TEXTINDEXGROUP321)=(.*)", re.DOTALL)
_RELATED: Final = re.compile(r"RLQUERY([a-z0-9_]+\.[a-z0-9_]+),((?:[<>]=?|!?=)\d+(?:,m2m)?)")
_JOIN: Final = re.compile(r"JOIN([a-z0-9_]+\.[a-z0-9_]+)=([a-z0-9_]+\.[a-z0-9_]+)!(.*)", re.DOTALL)
_SCRIPT: Final = re.compile(r"[\s\x00-\x20]*javascript:", re.IGNORECASE)

_UNITS: Final = "minute|hour|dayofweek|day|week|month|quarter|year"
_ANYTHING: Final = r".*"
_NOTHING: Final = r""
_OTHER_FIELD: Final = rf"{_FIELD.pattern}(?:@\w+)?"
_RELATIVE: Final = rf"@(?:{_UNITS})@(?:ago|ahead)@\d+"
_DISTANCE: Final = rf"{_FIELD.pattern}@(?:{_UNITS})@(?:before|after)@\d+"

# Each operator with what may follow it.
OPERATORS: Final = {
    **dict.fromkeys(("=", "!=", ">", ">=", "<", "<="), _ANYTHING),
    **dict.fromkeys(("STARTSWITH", "ENDSWITH", "%", "LIKE", "*", "CONTAINS"), _ANYTHING),
    # DOES NOT CONTAIN exists for GlideRecord only: in an encoded query an instance drops it.
    **dict.fromkeys(("NOT LIKE", "!*"), _ANYTHING),
    **dict.fromkeys(("IN", "NOT IN", "DOESNOTHAVE", "EXCLUDING"), _ANYTHING),
    **dict.fromkeys(("CHANGESFROM", "CHANGESTO"), _ANYTHING),
    **dict.fromkeys(("ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING", "VALCHANGES"), _NOTHING),
    **dict.fromkeys(("SAMEAS", "NSAMEAS", "GT_FIELD", "LT_FIELD"), _OTHER_FIELD),
    **dict.fromkeys(("GT_OR_EQUALS_FIELD", "LT_OR_EQUALS_FIELD"), _OTHER_FIELD),
    **dict.fromkeys((f"RELATIVE{way}" for way in ("GT", "LT", "GE", "LE", "EE")), _RELATIVE),
    **dict.fromkeys(("MORETHAN", "LESSTHAN"), _DISTANCE),
    **dict.fromkeys(("ON", "NOTON"), r"[^@]*@[^@]+@[^@]+"),
    **dict.fromkeys(("IN_HIERARCHY", "IN_HIERARCHY_DYNAMIC"), r".+"),
    "BETWEEN": r"[^@]*@[^@]*",
    "DATEPART": r"[^@]*@[^@]+",
    "DYNAMIC": r"[0-9A-Za-z]{32}",
    "INSTANCEOF": r"[a-z0-9_]+",
}
_LONGEST_FIRST: Final = sorted(OPERATORS, key=len, reverse=True)
_SHAPES: Final = {op: re.compile(shape, re.DOTALL) for op, shape in OPERATORS.items()}
_SAME_MEANING: Final = {
    "%": "ENDSWITH",
    "*": "LIKE",
    "CONTAINS": "LIKE",
    "!*": "NOT LIKE",
}
# What separates the parts of a value, each of which is evaluated by itself.
_SEPARATORS: Final = {
    **dict.fromkeys(("BETWEEN", "ON", "NOTON", "DATEPART"), "@"),
    **dict.fromkeys(("IN", "NOT IN"), ","),
}
_COMPARING_FIELDS: Final = frozenset(
    op for op, shape in OPERATORS.items() if shape in (_OTHER_FIELD, _DISTANCE)
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; aliases of an operator are given its usual name.

    A full text search has its keyword as operator and no field. `RLQUERY` has
    `table.field` as field, the count as value and the conditions on the related rows in
    `inner`; `JOIN` has both ends as field and value, and its condition in `inner`.
    """

    field: str
    operator: str
    value: str
    connector: Connector
    inner: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Ordering:
    """One field to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query in parts: segments hold if one of them does, see `^NQ`."""

    segments: tuple[tuple[Condition, ...], ...]
    orderings: tuple[Ordering, ...]
    group_by: tuple[str, ...]

    def fields(self) -> Set[str]:
        """Return the fields of the queried table itself, those compared with included."""
        names = {ordering.field for ordering in self.orderings} | set(self.group_by)
        for condition in self._conditions():
            if condition.operator in _COMPARING_FIELDS:
                names.add(condition.value.partition("@")[0])
            if condition.operator not in ("RLQUERY", "JOIN") and condition.field:
                names.add(condition.field)
        return names

    def operators(self) -> Set[str]:
        """Return the operators used, `RLQUERY` and `JOIN` and what is in them included."""
        return {
            condition.operator
            for outer in self._conditions()
            for condition in (outer, *outer.inner)
        }

    def has_script(self) -> bool:
        """Whether an instance would evaluate a part of a value as JavaScript."""
        return any(
            _SCRIPT.match(part)
            for outer in self._conditions()
            for condition in (outer, *outer.inner)
            for part in _parts(condition)
        )

    def _conditions(self) -> list[Condition]:
        return [condition for segment in self.segments for condition in segment]


def parse(text: str) -> ParsedQuery:
    """Take an encoded query apart. Raises MalformedQuery or UnknownOperator."""
    return _Parser(_clauses(text)).parsed() if text else ParsedQuery((), (), ())


def _clauses(text: str) -> list[str]:
    """Split at every single caret and make every double one a literal caret."""
    clauses = [""]
    position = 1 if text.startswith("^") and not text.startswith("^^") else 0
    while position < len(text):
        if text[position] != "^":
            end = text.find("^", position)
            end = len(text) if end < 0 else end
            clauses[-1] += text[position:end]
            position = end
        elif text.startswith("^^", position):
            clauses[-1] += "^"
            position += 2
        else:
            clauses.append("")
            position += 1
    return clauses


class _Parser:
    """Goes through the clauses once."""

    def __init__(self, clauses: list[str]) -> None:
        self._clauses = clauses[::-1]
        self._segments: list[list[Condition]] = [[]]
        self._orderings: list[Ordering] = []
        self._group_by: list[str] = []
        self._in_tail = False

    def parsed(self) -> ParsedQuery:
        while self._clauses:
            clause = self._clauses.pop()
            if not self._took_tail(clause):
                self._take_condition(clause)
        segments = tuple(tuple(segment) for segment in self._segments if segment)
        return ParsedQuery(segments, tuple(self._orderings), tuple(self._group_by))

    def _took_tail(self, clause: str) -> bool:
        if clause.startswith("ORDERBYDESC"):
            name = _field(clause.removeprefix("ORDERBYDESC"))
            self._orderings.append(Ordering(name, descending=True))
        elif clause.startswith("ORDERBY"):
            name = _field(clause.removeprefix("ORDERBY"))
            self._orderings.append(Ordering(name, descending=False))
        elif clause.startswith("GROUPBY"):
            self._group_by.append(_field(clause.removeprefix("GROUPBY")))
        elif clause != "EQ":
            return False
        self._in_tail = True
        return True

    def _take_condition(self, clause: str) -> None:
        if self._in_tail:
            message = "conditions must come before ORDERBY, GROUPBY and EQ"
            raise MalformedQuery(message)
        mark = clause[:2] if clause.startswith(("NQ", "OR")) else ""
        if mark and not self._segments[-1]:
            message = f"{mark} has no condition before it"
            raise MalformedQuery(message)
        if mark == "NQ":
            self._segments.append([])
        connector: Connector = "OR" if mark == "OR" else "AND"
        condition = self._condition(clause.removeprefix(mark), connector)
        self._segments[-1].append(condition)

    def _condition(self, body: str, connector: Connector) -> Condition:
        if body.startswith("RLQUERY"):
            return self._related_list(body, connector)
        if body.startswith("JOIN"):
            return _join(body, connector)
        return _simple(body, connector)

    def _related_list(self, body: str, connector: Connector) -> Condition:
        found = _RELATED.fullmatch(body)
        if not found:
            message = "RLQUERY needs table.field, a comparison with a number, and perhaps m2m"
            raise MalformedQuery(message)
        inner: list[Condition] = []
        while self._clauses:
            clause = self._clauses.pop()
            if clause == "ENDRLQUERY":
                return Condition(found[1], "RLQUERY", found[2], connector, tuple(inner))
            bound: Connector = "OR" if clause.startswith("OR") and inner else "AND"
            inner.append(_simple(clause.removeprefix("OR") if inner else clause, bound))
        message = "RLQUERY has no ENDRLQUERY"
        raise MalformedQuery(message)


def _join(body: str, connector: Connector) -> Condition:
    found = _JOIN.fullmatch(body)
    if not found:
        message = "JOIN needs table.field=table.field!condition"
        raise MalformedQuery(message)
    inner = (_simple(found[3], "AND"),) if found[3] else ()
    return Condition(found[1], "JOIN", found[2], connector, inner)


def _simple(body: str, connector: Connector) -> Condition:
    if found := _FULL_TEXT.fullmatch(body):
        return Condition("", found[1], found[2], connector)
    name = _FIELD.match(body)
    if not name:
        message = f"a condition must begin with a field name: {body[:100]!r}"
        raise MalformedQuery(message)
    rest = body[name.end() :]
    operator = next((op for op in _LONGEST_FIRST if rest.startswith(op)), None)
    if operator is None:
        raise UnknownOperator(body[:100])
    value = rest.removeprefix(operator)
    if not _SHAPES[operator].fullmatch(value):
        message = f"what follows {operator} does not fit it: {value[:100]!r}"
        raise MalformedQuery(message)
    return Condition(name[0], _SAME_MEANING.get(operator, operator), value, connector)


def _parts(condition: Condition) -> list[str]:
    separator = _SEPARATORS.get(condition.operator)
    return condition.value.split(separator) if separator else [condition.value]


def _field(name: str) -> str:
    if not _FIELD.fullmatch(name):
        message = f"this cannot be a field name: {name[:100]!r}"
        raise MalformedQuery(message)
    return name
