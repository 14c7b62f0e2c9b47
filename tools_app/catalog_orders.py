"""Requests and requested items: which one is meant, what is in it, and how far it is."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from servicenow.exceptions import NotAuthorized, QueryRefused, RecordNotFound
from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app import finding
from tools_app.catalog_answer_texts import ANSWER_FIELDS, as_asked, in_words, question_of
from tools_app.catalog_results import (
    Answered,
    ApprovalRow,
    CatalogTask,
    RequestedItem,
    RequestShown,
)
from tools_app.cleaning import clean_line
from tools_app.record_texts import read_record_text
from tools_app.results import (
    ANSWER_LIMIT,
    Result,
    fields_for,
    hidden,
    how_many_fit,
    read_into,
    size,
)
from tools_app.spec import ToolCall

REQUEST, ITEM, TASK = "sc_request", "sc_req_item", "sc_task"
APPROVAL, ANSWER = "sysapproval_approver", "sc_item_option_mtom"

_MOST = 100
_MARGIN = 500
_ITEM_ALSO = ("request",)
R = TypeVar("R", bound=Result)


def url_of(call: ToolCall, table: str, sys_id: str) -> str:
    """The address of a record's form."""
    return f"{call.caller.instance_url}/{table}.do?sys_id={sys_id}"


async def find_request(call: ToolCall, text: str) -> tuple[Record, str]:
    """The request that `text` means, and the sys_id of one item of it if that was named.

    Raises `RecordNotFound`, and `InvalidArguments` for a link to something else.
    """
    meant = read_record_text(text, argument="request", instance_url=call.caller.instance_url)
    fields = fields_for(RequestShown)
    may_be_item = meant.table == ITEM or meant.number.startswith("RITM")
    if not may_be_item:
        try:
            return await _numbered(call, REQUEST, text, fields), ""
        except RecordNotFound:
            if meant.number or meant.table:
                raise
    item = await _numbered(call, ITEM, text, _ITEM_ALSO)
    request = item.value("request")
    if not request:
        raise RecordNotFound(REQUEST, text)
    return await call.tables.get(REQUEST, sys_id=request, fields=fields), item.sys_id


async def _numbered(call: ToolCall, table: str, text: str, fields: Sequence[str]) -> Record:
    return await finding.numbered(call, table, text, argument="request", fields=fields)


async def items_of(call: ToolCall, requests: Sequence[str], *, only: str = "") -> Page | None:
    """The requested items of requests (sys_ids), or `only` one; None where nobody may tell."""
    fields = [*fields_for(RequestedItem), *_ITEM_ALSO]
    if not only:
        return await _belonging(call, ITEM, "request", requests, fields)
    page = await _belonging(call, ITEM, "sys_id", [only], fields)
    mine = [row for row in page.records if row.value("request") in requests] if page else []
    return page and replace(page, records=tuple(mine))


def item_rows(page: Page | None) -> list[RequestedItem] | None:
    """The rows of a page of requested items."""
    if page is None:
        return None
    return [read_into(RequestedItem, row, sys_id=row.sys_id) for row in page.records]


async def whole(call: ToolCall, request: Record, *, only: str) -> RequestShown:
    """A request with its items (or `only` one), its approvals, the work on it and the answers."""
    items = await items_of(call, [request.sys_id], only=only)
    ordered = [row.sys_id for row in items.records] if items else []
    approvals, tasks, answers = await asyncio.gather(
        _belonging(
            call, APPROVAL, "sysapproval", [request.sys_id, *ordered], fields_for(ApprovalRow)
        ),
        _belonging(call, TASK, "request_item", ordered, fields_for(CatalogTask)),
        _belonging(call, ANSWER, "request_item", ordered, ANSWER_FIELDS),
    )
    pages = {"items": items, "approvals": approvals, "tasks": tasks, "variables": answers}
    read = read_into(
        RequestShown,
        request,
        sys_id=request.sys_id,
        url=url_of(call, REQUEST, request.sys_id),
        hidden_fields=(
            *hidden(RequestShown, [request]),
            *(name for name, page in pages.items() if page is None),
        ),
    )
    rows: dict[str, Sequence[Result] | None] = {
        "items": item_rows(items),
        "approvals": _rows(ApprovalRow, approvals),
        "tasks": _rows(CatalogTask, tasks),
        "variables": await _answered(call, answers, items),
    }
    more = {name for name, page in pages.items() if page and page.next_offset}
    return _with_what_fits(read, rows, more=more)


def _with_what_fits(
    read: RequestShown, lists: Mapping[str, Sequence[Result] | None], *, more: Collection[str]
) -> RequestShown:
    """The answer with as much of the lists as it has room for, naming those that are cut."""
    room = ANSWER_LIMIT - size(read) - _MARGIN
    told: dict[str, object] = {}
    cut = []
    for name, rows in lists.items():
        if rows is None:
            continue
        fitting = how_many_fit(rows, within=room)
        told[name] = list(rows[:fitting])
        room -= sum(size(one) + 1 for one in rows[:fitting])
        if fitting < len(rows) or name in more:
            cut.append(name)
    return read.model_copy(update={**told, "cut": cut or None})


async def _answered(
    call: ToolCall, answers: Page | None, items: Page | None
) -> list[Answered] | None:
    if answers is None or items is None:
        return None
    numbers = {row.sys_id: clean_line(row.value("number")) for row in items.records}
    asked = as_asked(answers.records)
    told = zip(asked, await in_words(call, asked), strict=True)
    return [
        Answered(item=numbers[row.value("request_item")], question=question, value=value)
        for row, value in told
        if value and (question := question_of(row))
    ]


def _rows(model: type[R], page: Page | None) -> list[R] | None:
    return None if page is None else [read_into(model, row) for row in page.records]


async def _belonging(
    call: ToolCall, table: str, field: str, owners: Collection[str], fields: Sequence[str]
) -> Page | None:
    """Rows whose `field` is one of `owners`, oldest first, as they themselves say.

    None where there is nobody they could belong to, or the person may not read them.
    """
    if not owners:
        return None
    query = Query().is_in(field, owners).order_by("sys_created_on").order_by("sys_id")
    with suppress(NotAuthorized, QueryRefused):
        page = await call.tables.list(table, query=query, fields=[field, *fields], limit=_MOST)
        mine = tuple(row for row in page.records if row.value(field) in owners)
        return replace(page, records=mine)
    return None
