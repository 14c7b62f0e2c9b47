"""Catalogue items, record producers, order guides, and who approves what."""

from dataclasses import dataclass

from simulator.areas.catalog.seed.naming import (
    Rows,
    Values,
    catalog_id,
    category_id,
    image_id,
    item_id,
    plan_id,
)
from simulator.data.dictionary_rows import stable_sys_id
from simulator.seed.ids import group_id, person_id


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item. `approvers` are user names, `approving_groups` names of groups."""

    name: str
    says: str
    category: str
    plan: str = ""
    price: str = "0"
    monthly: str = ""
    yearly: str = ""
    days: int = 2
    catalog: str = "Service Catalog"
    approvers: tuple[str, ...] = ()
    approving_groups: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    active: bool = True
    availability: str = "on_both"
    no_quantity: bool = False


_TECHNICAL = "Technical Catalog"

ITEMS = (
    Item(
        name="Standard Laptop",
        says="14-inch laptop for everyday work",
        category="Laptops",
        plan="Hardware delivery",
        price="1100",
        yearly="100",
        days=5,
        approvers=("fred.luddy",),
    ),
    Item(
        name="Developer Laptop",
        says="16-inch laptop with much memory",
        category="Laptops",
        plan="Hardware delivery",
        price="1899.5",
        yearly="100",
        days=5,
        approvers=("fred.luddy",),
    ),
    Item(
        name="Sales Laptop",
        says="Light laptop for those who travel",
        category="Laptops",
        plan="Hardware delivery",
        price="1249",
        yearly="100",
        days=5,
        approvers=("jamie.morgan",),
    ),
    Item(
        name="Business Phone",
        says="Smartphone with a business plan",
        category="Mobiles",
        plan="Accessory",
        price="600",
        monthly="29.99",
        approvers=("fred.luddy",),
    ),
    Item(
        name="Tablet",
        says="10-inch tablet",
        category="Mobiles",
        plan="Accessory",
        price="449",
        availability="on_desktop",
    ),
    Item(
        name="External Monitor",
        says="27-inch monitor",
        category="Peripherals",
        plan="Accessory",
        price="289.9",
    ),
    Item(
        name="Headset",
        says="Headset for calls and meetings",
        category="Peripherals",
        plan="Accessory",
        price="75",
        also_in=("Office",),
    ),
    Item(
        name="Docking Station",
        says="Connects a laptop with one cable",
        category="Peripherals",
        plan="Accessory",
        price="160",
    ),
    Item(
        name="Diagram Editor",
        says="Licence for drawing diagrams",
        category="Software",
        plan="Software installation",
        price="15",
        monthly="15",
    ),
    Item(
        name="Photo Editor",
        says="Licence for editing pictures",
        category="Software",
        plan="Software installation",
        price="240",
        yearly="240",
        approvers=("mei.chen",),
    ),
    Item(
        name="Software Installation",
        says="Any other software on your computer",
        category="Software",
        plan="Software installation",
    ),
    Item(
        name="New Email Account",
        says="A mailbox for a person or a team",
        category="Services",
        plan="Account",
    ),
    Item(
        name="Distribution List",
        says="One address for many people",
        category="Services",
        plan="Account",
    ),
    Item(
        name="Guest Wi-Fi Voucher",
        says="Wi-Fi for visitors, for some days",
        category="Services",
        plan="Account",
        availability="on_mobile",
        days=1,
    ),
    Item(
        name="Corporate VPN Access",
        says="Remote access to internal systems",
        category="Security and Access",
        plan="Access",
        approving_groups=("Information Security",),
    ),
    Item(
        name="Application Role",
        says="A role in one of our applications",
        category="Security and Access",
        plan="Access",
        approvers=("fred.luddy", "beth.anglin"),
    ),
    Item(
        name="Building Badge",
        says="A badge for one of our buildings",
        category="Security and Access",
        plan="Office work",
        also_in=("Office",),
    ),
    Item(
        name="Desk Set Up",
        says="A desk for new hires or for moves",
        category="Office",
        plan="Office work",
        days=5,
        no_quantity=True,
    ),
    Item(
        name="Office Supplies",
        says="Paper, pens and the like",
        category="Office",
        plan="Office work",
        price="4.25",
    ),
    Item(
        name="Executive Car Service",
        says="A car with a driver, for executives",
        category="Departmental Services",
        plan="Office work",
        price="120",
    ),
    Item(
        name="Payroll Data Extract",
        says="Figures for audits, for Finance",
        category="Departmental Services",
        plan="Database",
    ),
    Item(
        name="Fax Machine",
        says="No longer offered",
        category="Office",
        price="99",
        active=False,
    ),
    Item(
        name="Virtual Server",
        says="A virtual server in our data centre",
        category="Infrastructure",
        plan="Server",
        price="0",
        monthly="85",
        days=4,
        catalog=_TECHNICAL,
        approving_groups=("Change Management",),
    ),
    Item(
        name="Database Instance",
        says="A database for an application",
        category="Databases",
        plan="Database",
        monthly="40",
        catalog=_TECHNICAL,
    ),
    Item(
        name="Firewall Rule",
        says="Open a connection between two networks",
        category="Network",
        plan="Firewall",
        catalog=_TECHNICAL,
        approving_groups=("Information Security",),
    ),
)

# name, what it says, category, catalogue, table
PRODUCERS = (
    (
        "Report an Incident",
        "Something is broken",
        "Can We Help You?",
        "Service Catalog",
        "incident",
    ),
    ("Ask a Question", "A general question", "Can We Help You?", "Service Catalog", "incident"),
    (
        "Request a Change",
        "Ask for a change to a system",
        "Template Management",
        _TECHNICAL,
        "change_request",
    ),
)

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
