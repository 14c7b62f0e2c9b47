"""Ordering an item, or submitting the form of a record producer, as the signed-in person.

Whom an order is for is never sent: ServiceNow takes the person of the token. Neither API takes a
mark of ours: what became of an order whose reply was lost is looked up (`catalog_settling`), of a
form it stays unknown. Neither is ever sent again.
"""

import re
from collections.abc import Mapping
from typing import Any

from servicenow.exceptions import (
    ApiAbsent,
    BadRequest,
    NotAsDocumented,
    OutcomeUnknown,
    RejectedByInstance,
)
from servicenow.records import Page, Record
from servicenow.responses import Sought
from tools_app import catalog_orders
from tools_app.catalog_items import API, Item, an_object, said
from tools_app.catalog_results import RequestRow, Submitted
from tools_app.catalog_settling import newest_requests, settle_order
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.results import fields_for, read_into
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall

_PRODUCER = "record_producer"
_READ_WITH = {
    "incident": "get_incident",
    "change_request": "get_change_request_details",
    "problem": "get_problem",
}
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,79}")
_SYS_ID = re.compile(r"[0-9a-f]{32}")
_FOUND = "ServiceNow's reply was lost: this is the one request that is new since it was asked."


def check_orderable(item: Item, *, quantity: int) -> None:
    """Raise `InvalidArguments` for what is no single item and no form."""
    if item.kind not in {"catalog_item", _PRODUCER}:
        raise InvalidArguments(
            ArgumentProblem(
                "item",
                f"is of kind {item.kind}, which is not ordered by itself",
                "a catalog_item or a record_producer; of an order guide, its single items",
            )
        )
    hides_quantity = item.body.get("show_quantity") is False
    if quantity != 1 and (item.kind == _PRODUCER or hides_quantity):
        raise InvalidArguments(
            ArgumentProblem("quantity", "is not asked for by this item", "left out")
        )


async def submit(
    call: ToolCall, item: Item, answers: Mapping[str, str], *, quantity: int
) -> Submitted:
    """Send the order or the form, once.

    Raises `RejectedByInstance` with ServiceNow's own sentence, and `OutcomeUnknown`.
    """
    body: dict[str, Any] = {"variables": dict(answers)}
    if item.kind == _PRODUCER:
        return await _record_made(call, item, await _sent(call, item, "submit_producer", body))
    before = await newest_requests(call)
    body["sysparm_quantity"] = str(quantity)
    try:
        made = await _sent(call, item, "order_now", body)
    except OutcomeUnknown as lost:
        found = await settle_order(call, item.sys_id, quantity=quantity, before=before, lost=lost)
        ordered = await _ordered(call, item, {"sys_id": found})
        return ordered.model_copy(update={"what_next": f"{_FOUND} {ordered.what_next}"})
    return await _ordered(call, item, made)


async def _sent(
    call: ToolCall, item: Item, action: str, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    path, sought = f"{API}/items/{item.sys_id}/{action}", Sought("sc_cat_item", item.sys_id)
    try:
        return an_object(await call.apis.send("POST", path, body=body, sought=sought))
    except ApiAbsent:
        raise
    except BadRequest as refused:
        raise RejectedByInstance(refused.message or refused.detail) from refused
    except NotAsDocumented as lost:
        raise OutcomeUnknown(lost) from lost


async def _record_made(call: ToolCall, item: Item, made: Mapping[str, Any]) -> Submitted:
    table, sys_id = said(made, "table"), said(made, "sys_id")
    if not _TABLE.fullmatch(table) or not _SYS_ID.fullmatch(sys_id):
        raise OutcomeUnknown(NotAsDocumented("a form that became no record"))
    reading = _READ_WITH.get(table, "the link")
    return Submitted(
        outcome="record_created",
        item=item.name,
        number=said(made, "number") or None,
        sys_id=sys_id,
        table=table,
        url=catalog_orders.url_of(call, table, sys_id),
        what_next=f"It is worked on as a record of {table}: read it with {reading}.",
    )


async def _ordered(call: ToolCall, item: Item, made: Mapping[str, Any]) -> Submitted:
    sys_id = said(made, "request_id") or said(made, "sys_id")
    if not _SYS_ID.fullmatch(sys_id):
        if said(made, "cart_id"):
            return _in_cart(call, item)
        raise OutcomeUnknown(NotAsDocumented("an order that became no request"))
    request = await unless_it_fails(
        call.tables.get("sc_request", sys_id=sys_id, fields=fields_for(RequestRow))
    )
    items = await unless_it_fails(catalog_orders.items_of(call, [sys_id]))
    row = read_into(RequestRow, request, sys_id=sys_id) if request else RequestRow(sys_id=sys_id)
    return Submitted(
        outcome="requested",
        item=item.name,
        number=said(made, "request_number") or said(made, "number") or row.number,
        sys_id=sys_id,
        table="sc_request",
        url=catalog_orders.url_of(call, "sc_request", sys_id),
        request_state=row.request_state,
        approval=row.approval,
        price=row.price,
        requested_for=row.requested_for,
        items=catalog_orders.item_rows(items),
        what_next=_what_next(request, items),
    )


def _what_next(request: Record | None, items: Page | None) -> str:
    if request is None or items is None:
        return "Ordered, but it could not be read back now: use get_request_status."
    if any(one.value("approval") == "requested" for one in (request, *items.records)):
        return "It waits for approval first: get_request_status tells who decides."
    return "No approval is awaited: get_request_status tells who works on it and how far it is."


def _in_cart(call: ToolCall, item: Item) -> Submitted:
    return Submitted(
        outcome="in_cart",
        item=item.name,
        url=f"{call.caller.instance_url}/sp?id=sc_cart",
        what_next="Not ordered yet: this instance asks people to check their cart first. The item "
        "lies in the person's cart; they submit it at `url`.",
    )
