"""Looking around in the catalog, by its API or, where the instance lacks that, by its tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from servicenow.exceptions import ApiAbsent
from servicenow.query import Query
from servicenow.records import Record
from servicenow.responses import Sought
from tools_app.catalog_answers import NOT_HERE
from tools_app.catalog_forms import depending
from tools_app.catalog_items import API, Item, Option, Variable, objects, said
from tools_app.catalog_results import (
    ItemRow,
    ItemsFound,
    ItemShown,
    VariableChoice,
    VariableShown,
)
from tools_app.cleaning import clean, clean_line
from tools_app.paging import ROOM_FOR_ROWS
from tools_app.results import TEXT_LIMIT, how_many_fit, size
from tools_app.spec import ToolCall

FROM_TABLES = (
    "The instance's Service Catalog API is not installed: this was read from tables, without "
    "variable sets and user criteria, and cannot be ordered here."
)

_MOST_CHOICES = 50
_PEEK = 100
_TABLE_FIELDS = ("name", "short_description", "category", "sys_class_name", "price", "active")
_KINDS = {
    "sc_cat_item_producer": "record_producer",
    "sc_cat_item_guide": "order_guide",
    "sc_cat_item_content": "content_item",
}
_ASKED = ("name", "question_text", "type", "mandatory", "read_only", "default_value", "reference")
_MOST_VARIABLES = 200


async def found_items(
    call: ToolCall, text: str, *, catalog: str, category: str, limit: int, offset: int
) -> ItemsFound:
    """One page of items that fit; `catalog` and `category` are sys_ids, empty for all."""
    asked = {"sysparm_text": text.strip()}
    asked |= {"sysparm_catalog": catalog} if catalog else {}
    asked |= {"sysparm_category": category} if category else {}
    try:
        bodies = await _page(call, asked, limit=limit, offset=offset)
    except ApiAbsent:
        return await _found_in_tables(
            call, text, catalog=catalog, category=category, limit=limit, offset=offset
        )
    rows = [_row(body) for body in bodies if said(body, "sys_id")]
    fitting = how_many_fit(rows, within=ROOM_FOR_ROWS)
    # There is no total, and who may see an item is decided after the limit: a short page may be
    # followed by more, so what follows is looked at.
    if fitting < len(rows):
        return await found_items(
            call, text, catalog=catalog, category=category, limit=fitting, offset=offset
        )
    end = offset + limit
    is_full = len(bodies) >= limit
    more = is_full or bool(await _page(call, asked, limit=_PEEK, offset=end))
    return ItemsFound(records=rows, count=len(rows), next_offset=end if more else None)


async def _page(
    call: ToolCall, asked: Mapping[str, str], *, limit: int, offset: int
) -> Sequence[Mapping[str, Any]]:
    query = {**asked, "sysparm_limit": str(limit), "sysparm_offset": str(offset)}
    sought = Sought("sc_cat_item", "")
    return objects(await call.apis.read(f"{API}/items", query=query, sought=sought))


def _row(body: Mapping[str, Any]) -> ItemRow:
    return ItemRow(**_row_values(body))


def _row_values(body: Mapping[str, Any]) -> dict[str, Any]:
    category = body.get("category")
    return {
        "sys_id": said(body, "sys_id"),
        "name": said(body, "name"),
        "kind": said(body, "type") or "catalog_item",
        "short_description": said(body, "short_description") or None,
        "category": (said(category, "title") or None) if isinstance(category, dict) else None,
        "price": said(body, "price") or None,
        "recurring_price": _recurring(body),
    }


def _recurring(body: Mapping[str, Any]) -> str | None:
    price, frequency = said(body, "recurring_price"), said(body, "recurring_frequency")
    return f"{price} {frequency}" if price and frequency else None


def show_item(call: ToolCall, item: Item, *, note: str | None = None) -> ItemShown:
    """An item with what it asks, cut where it would not fit into an answer."""
    told = depending(item)
    variables = [_variable(one, depends=told.get(one.name)) for one in item.variables]
    read = ItemShown(
        **_row_values(item.body),
        url=f"{call.caller.instance_url}/sp?id=sc_cat_item&sys_id={item.sys_id}",
        description=clean(str(item.body.get("description") or ""), most=TEXT_LIMIT) or None,
        variables=[],
        note=note,
    )
    fitting = how_many_fit(variables, within=ROOM_FOR_ROWS - size(read))
    more = len(variables) - fitting
    return read.model_copy(
        update={"variables": variables[:fitting], "more_variables": more or None}
    )


def _variable(one: Variable, *, depends: str | None) -> VariableShown:
    more = len(one.options) - _MOST_CHOICES
    choices = [
        VariableChoice(value=option.value, label=option.label, price=option.price or None)
        for option in one.options[:_MOST_CHOICES]
    ]
    return VariableShown(
        name=one.name,
        label=one.label,
        type=one.kind,
        mandatory=one.mandatory,
        read_only=one.read_only or None,
        default=one.default or None,
        help=one.help or None,
        choices=choices or None,
        more_choices=more if more > 0 else None,
        refers_to=one.reference or None,
        depends=depends,
        not_here=NOT_HERE.get(one.kind),
    )


async def _found_in_tables(
    call: ToolCall, text: str, *, catalog: str, category: str, limit: int, offset: int
) -> ItemsFound:
    query = Query().equals("active", "true")
    for word in text.split()[:8]:
        query = query.any_of(
            Query().contains("name", word), Query().contains("short_description", word)
        )
    query = query.contains("sc_catalogs", catalog) if catalog else query
    query = query.equals("category", category) if category else query
    query = query.order_by("name")
    page = await call.tables.list(
        "sc_cat_item", query=query, fields=_TABLE_FIELDS, limit=limit, offset=offset
    )
    rows = [ItemRow(**_row_values(_body(record))) for record in page.records]
    return ItemsFound(records=rows, count=len(rows), next_offset=page.next_offset, note=FROM_TABLES)


async def shown_from_tables(call: ToolCall, sys_id: str) -> ItemShown:
    """An item with its own variables, as its tables tell. Raises `RecordNotFound`."""
    fields = [*_TABLE_FIELDS, "description"]
    record = await call.tables.get("sc_cat_item", sys_id=sys_id, fields=fields)
    query = Query().equals("cat_item", sys_id).equals("active", "true").order_by("order")
    page = await call.tables.list_if_allowed(
        "item_option_new", query=query, fields=_ASKED, limit=_MOST_VARIABLES
    )
    asked = page.records if page else ()
    options = await _options(call, [row.sys_id for row in asked])
    variables = tuple(_variable_of(row, options.get(row.sys_id, ())) for row in asked)
    item = Item(sys_id=sys_id, body=_body(record), variables=variables)
    return show_item(call, item, note=FROM_TABLES)


async def _options(call: ToolCall, variables: Sequence[str]) -> Mapping[str, tuple[Option, ...]]:
    if not variables:
        return {}
    query = Query().is_in("question", variables).order_by("order")
    page = await call.tables.list_if_allowed(
        "question_choice", query=query, fields=("question", "value", "text"), limit=1_000
    )
    found: dict[str, tuple[Option, ...]] = {}
    for row in page.records if page else ():
        option = Option(clean_line(row.value("value")), clean_line(row.display("text")))
        question = row.value("question")
        found[question] = (*found.get(question, ()), option)
    return found


def _variable_of(row: Record, options: Sequence[Option]) -> Variable:
    return Variable(
        sys_id=row.sys_id,
        name=clean_line(row.value("name")) or row.sys_id,
        label=clean_line(row.display("question_text")),
        kind=clean_line(row.display("type")),
        mandatory=row.value("mandatory") == "true",
        read_only=row.value("read_only") == "true",
        default=clean_line(row.value("default_value")),
        reference=clean_line(row.value("reference")),
        options=tuple(options),
    )


def _body(record: Record) -> Mapping[str, Any]:
    return {
        "sys_id": record.sys_id,
        "name": record.display("name"),
        "short_description": record.display("short_description"),
        "description": record.display("description"),
        "type": _KINDS.get(record.value("sys_class_name"), "catalog_item"),
        "category": {"title": record.display("category")},
        "price": record.display("price"),
    }
