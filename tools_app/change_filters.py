"""Conditions for lists of changes: planned times, and encoded queries, taken apart first.

An instance drops a condition that it does not understand and then returns everything, so an
encoded query is read here, word by word, and only what was understood is sent.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Final

from servicenow.exceptions import QueryRefused
from servicenow.query import Condition, Order, Query
from servicenow.query_parser import Condition as Parsed
from servicenow.query_parser import Ordering, ParsedQuery, parse
from tools_app.choosing import choice
from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.finding import NUMBERED
from tools_app.record_texts import is_sys_id
from tools_app.spec import ToolCall
from tools_app.validation import shown

# Left out are operators that work on the history of a record only, that look at other tables, or
# whose value names a script of the instance.
_OPERATORS: Final = (
    "= != > >= < <= LIKE STARTSWITH ENDSWITH IN ISEMPTY ISNOTEMPTY EMPTYSTRING ANYTHING BETWEEN "
    "ON NOTON SAMEAS NSAMEAS GT_FIELD LT_FIELD GT_OR_EQUALS_FIELD LT_OR_EQUALS_FIELD RELATIVEGT "
    "RELATIVELT RELATIVEGE RELATIVELE RELATIVEEE MORETHAN LESSTHAN DATEPART INSTANCEOF"
)
# Those that compare with what is stored, as a label or a name is not.
_COMPARING: Final = frozenset({"=", "!=", "IN", "NOT IN"})
_STORED: Final = re.compile(r"-?[0-9.]*|true|false|NULL|global|[A-Z]{2,}[0-9]+")
ACCEPTED: Final = frozenset(_OPERATORS.split()) | {"NOT LIKE", "NOT IN", "123TEXTQUERY321"}
_FULL_TEXT: Final = "123TEXTQUERY321"
_GRAMMAR: Final = "conditions such as active=true joined by ^ or ^OR, then perhaps ^ORDERBY"


def in_timeframe(timeframe: str | None, *, now: datetime | None = None) -> Query:
    """Changes by their planned dates at `now`: `upcoming`, `in-progress` or `completed`."""
    at = now or datetime.now(UTC)
    if timeframe == "upcoming":
        return Query().equals("active", value=True).greater("start_date", at)
    if timeframe == "in-progress":
        begun = Query().equals("active", value=True).at_most("start_date", at)
        return begun.at_least("end_date", at)
    return Query().less("end_date", at) if timeframe == "completed" else Query()


async def encoded(call: ToolCall, table: str, text: str | None) -> Query:
    """An encoded query as one whose every field and operator is known.

    Raises `InvalidArguments` for what cannot be read, is not accepted, or names no field.
    """
    if text is None:
        return Query()
    try:
        parsed = parse(text.strip())
    except QueryRefused as refused:
        raise _refused(f"cannot be read: {clean_line(str(refused), most=160)}") from None
    _check_shape(parsed)
    for name in sorted(parsed.fields()):
        if not await call.tables.has_field(table, name):
            near = get_close_matches(name, await call.tables.fields_of(table), n=5, cutoff=0.5)
            accepted = f"names of its fields, such as {', '.join(near)}" if near else ""
            raise _refused(f"names {shown(name)!r}, which {table} does not have", accepted)
    conditions = [await _as_stored(call, table, one) for one in (parsed.segments or [()])[0]]
    return _built(conditions, parsed.orderings)


def _check_shape(parsed: ParsedQuery) -> None:
    if parsed.has_script():
        raise _refused(
            "holds `javascript:`, which is never sent",
            "values as they are; `assigned_to_me` for what is the person's own",
        )
    if len(parsed.segments) > 1:
        raise _refused("holds ^NQ, which cannot be joined to the other filters", _GRAMMAR)
    if parsed.group_by:
        raise _refused("holds GROUPBY, which a list of records does not have", _GRAMMAR)
    unknown = sorted(parsed.operators() - ACCEPTED)
    if unknown:
        listed = ", ".join(sorted(ACCEPTED - {_FULL_TEXT}))
        raise _refused(f"uses {', '.join(unknown)}", f"the operators {listed}")


async def _as_stored(call: ToolCall, table: str, one: Parsed) -> Parsed:
    """The condition with labels of choices as the values that stand for them.

    Raises `InvalidArguments` for a label that there is not, and for the name of a record where
    only its sys_id is compared: an instance would find nothing, as if there were nothing.
    """
    if one.operator == "=" and one.value.startswith("="):
        raise _refused("compares with ==", "a single =")
    parts = one.value.split(",") if one.operator.endswith("IN") else [one.value]
    info = (await call.tables.fields_of(table)).get(one.field)
    if one.operator not in _COMPARING or info is None or all(map(_is_stored, parts)):
        return one
    if info.reference and info.type != "glide_list":
        name = "number" if info.reference in NUMBERED else "name"
        raise _refused(
            f"compares {one.field} with {shown(one.value)!r}, which is no sys_id",
            f"a sys_id, or {one.field}.{name}{one.operator}{shown(one.value)}",
        )
    where = f"query.{one.field}"
    stored = [
        part if _is_stored(part) else await choice(call, table, one.field, part, argument=where)
        for part in parts
    ]
    changed = [value for value, part in zip(stored, parts, strict=True) if value != part.strip()]
    return replace(one, value=",".join(stored)) if changed else one


def _is_stored(value: str) -> bool:
    """Whether this can be no label and no name: a number, a sys_id, a boolean, or nothing."""
    return bool(_STORED.fullmatch(value.strip())) or is_sys_id(value)


def _built(conditions: Iterable[Parsed], orderings: Iterable[Ordering]) -> Query:
    groups: list[tuple[Condition, ...]] = []
    for one in conditions:
        if one.connector == "OR":
            groups[-1] = (*groups[-1], _condition(one))
        else:
            groups.append((_condition(one),))
    orders = (Order(one.field, one.descending) for one in orderings)
    return Query(groups=tuple(groups), orders=tuple(orders))


def _condition(one: Parsed) -> Condition:
    if one.operator == _FULL_TEXT:
        return Condition(_FULL_TEXT, "=", one.value)
    return Condition(one.field, one.operator, one.value)


def _refused(problem: str, accepted: str = _GRAMMAR) -> InvalidArguments:
    return InvalidArguments(ArgumentProblem("query", problem, accepted))
