"""Looking around: catalogues, categories, items, and what one variable's value is called."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.json_bodies import json_object_if_any
from simulator.api.requests import flag, paging
from simulator.areas.catalog.answering import text_of
from simulator.areas.catalog.api.display import display_value
from simulator.areas.catalog.api.item_bodies import (
    catalog_body,
    category_body,
    item_body,
    whole_catalog_body,
    whole_category_body,
    whole_item_body,
)
from simulator.areas.catalog.api.variable_bodies import variable_bodies
from simulator.areas.catalog.catalogue import Catalogue, Search
from simulator.areas.catalog.questions import question, questions_of
from simulator.errors import NoRecord
from simulator.instance import Instance

_KINDS = {
    "record producer": "record_producer",
    "order guide": "order_guide",
    "catalog item": "catalog_item",
}


async def catalogs(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /catalogs`: `sysparm_text` searches their titles."""
    catalogue, pages = Catalogue(instance, person), paging(request.query_params)
    text = request.query_params.get("sysparm_text", "").strip().casefold()
    found = [row for row in catalogue.catalogs.values() if text in row["title"].casefold()]
    page = found[pages.offset : pages.offset + pages.limit]
    return answer({"result": [catalog_body(catalogue, row) for row in page]})


async def catalog(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /catalogs/{sys_id}`."""
    catalogue = Catalogue(instance, person)
    row = catalogue.catalog(request.path_params["sys_id"])
    return answer({"result": whole_catalog_body(catalogue, row)})


async def categories(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /catalogs/{sys_id}/categories`, with `sysparm_top_level_only` those without a parent."""
    catalogue, pages = Catalogue(instance, person), paging(request.query_params)
    of_catalog = catalogue.catalog(request.path_params["sys_id"])["sys_id"]
    top_only = flag(request.query_params, "sysparm_top_level_only")
    found = [
        row
        for row in catalogue.categories.values()
        if row["sc_catalog"] == of_catalog and not (top_only and row["parent"])
    ]
    counts = catalogue.counts()
    page = found[pages.offset : pages.offset + pages.limit]
    return answer({"result": [category_body(catalogue, row, counts=counts) for row in page]})


async def category(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /categories/{sys_id}`."""
    catalogue = Catalogue(instance, person)
    row = catalogue.category(request.path_params["sys_id"])
    return answer({"result": whole_category_body(catalogue, row)})


async def items(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /items`: by text, catalogue, category, kind and device."""
    catalogue, pages = Catalogue(instance, person), paging(request.query_params)
    asked = request.query_params
    kind = asked.get("sysparm_type", "").lower().replace("_", " ")
    search = Search(
        text=asked.get("sysparm_text", ""),
        catalog=asked.get("sysparm_catalog", ""),
        category=asked.get("sysparm_category", ""),
        kind=_KINDS.get(kind, ""),
        view=asked.get("sysparm_view", "").lower(),
    )
    found = catalogue.items(search, limit=pages.limit, offset=pages.offset)
    whole = [catalogue.item(row["sys_id"]) for row in found]
    return answer({"result": [item_body(catalogue, row) for row in whole]})


async def item(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /items/{sys_id}`."""
    catalogue = Catalogue(instance, person)
    row = catalogue.item(request.path_params["sys_id"])
    return answer({"result": whole_item_body(instance, person, catalogue, row)})


async def variables(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /items/{sys_id}/variables`: what an item asks."""
    row = Catalogue(instance, person).item(request.path_params["sys_id"])
    questions = questions_of(instance, row["sys_id"])
    return answer({"result": variable_bodies(instance, person, questions)})


async def variable_display(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /variables/{sys_id}/display_value` `{sysparm_value}`."""
    asked = question(instance, request.path_params["sys_id"])
    if asked is None or not _is_there(instance, person, asked.row):
        raise NoRecord
    value = text_of((await json_object_if_any(request)).get("sysparm_value"))
    return answer({"result": display_value(instance, person, asked, value=value)})


async def variable(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /variables/{sys_id}`: one variable as items show it."""
    asked = question(instance, request.path_params["sys_id"])
    if asked is None or not _is_there(instance, person, asked.row):
        raise NoRecord
    bodies = variable_bodies(instance, person, [asked])
    if not bodies:
        raise NoRecord
    return answer({"result": bodies[0]})


def _is_there(instance: Instance, person: Person, row: dict[str, str]) -> bool:
    """A variable is there for those for whom its item, or one with its set, is."""
    catalogue = Catalogue(instance, person)
    if row["cat_item"]:
        return catalogue.has_item(row["cat_item"])
    links = instance.query("io_set_item", f"variable_set={row['variable_set']}")
    return any(catalogue.has_item(link["sc_cat_item"]) for link in links)
