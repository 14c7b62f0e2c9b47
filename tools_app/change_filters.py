"""Conditions for lists of changes: planned times, and encoded queries, taken apart first.

An instance drops a condition that it does not understand and then returns everything, so an
encoded query is read here, word by word, and only what was understood is sent.
"""

from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Final

from servicenow.exceptions import QueryRefused
from servicenow.query import Condition, Order, Query
from servicenow.query_parser import Condition as Parsed
from servicenow.query_parser import ParsedQuery, parse
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.spec import ToolCall
from tools_app.validation import shown

# Left out are operators that work on the history of a record only, that look at other tables, or
# whose value names a script of the instance.
_OPERATORS: Final = (
    "= != > >= < <= LIKE STARTSWITH ENDSWITH IN ISEMPTY ISNOTEMPTY EMPTYSTRING ANYTHING BETWEEN "
    "ON NOTON SAMEAS NSAMEAS GT_FIELD LT_FIELD GT_OR_EQUALS_FIELD LT_OR_EQUALS_FIELD RELATIVEGT "
    "RELATIVELT RELATIVEGE RELATIVELE RELATIVEEE MORETHAN LESSTHAN DATEPART INSTANCEOF"
)
ACCEPTED: Final = frozenset(_OPERATORS.split()) | {"NOT LIKE", "NOT IN", "123TEXTQUERY321"}
_FULL_TEXT: Final = "123TEXTQUERY321"
_GRAMMAR: Final = "conditions such as active=true joined by ^ or ^OR, then perhaps ^ORDERBY"
_SEARCHED: Final = ("number", "short_description", "description")


def containing(text: str | None) -> Query:
    """A condition on the texts of a change; none where no text is sought."""
    if text is None:
        return Query()
    return Query().any_of(*(Query().contains(field, text.strip()) for field in _SEARCHED))


def starting(after: datetime | None, before: datetime | None) -> Query:
    """Conditions on the planned start: at `after` or later, before `before`."""
    query = Query() if after is None else Query().at_least("start_date", after)
    return query if before is None else query.less("start_date", before)


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
        raise _refused(f"cannot be read: {shown(refused)}") from None
    _check_shape(parsed)
    for name in sorted(parsed.fields()):
        if not await call.tables.has_field(table, name):
            near = get_close_matches(name, await call.tables.fields_of(table), n=5, cutoff=0.5)
            accepted = f"names of its fields, such as {', '.join(near)}" if near else ""
            raise _refused(f"names {shown(name)!r}, which {table} does not have", accepted)
    return _built(parsed)


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


def _built(parsed: ParsedQuery) -> Query:
    groups: list[tuple[Condition, ...]] = []
    for one in parsed.segments[0] if parsed.segments else ():
        if one.connector == "OR":
            groups[-1] = (*groups[-1], _condition(one))
        else:
            groups.append((_condition(one),))
    orders = (Order(one.field, one.descending) for one in parsed.orderings)
    return Query(groups=tuple(groups), orders=tuple(orders))


def _condition(one: Parsed) -> Condition:
    if one.operator == _FULL_TEXT:
        return Condition(_FULL_TEXT, "=", one.value)
    return Condition(one.field, one.operator, one.value)


def _refused(problem: str, accepted: str = _GRAMMAR) -> InvalidArguments:
    return InvalidArguments(ArgumentProblem("query", problem, accepted))
