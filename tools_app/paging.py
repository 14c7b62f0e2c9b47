"""Pages that fit into an answer, and the order of lists."""

from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from typing import TypeVar

from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.results import ANSWER_LIMIT, Result, fields_for, how_many_fit, read_into
from tools_app.spec import ToolCall
from tools_app.validation import shown

# What surrounds the rows: counts, offsets, names of hidden fields.
ROOM_FOR_ROWS = ANSWER_LIMIT - 2_000

R = TypeVar("R", bound=Result)

# As answers name them, without `_at`.
_SHORT_NAMES = {
    "updated": "sys_updated_on",
    "created": "sys_created_on",
    "opened": "opened_at",
    "resolved": "resolved_at",
    "closed": "closed_at",
    "due": "due_date",
    "caller": "caller_id",
    "configuration_item": "cmdb_ci",
    "planned_start": "start_date",
    "planned_end": "end_date",
}


async def fitting_page(
    fetch: Callable[[int], Awaitable[Page]], row: Callable[[Record], R], *, limit: int
) -> tuple[Page, list[R]]:
    """A page of at most `limit` rows that fits into an answer.

    A page that is too large is fetched again with a smaller limit: cutting it would make
    `next_offset` wrong, since offsets count rows that access control removed as well.
    """
    while True:
        page = await fetch(limit)
        rows = [row(record) for record in page.records]
        fitting = how_many_fit(rows, within=ROOM_FOR_ROWS)
        if fitting == len(rows):
            return page, rows
        limit = fitting


async def listed(  # what a list is made of
    call: ToolCall, table: str, query: Query, row: type[R], *, limit: int, offset: int
) -> tuple[Page, list[R]]:
    """A page of the records of `table` that fit `query`, each as a `row`, that fits an answer."""
    return await fitting_page(
        lambda most: call.tables.list(
            table, query=query, fields=fields_for(row), limit=most, offset=offset
        ),
        lambda record: read_into(row, record, sys_id=record.sys_id),
        limit=limit,
    )


async def ordered(call: ToolCall, table: str, query: Query, order_by: str) -> Query:
    """`query` sorted by `order_by` (`-updated`), then by number so that pages do not overlap.

    Raises `InvalidArguments` if the table has no such field.
    """
    name = order_by.removeprefix("-")
    field = _SHORT_NAMES.get(name.removesuffix("_at"), name)
    if not await call.tables.has_field(table, field):
        known = await call.tables.fields_of(table)
        named = [short for short, stored in _SHORT_NAMES.items() if stored in known]
        named += get_close_matches(name, known, n=5, cutoff=0.5)
        raise InvalidArguments(
            ArgumentProblem(
                "order_by",
                f"names {shown(name)!r}, which {table} does not have",
                f"{', '.join(named)}, or another field",
            )
        )
    return query.order_by(field, descending=order_by.startswith("-")).order_by("number")
