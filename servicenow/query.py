"""A builder for encoded queries, in which what a person typed is always one literal.

    query = Query().equals("active", True).contains("short_description", text)
    query = query.any_of(Query().equals("state", 1), Query().is_empty("assigned_to"))
    await tables.list("incident", query=query.order_by("opened_at", descending=True), ...)

A `^` in a value is written `^^`. A value that an instance would evaluate
(`javascript:`) is refused, and so is the rare one that would turn its operator into another.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

from servicenow.exceptions import JavascriptRefused, MalformedQuery
from servicenow.names import checked_field
from servicenow.records import Record, to_servicenow_time


class CurrentUser(Enum):
    """The signed-in person, as the instance itself works it out from the token."""

    SYS_ID = "javascript:gs.getUserID()"
    USER_NAME = "javascript:gs.getUserName()"


Operand = str | int | bool | datetime | CurrentUser

_FULL_TEXT: Final = "123TEXTQUERY321"
# ServiceNow reads the longest operator, so these beginnings of a value would change its meaning.
_WOULD_EXTEND: Final = {">": ("=",), "<": ("=",), "IN": ("STANCEOF", "_HIERARCHY")}
# Java's trim() takes every control character for a space; invisible characters are for show.
_SCRIPT: Final = re.compile(
    r"[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*javascript[\s\x00-\x20]*:", re.IGNORECASE
)


class FieldCheck(Protocol):
    """What knows the fields of a table: a Dictionary."""

    async def check(self, table: str, names: Iterable[str]) -> None:
        """Raise UnknownField for the first name that the table does not have."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; the value is as the person gave it, not yet escaped."""

    field: str
    operator: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.field}{self.operator}{self.value.replace('^', '^^')}"


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by."""

    field: str
    descending: bool

    def __str__(self) -> str:
        return f"ORDERBY{'DESC' if self.descending else ''}{self.field}"


@dataclass(frozen=True, slots=True)
class Query:
    """An immutable query: each method returns a new one with one more condition, all to hold.

    Every method that takes a field raises MalformedName where it cannot be one, and every
    method that takes a value raises JavascriptRefused or MalformedQuery where it cannot be a
    literal. Times must have a zone. Of `groups` all must hold, in a group at least one.
    """

    groups: tuple[tuple[Condition, ...], ...] = ()
    orders: tuple[Order, ...] = ()
    checker: FieldCheck | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        """Return the encoded query."""
        parts = ["^OR".join(map(str, group)) for group in self.groups]
        return "^".join([*parts, *map(str, self.orders)])

    def equals(self, field_name: str, value: Operand) -> "Query":
        """Let the field be the value; text is compared without regard to case."""
        return self._with(_condition(field_name, "=", value))

    def not_equals(self, field_name: str, value: Operand) -> "Query":
        """Let the field be anything else; on a boolean an empty field fits too."""
        return self._with(_condition(field_name, "!=", value))

    def contains(self, field_name: str, value: str) -> "Query":
        """Let the text be somewhere in the field; of a reference, in its display value."""
        return self._with(_condition(field_name, "LIKE", value))

    def not_contains(self, field_name: str, value: str) -> "Query":
        """Let the text be nowhere in the field."""
        return self._with(_condition(field_name, "NOT LIKE", value))

    def starts_with(self, field_name: str, value: str) -> "Query":
        """Let the field begin with the text."""
        return self._with(_condition(field_name, "STARTSWITH", value))

    def ends_with(self, field_name: str, value: str) -> "Query":
        """Let the field end with the text."""
        return self._with(_condition(field_name, "ENDSWITH", value))

    def is_in(self, field_name: str, values: Iterable[Operand]) -> "Query":
        """Let the field be one of the values."""
        conditions = [_condition(field_name, "=", value) for value in values]
        return self._with(*_listed(conditions, field_name, "IN"))

    def not_in(self, field_name: str, values: Iterable[Operand]) -> "Query":
        """Let the field be none of the values."""
        conditions = [_condition(field_name, "!=", value) for value in values]
        query = self
        for condition in _listed(conditions, field_name, "NOT IN"):
            query = query._with(condition)
        return query

    def is_empty(self, field_name: str) -> "Query":
        """Let the field be empty."""
        return self._with(Condition(checked_field(field_name), "ISEMPTY"))

    def is_not_empty(self, field_name: str) -> "Query":
        """Let the field not be empty."""
        return self._with(Condition(checked_field(field_name), "ISNOTEMPTY"))

    def greater(self, field_name: str, value: Operand) -> "Query":
        """Let the field be greater, or later."""
        return self._with(_condition(field_name, ">", value))

    def at_least(self, field_name: str, value: Operand) -> "Query":
        """Let the field be equal or greater, or later."""
        return self._with(_condition(field_name, ">=", value))

    def less(self, field_name: str, value: Operand) -> "Query":
        """Let the field be less, or earlier."""
        return self._with(_condition(field_name, "<", value))

    def at_most(self, field_name: str, value: Operand) -> "Query":
        """Let the field be equal or less, or earlier."""
        return self._with(_condition(field_name, "<=", value))

    def between(self, field_name: str, low: Operand, high: Operand) -> "Query":
        """Let the field be between the two, both included."""
        ends = [_literal(field_name, value) for value in (low, high)]
        if any("@" in end for end in ends):
            message = f"a bound for {field_name} must not contain '@', which separates the bounds"
            raise MalformedQuery(message)
        return self._with(Condition(checked_field(field_name), "BETWEEN", "@".join(ends)))

    def full_text(self, text: str) -> "Query":
        """Let the table's text index know the words; fits nothing where it has no index."""
        return self._with(Condition(_FULL_TEXT, "=", _literal("the full text", text)))

    def any_of(self, *queries: "Query") -> "Query":
        """Let at least one of the queries hold, each of which has one condition or is any_of.

        Raises MalformedQuery otherwise: the language binds OR to single conditions.
        """
        if not queries or any(len(query.groups) != 1 or query.orders for query in queries):
            message = "any_of takes queries of one condition each, without an order"
            raise MalformedQuery(message)
        return self._with(*(condition for query in queries for condition in query.groups[0]))

    def order_by(self, field_name: str, *, descending: bool = False) -> "Query":
        """Sort by the field, after the orders given before."""
        order = Order(checked_field(field_name), descending)
        return replace(self, orders=(*self.orders, order))

    def also(self, other: "Query") -> "Query":
        """Let the other query hold too; its orders come after this one's."""
        return replace(
            self,
            groups=self.groups + other.groups,
            orders=self.orders + other.orders,
            checker=self.checker or other.checker,
        )

    def checked_by(self, dictionary: FieldCheck) -> "Query":
        """Have every field name checked against the dictionary before the query is sent.

        Needed wherever a name comes from outside: an instance silently drops a condition on a
        field that it does not know, and then returns everything.
        """
        return replace(self, checker=dictionary)

    async def check(self, table: str) -> None:
        """Raise UnknownField where a dictionary was given and the table lacks a field."""
        if self.checker is not None:
            await self.checker.check(table, sorted(self.fields()))

    def fields(self) -> Set[str]:
        """Return the names of all fields in conditions and orders."""
        conditions = {item.field for group in self.groups for item in group}
        return (conditions - {_FULL_TEXT}) | {order.field for order in self.orders}

    def contradicted_by(self, record: Record) -> bool:
        """Whether a returned record openly fails an `equals` condition of this query."""
        for group in self.groups:
            condition = group[0]
            if len(group) > 1 or condition.operator != "=" or _SCRIPT.match(condition.value):
                continue
            if not record.has(condition.field):
                continue
            found = {record.value(condition.field), record.display(condition.field)}
            if condition.value.casefold() not in {text.casefold() for text in found}:
                return True
        return False

    def _with(self, *group: Condition) -> "Query":
        return replace(self, groups=(*self.groups, group))


def _condition(field_name: str, operator: str, value: Operand) -> Condition:
    text = _literal(field_name, value)
    if text.startswith(_WOULD_EXTEND.get(operator, ())):
        message = f"a value for {field_name} begins with what would change the operator"
        raise MalformedQuery(message)
    return Condition(checked_field(field_name), operator, text)


def _listed(conditions: list[Condition], field_name: str, operator: str) -> list[Condition]:
    """Join single conditions to one with a comma list, where the list keeps their meaning."""
    if not conditions:
        message = f"a list of values for {field_name} is empty"
        raise MalformedQuery(message)
    values = [condition.value for condition in conditions]
    if any(not value or "," in value for value in values):
        return conditions
    if values[0].startswith(_WOULD_EXTEND.get(operator, ())):
        return conditions
    return [Condition(conditions[0].field, operator, ",".join(values))]


def _literal(field_name: str, value: Operand) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, CurrentUser):
        return value.value
    if isinstance(value, datetime):
        return to_servicenow_time(value)
    text = str(value)
    if _SCRIPT.match(text):
        raise JavascriptRefused(field_name)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        message = f"a value for {field_name} is not valid Unicode"
        raise MalformedQuery(message)
    return text
