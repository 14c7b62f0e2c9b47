"""Items, categories and catalogues as the API shows them."""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.areas.catalog import prices
from simulator.areas.catalog.api.form_bodies import form_body
from simulator.areas.catalog.api.variable_bodies import variable_bodies
from simulator.areas.catalog.availability import Row
from simulator.areas.catalog.catalogue import Catalogue, kind_of
from simulator.areas.catalog.questions import questions_of
from simulator.instance import Instance

Body = dict[str, object]

_CURRENCY = "USD"


def titled(row: Mapping[str, str] | None) -> Body:
    """The short form of a category or catalogue."""
    if row is None:
        return {"sys_id": "", "title": None}
    return {"sys_id": row["sys_id"], "title": row["title"]}


def item_body(catalogue: Catalogue, item: Row) -> Body:
    """An item in a list. Prices are only there when they are shown."""
    return {
        "short_description": item["short_description"] or None,
        "kb_article": item.get("kb_article", ""),
        "icon": image(item["icon"]),
        "description": item["description"],
        "show_price": shows_price(item),
        "type": kind_of(item),
        "show_quantity": item["no_quantity_v2"] != "true" and item["no_quantity"] != "true",
        "sys_class_name": item["sys_class_name"],
        "picture": image(item["picture"]),
        "url": item.get("url", ""),
        "sys_id": item["sys_id"],
        "content_type": item.get("content_type", ""),
        "catalogs": _catalogs_of(catalogue, item),
        "name": item["name"],
        "category": titled(catalogue.categories.get(item["category"])),
        "order": int(item["order"] or 0),
        **(_price_body(item) if shows_price(item) else {}),
    }


def whole_item_body(instance: Instance, person: Person, catalogue: Catalogue, item: Row) -> Body:
    """An item with its categories, its variables and what its form does."""
    questions = questions_of(instance, item["sys_id"])
    return {
        **item_body(catalogue, item),
        "categories": _categories_of(catalogue, item),
        "variables": variable_bodies(instance, person, questions),
        **form_body(instance, item["sys_id"]),
    }


def shows_price(item: Mapping[str, str]) -> bool:
    """Whether there is a price to show."""
    priced = any(prices.amount(item[name]) for name in ("price", "recurring_price"))
    return priced and item["omit_price"] != "true" and item["ignore_price"] != "true"


def image(name: str) -> str:
    """The file name by which an image field is served."""
    return f"{name}.iix" if name else ""


def _price_body(item: Row) -> Body:
    price = prices.shown(prices.amount(item["price"]))
    recurring = prices.shown(prices.amount(item["recurring_price"]))
    frequency = item["recurring_frequency"]
    return {
        "price": price,
        "localized_price": price,
        "price_currency": _CURRENCY,
        "local_currency": _CURRENCY,
        "recurring_price": recurring,
        "localized_recurring_price": recurring,
        "recurring_price_currency": _CURRENCY,
        "recurring_frequency": prices.FREQUENCY_LABELS.get(frequency, frequency) or None,
    }


def _catalogs_of(catalogue: Catalogue, item: Row) -> list[Body]:
    listed = item["sc_catalogs"].split(",")
    return [titled(catalogue.catalogs[one]) for one in listed if one in catalogue.catalogs]


def _categories_of(catalogue: Catalogue, item: Row) -> list[Body]:
    bodies = []
    for sys_id in catalogue.categories_of.get(item["sys_id"], []):
        category = catalogue.categories.get(sys_id)
        if category is None:
            continue
        parent = catalogue.categories.get(category["parent"])
        outer = parent or category
        bodies.append(
            {
                "sys_id": outer["sys_id"],
                "active": outer["active"] == "true",
                "category": {**titled(category), "active": category["active"] == "true"},
                "title": outer["title"],
            }
        )
    return bodies


def catalog_body(catalogue: Catalogue, catalog: Row) -> Body:
    """A catalogue in a list."""
    in_it = [row for row in catalogue.categories.values() if row["sc_catalog"] == catalog["sys_id"]]
    return {
        "title": catalog["title"],
        "sys_id": catalog["sys_id"],
        "has_categories": bool(in_it),
        "has_items": catalog["sys_id"] in catalogue.catalogs_with_items(),
        "description": catalog["description"],
        "desktop_image": image(catalog["desktop_image"]),
    }


def whole_catalog_body(catalogue: Catalogue, catalog: Row) -> Body:
    """A catalogue with its categories at the top."""
    top = [
        {
            "header_image": image(row["header_icon"]),
            "sys_id": row["sys_id"],
            "description": row["description"] or None,
            "title": row["title"],
        }
        for row in catalogue.categories.values()
        if row["sc_catalog"] == catalog["sys_id"] and not row["parent"]
    ]
    return {**catalog_body(catalogue, catalog), "categories": top}


def category_body(catalogue: Catalogue, category: Row, *, counts: Mapping[str, int]) -> Body:
    """A category in the list of those of a catalogue."""
    return {
        **_category_facts(category),
        "count": counts.get(category["sys_id"], 0),
        "subcategories": [titled(row) for row in _children(catalogue, category)],
        "sys_id": category["sys_id"],
    }


def whole_category_body(catalogue: Catalogue, category: Row) -> Body:
    """A category with those below it."""
    counts = catalogue.counts()
    children = [
        {
            **titled(row),
            "count": counts.get(row["sys_id"], 0),
            "parent": category["sys_id"],
            "subcategories": [titled(one) for one in _children(catalogue, row)],
            "isParentCategory": bool(_children(catalogue, row)),
        }
        for row in _children(catalogue, category)
    ]
    return {
        **_category_facts(category),
        "sys_id": category["sys_id"],
        "child_categories": children,
    }


def _category_facts(category: Row) -> Body:
    return {
        "title": category["title"],
        "description": category["description"],
        "full_description": None,
        "icon": image(category["icon"]),
        "header_icon": image(category["header_icon"]),
        "homepage_image": image(category["homepage_image"]),
    }


def _children(catalogue: Catalogue, category: Row) -> list[Row]:
    return [row for row in catalogue.categories.values() if row["parent"] == category["sys_id"]]
