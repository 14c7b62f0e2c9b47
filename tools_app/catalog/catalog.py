"""The service catalog: what there is to order, ordering it, and what became of it."""

from typing import Annotated

from pydantic import Field

from servicenow.exceptions import ApiAbsent, RecordNotFound
from servicenow.query import Query
from servicenow.records import Record
from tools_app import catalog_orders
from tools_app.access import Access
from tools_app.arguments import ChoiceName, Limit, Offset, RecordName, RecordText
from tools_app.catalog_answers import checked_answers
from tools_app.catalog_browsing import found_items, show_item, shown_from_tables
from tools_app.catalog_items import CATALOG, CATEGORY, item_sys_id, read_item
from tools_app.catalog_ordering import check_orderable, submit
from tools_app.catalog_results import (
    ItemsFound,
    ItemShown,
    RequestRow,
    RequestsFound,
    RequestShown,
    Submitted,
)
from tools_app.choosing import choice
from tools_app.finding import look_up, one_of
from tools_app.paging import fitting_page
from tools_app.results import NamedRecord, fields_for, hidden, read_into
from tools_app.spec import ToolCall, Toolset

tools = Toolset("catalog", title="Service catalog")

ItemSought = Annotated[
    str, Field(min_length=2, max_length=200, description="Words in name or description.")
]
InCatalog = Annotated[RecordName, Field(description="Title or sys_id of a catalog.")]
InCategory = Annotated[RecordName, Field(description="Title or sys_id of a category.")]
CatalogItem = Annotated[RecordText, Field(description="sys_id, exact name or link of the item.")]
Variables = Annotated[
    dict[str, Annotated[str, Field(max_length=10_000)]],
    Field(
        max_length=100,
        description="Answers by variable, as text: labels of choices, names of records (commas "
        'between several), true/false, dates: {"memory": "16 GB"}.',
    ),
]
Quantity = Annotated[int, Field(ge=1, le=100, description="How many.")]
RequestState = Annotated[ChoiceName, Field(description="Label (Approved) or value.")]
CatalogRequest = Annotated[
    RecordText, Field(description="Number (REQ0010001, RITM0010001), sys_id or link.")
]


@tools.tool(title="Search catalog items", access=Access.READ)
async def search_catalog_items(
    call: ToolCall,
    *,
    query: ItemSought,
    catalog: InCatalog | None = None,
    category: InCategory | None = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> ItemsFound:
    """Find what the signed-in person can order or request in the service catalog.

    Reads as that person and changes nothing; items that they may not get are left out, so a page
    can be short. Returns name, kind, description, category, price and sys_id; go on with `offset`
    = `next_offset` until there is none. Use get_catalog_item to see what an item asks before
    ordering it.
    """
    await look_up(call, [(CATALOG, catalog or ""), (CATEGORY, category or "")])
    in_catalog, in_category = "", ""
    if catalog is not None:
        in_catalog = (await one_of(call, CATALOG, catalog, argument="catalog")).sys_id
    if category is not None:
        in_category = (await one_of(call, CATEGORY, category, argument="category")).sys_id
    return await found_items(
        call, query, catalog=in_catalog, category=in_category, limit=limit, offset=offset
    )


@tools.tool(title="Get catalog item", access=Access.READ)
async def get_catalog_item(call: ToolCall, *, item: CatalogItem) -> ItemShown:
    """Read one item of the service catalog with everything it asks.

    Reads as the signed-in person and changes nothing; an item that they may not get is not found.
    Returns price, description and the variables: name, label, type, whether mandatory, choices,
    default, and whether only a browser can answer. Use it before submit_catalog_request;
    search_catalog_items finds items.
    """
    sys_id = await item_sys_id(call, item)
    found = await read_item(call, sys_id)
    return await shown_from_tables(call, sys_id) if found is None else show_item(call, found)


@tools.tool(title="Submit catalog request", access=Access.CREATE)
async def submit_catalog_request(
    call: ToolCall,
    *,
    item: CatalogItem,
    variables: Variables | None = None,
    quantity: Quantity = 1,
) -> Submitted:
    """Order a catalog item, or submit a record producer's form. Always for the signed-in person:
    nobody orders for somebody else here.

    Variables are checked first; a missing, unknown or wrong one is named with what it takes, and
    nothing is ordered. An order may cost money and notify approvers. ServiceNow refuses people
    without a right to the item. Returns number, items, stage, approval and link, or the record
    that a form made. Use get_catalog_item first, get_request_status later.
    """
    sys_id = await item_sys_id(call, item)
    found = await read_item(call, sys_id)
    if found is None:
        raise ApiAbsent(status=400)
    check_orderable(found, quantity=quantity)
    answers = await checked_answers(call, found, variables)
    return await submit(call, found, answers, quantity=quantity)


@tools.tool(title="List my requests", access=Access.READ)
async def list_my_requests(
    call: ToolCall,
    *,
    state: RequestState | None = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> RequestsFound:
    """List the catalog requests that are for the signed-in person, newest first.

    Reads as that person and changes nothing. Returns number, state, stage, approval, price, times
    and what was ordered; go on with `offset` = `next_offset` until there is none. Use
    get_request_status for one in full, search_incidents for what a form reported.
    """
    query = Query().equals("requested_for", call.caller.sys_id)
    if state is not None:
        value = await choice(call, "sc_request", "request_state", state, argument="state")
        query = query.equals("request_state", value)
    newest = query.order_by("opened_at", descending=True).order_by("number", descending=True)
    page, rows = await fitting_page(
        lambda most: call.tables.list(
            "sc_request", query=newest, fields=fields_for(RequestRow), limit=most, offset=offset
        ),
        lambda record: read_into(RequestRow, record, sys_id=record.sys_id),
        limit=limit,
    )
    mine = [row for row in page.records if row.value("requested_for") == call.caller.sys_id]
    ordered = await _ordered_in(call, mine)
    return RequestsFound(
        records=[
            row.model_copy(update={"items": ordered.get(row.sys_id)})
            for row in rows
            if row.sys_id in {one.sys_id for one in mine}
        ],
        count=len(mine),
        total=page.total,
        next_offset=page.next_offset,
        hidden_fields=hidden(RequestRow, mine),
    )


@tools.tool(title="Get request status", access=Access.READ)
async def get_request_status(call: ToolCall, *, request: CatalogRequest) -> RequestShown:
    """Read where a catalog request or one requested item of it stands.

    Reads as the signed-in person, who sees others' requests only with the role itil, as a rule;
    changes nothing. Returns state and stage of request and items, who approves and what they
    decided, and the answers given; `hidden_fields` names what may not be read, `cut` lists with
    more entries. Use list_my_requests to find a number.
    """
    found, only = await catalog_orders.find_request(call, request)
    if not found.sys_id:
        raise RecordNotFound("sc_request", request)
    return await catalog_orders.whole(call, found, only=only)


async def _ordered_in(call: ToolCall, requests: list[Record]) -> dict[str, list[NamedRecord]]:
    """What was ordered with each request, by the requests' sys_ids."""
    page = await catalog_orders.items_of(call, [one.sys_id for one in requests])
    found: dict[str, list[NamedRecord]] = {}
    for row, shown in zip(
        page.records if page else (), catalog_orders.item_rows(page) or (), strict=True
    ):
        named = NamedRecord(sys_id=row.sys_id, name=shown.item.name if shown.item else "")
        found.setdefault(row.value("request"), []).append(named)
    return found
