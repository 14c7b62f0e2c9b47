"""Requests and requested items: which one is meant, what is in it, and how far it is."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from servicenow.exceptions import NotAuthorized, QueryRefused, RecordNotFound
from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app import finding
from tools_app.catalog_results import (
    Answered,
    ApprovalRow,
    RequestedItem,
    RequestShown,
)
from tools_app.cleaning import clean, clean_line
from tools_app.record_texts import read_record_text
from tools_app.results import (
    ANSWER_LIMIT,
    LINE_LIMIT,
    fields_for,
    hidden,
    how_many_fit,
    read_into,
    size,
)
from tools_app.spec import ToolCall

REQUEST, ITEM = "sc_request", "sc_req_item"

_MOST_ITEMS = 50
_MOST_APPROVALS = 50
_MOST_ANSWERS = 100
_ANSWER_LIMIT = 1_000
_ITEM_ALSO = ("request",)
_QUESTION = "sc_item_option.item_option_new.question_text"
_TYPE = "sc_item_option.item_option_new.type"
_VALUE = "sc_item_option.value"
_ANSWER_FIELDS = ("request_item", _QUESTION, _TYPE, _VALUE)
_MASKED = "25"


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
    if not requests:
        return None
    query = Query().is_in("request", requests).order_by("number")
    if only:
        query = Query().equals("sys_id", only)
    page = await _listed(
        call, ITEM, query, [*fields_for(RequestedItem), *_ITEM_ALSO], most=_MOST_ITEMS
    )
    if page is None:
        return None
    mine = tuple(row for row in page.records if row.value("request") in requests)
    return Page(mine, page.total, page.offset, page.limit, page.next_offset, page.asked)


def item_rows(page: Page | None) -> list[RequestedItem] | None:
    """The rows of a page of requested items."""
    if page is None:
        return None
    return [read_into(RequestedItem, row, sys_id=row.sys_id) for row in page.records]


async def whole(call: ToolCall, request: Record, *, only: str) -> RequestShown:
    """A request with its items (or `only` one), its approvals and the answers given with it."""
    items = await items_of(call, [request.sys_id], only=only)
    approved = [request.sys_id, *(row.sys_id for row in items.records)] if items else []
    approvals, answers = await asyncio.gather(
        _approvals(call, approved or [request.sys_id]),
        _answers(call, [row.sys_id for row in items.records] if items else []),
    )
    lists = {"items": items, "approvals": approvals, "variables": answers}
    read = read_into(
        RequestShown,
        request,
        sys_id=request.sys_id,
        url=url_of(call, REQUEST, request.sys_id),
        items=item_rows(items),
        approvals=_approval_rows(approvals),
        cut=[name for name, page in lists.items() if page and page.next_offset] or None,
        hidden_fields=(
            *hidden(RequestShown, [request]),
            *(name for name, page in lists.items() if page is None),
        ),
    )
    return _with_answers(read, answers, items)


def _with_answers(read: RequestShown, answers: Page | None, items: Page | None) -> RequestShown:
    numbers = (
        {row.sys_id: clean_line(row.value("number")) for row in items.records} if items else {}
    )
    rows = [
        Answered(
            item=numbers[row.value("request_item")],
            question=clean_line(row.display(_QUESTION), most=LINE_LIMIT),
            value=_answer(row),
        )
        for row in (answers.records if answers else ())
        if row.value("request_item") in numbers and row.display(_QUESTION) and row.value(_VALUE)
    ]
    fitting = how_many_fit(rows, within=ANSWER_LIMIT - size(read) - 500)
    cut = [*(read.cut or ()), *(["variables"] if fitting < len(rows) else ())]
    told = rows[:fitting] if answers is not None else None
    return read.model_copy(update={"variables": told, "cut": list(dict.fromkeys(cut)) or None})


def _answer(row: Record) -> str:
    if row.value(_TYPE) == _MASKED:
        return "(masked)"
    return clean(row.display(_VALUE), most=_ANSWER_LIMIT)


async def _approvals(call: ToolCall, records: Sequence[str]) -> Page | None:
    query = Query().is_in("sysapproval", records).order_by("sys_created_on")
    return await _listed(
        call, "sysapproval_approver", query, fields_for(ApprovalRow), most=_MOST_APPROVALS
    )


def _approval_rows(page: Page | None) -> list[ApprovalRow] | None:
    return None if page is None else [read_into(ApprovalRow, row) for row in page.records]


async def _answers(call: ToolCall, items: Sequence[str]) -> Page | None:
    if not items:
        return None
    query = Query().is_in("request_item", items)
    with suppress(QueryRefused):
        return await _listed(call, "sc_item_option_mtom", query, _ANSWER_FIELDS, most=_MOST_ANSWERS)
    return None


async def _listed(
    call: ToolCall, table: str, query: Query, fields: Sequence[str], *, most: int
) -> Page | None:
    with suppress(NotAuthorized):
        return await call.tables.list(table, query=query, fields=fields, limit=most)
    return None
