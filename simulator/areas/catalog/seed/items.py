"""Catalogue items, record producers, order guides, and who approves what."""

from simulator.areas.catalog.seed.naming import (
    Rows,
    Values,
    catalog_id,
    category_id,
    image_id,
    item_id,
    plan_id,
)
from simulator.areas.catalog.seed.offers import ITEMS, PRODUCERS, Item
from simulator.data.sys_ids import stable_sys_id
from simulator.seed.ids import group_id, person_id

GUIDE = "New Hire"

# item, condition over the guide's variables, quantity
GUIDE_RULES = (
    ("Standard Laptop", "variables.laptop_type=standard", "1"),
    ("Developer Laptop", "variables.laptop_type=developer", "1"),
    ("External Monitor", "variables.remote=No", "2"),
    ("New Email Account", "", "1"),
    ("Corporate VPN Access", "variables.remote=Yes", "1"),
    ("Desk Set Up", "variables.remote=No", "1"),
)


def tables() -> Rows:
    """Tables and their rows, in an order in which what is referred to is there before."""
    return [
        ("sc_cat_item", [_item(at, item) for at, item in enumerate(ITEMS)]),
        ("sc_cat_item_producer", [_producer(*each) for each in PRODUCERS]),
        ("sc_cat_item_guide", [_guide()]),
        ("sc_cat_item_content", [_content()]),
        ("sc_cat_item_guide_items", [_rule(at, *each) for at, each in enumerate(GUIDE_RULES)]),
        ("sc_cat_item_category", _places()),
        ("sc_cat_item_catalog", _catalogs()),
        (
            "sc_cat_item_app_user",
            [
                _link("sc_cat_item_app_user", item.name, "app_user", person_id(name))
                for item in ITEMS
                for name in item.approvers
            ],
        ),
        (
            "sc_cat_item_app_group",
            [
                _link("sc_cat_item_app_group", item.name, "app_group", group_id(name))
                for item in ITEMS
                for name in item.approving_groups
            ],
        ),
    ]


def _item(at: int, item: Item) -> Values:
    frequency = "monthly" if item.monthly else "yearly" if item.yearly else ""
    return {
        **_shared(item.name, item.says, item.category, item.catalog, kind="sc_cat_item"),
        "order": str(at * 10),
        "price": item.price,
        "recurring_price": item.monthly or item.yearly or "0",
        "recurring_frequency": frequency,
        "delivery_plan": plan_id(item.plan) if item.plan else "",
        "delivery_time": f"1970-01-{item.days + 1:02} 00:00:00",
        "active": "true" if item.active else "false",
        "availability": item.availability,
        "no_quantity_v2": "true" if item.no_quantity else "false",
        "request_method": "order",
    }


def _shared(name: str, says: str, category: str, catalog: str, *, kind: str) -> Values:
    return {
        "sys_id": item_id(name),
        "sys_class_name": kind,
        "name": name,
        "short_description": says,
        "description": f"<p>{says}.</p>",
        "category": category_id(category),
        "sc_catalogs": catalog_id(catalog),
        "icon": image_id(f"icon of {name}"),
        "picture": image_id(name),
        "state": "published",
    }


def _producer(name: str, says: str, category: str, catalog: str, table: str) -> Values:
    shared = _shared(name, says, category, catalog, kind="sc_cat_item_producer")
    return {**shared, "table_name": table, "view": "ess", "request_method": "submit"}


def _guide() -> Values:
    says = "Everything a new colleague needs"
    shared = _shared(
        GUIDE, says, "Departmental Services", "Service Catalog", kind="sc_cat_item_guide"
    )
    return {**shared, "include_items": "true", "request_method": "order"}


def _content() -> Values:
    says = "What we support, and how to reach us"
    shared = _shared(
        "IT Handbook", says, "Can We Help You?", "Service Catalog", kind="sc_cat_item_content"
    )
    return {**shared, "content_type": "external", "url": "https://handbook.example.com/"}


def _rule(at: int, item: str, condition: str, quantity: str) -> Values:
    return {
        "sys_id": stable_sys_id("sc_cat_item_guide_items", GUIDE, item),
        "guide": item_id(GUIDE),
        "item": item_id(item),
        "condition": condition,
        "quantity": quantity,
        "order": str((at + 1) * 100),
    }


def _all_places() -> list[tuple[str, str, str]]:
    """Name, category and catalogue of every item."""
    return [
        *((item.name, item.category, item.catalog) for item in ITEMS),
        *((name, category, catalog) for name, _, category, catalog, _ in PRODUCERS),
        (GUIDE, "Departmental Services", "Service Catalog"),
        ("IT Handbook", "Can We Help You?", "Service Catalog"),
    ]


def _places() -> list[Values]:
    further = [(item.name, place) for item in ITEMS for place in item.also_in]
    own = [(name, category) for name, category, _ in _all_places()]
    return [
        _link("sc_cat_item_category", name, "sc_category", category_id(category))
        for name, category in (*own, *further)
    ]


def _catalogs() -> list[Values]:
    return [
        _link("sc_cat_item_catalog", name, "sc_catalog", catalog_id(catalog))
        for name, _, catalog in _all_places()
    ]


def _link(table: str, item: str, field: str, value: str) -> Values:
    return {
        "sys_id": stable_sys_id(table, item, value),
        "sc_cat_item": item_id(item),
        field: value,
    }
