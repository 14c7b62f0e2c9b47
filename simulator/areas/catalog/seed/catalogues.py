"""Catalogues, categories, execution plans and the properties that govern ordering."""

from simulator.areas.catalog.ordering import TWO_STEPS
from simulator.areas.catalog.requesting_for import ROLES, WITHOUT_ROLES
from simulator.areas.catalog.seed.naming import (
    Rows,
    Values,
    catalog_id,
    category_id,
    image_id,
    plan_id,
)
from simulator.data.sys_ids import stable_sys_id
from simulator.seed.ids import group_id, person_id
from simulator.seed.properties import property_row

_SERVICE, _TECHNICAL = "Service Catalog", "Technical Catalog"

_CATALOGS = (
    (_SERVICE, "Everything employees may ask for", "beth.anglin"),
    (_TECHNICAL, "Products and services for the IT department", "fred.luddy"),
)

# title, catalogue, parent, description
_CATEGORIES = (
    ("Can We Help You?", _SERVICE, "", "Report issues and submit requests."),
    ("Hardware", _SERVICE, "", "Order from a variety of hardware for your work."),
    ("Laptops", _SERVICE, "Hardware", "Portable computers."),
    ("Mobiles", _SERVICE, "Hardware", "Phones and tablets for business use."),
    ("Peripherals", _SERVICE, "Hardware", "Monitors, headsets and other accessories."),
    ("Software", _SERVICE, "", "A range of software products for your computer."),
    ("Services", _SERVICE, "", "Accounts, mailboxes and other IT services."),
    ("Security and Access", _SERVICE, "Services", "Remote access, roles and badges."),
    ("Office", _SERVICE, "", "Desks, printing and supplies."),
    ("Departmental Services", _SERVICE, "", "What departments offer each other."),
    ("Infrastructure", _TECHNICAL, "", "Servers, databases and storage."),
    ("Databases", _TECHNICAL, "Infrastructure", "Databases for applications."),
    ("Network", _TECHNICAL, "", "Firewall rules, addresses and names."),
    ("Template Management", _TECHNICAL, "", "Standard change templates."),
)

# name, tasks as (short description, group, days, order)
_PLANS = (
    (
        "Hardware delivery",
        (
            ("Take the device from stock or order it", "Hardware", 2, 100),
            ("Configure the device", "Hardware", 1, 200),
            ("Hand the device over", "Field Services", 1, 300),
        ),
    ),
    ("Accessory", (("Deliver the accessory", "Field Services", 2, 100),)),
    (
        "Software installation",
        (
            ("Check the licence", "Software", 1, 100),
            ("Install the software", "Service Desk", 1, 200),
        ),
    ),
    ("Account", (("Create the account", "Service Desk", 1, 100),)),
    (
        "Access",
        (
            ("Review the access", "Information Security", 1, 100),
            ("Grant the access", "Service Desk", 1, 200),
        ),
    ),
    (
        "Server",
        (
            ("Allocate a network address", "Network", 1, 100),
            ("Reserve storage", "Hardware", 1, 100),
            ("Build the server", "Hardware", 2, 200),
        ),
    ),
    ("Database", (("Create the database", "Database", 2, 100),)),
    ("Firewall", (("Change the firewall", "Network", 1, 100),)),
    ("Office work", (("Do the work", "Facilities", 2, 100),)),
)

_PROPERTIES = (
    (TWO_STEPS, "false", "Use the two-step catalog checkout model (default false)"),
    (ROLES, "itil,catalog_admin", "Roles that can request items for other users"),
    (WITHOUT_ROLES, "deny", "Whether anybody may request for others where no role is named"),
)


def tables() -> Rows:
    """Tables and their rows, in an order in which what is referred to is there before."""
    return [
        ("sys_properties", [property_row(*each) for each in _PROPERTIES]),
        ("sc_catalog", [_catalog(*each) for each in _CATALOGS]),
        ("sc_category", [_category(at, *each) for at, each in enumerate(_CATEGORIES)]),
        ("sc_cat_item_delivery_plan", [_plan(name) for name, _ in _PLANS]),
        (
            "sc_cat_item_delivery_task",
            [_task(name, *each) for name, tasks in _PLANS for each in tasks],
        ),
    ]


def _catalog(title: str, description: str, manager: str) -> Values:
    return {
        "sys_id": catalog_id(title),
        "title": title,
        "description": description,
        "manager": person_id(manager),
        "desktop_image": image_id(title),
        "desktop_home_page": "true",
    }


def _category(at: int, title: str, catalog: str, parent: str, description: str) -> Values:
    return {
        "sys_id": category_id(title),
        "title": title,
        "sc_catalog": catalog_id(catalog),
        "parent": category_id(parent) if parent else "",
        "description": description,
        "homepage_image": image_id(title),
        "order": str(at * 10),
    }


def _plan(name: str) -> Values:
    return {"sys_id": plan_id(name), "name": name, "description": f"Execution plan: {name}"}


def _task(plan: str, description: str, group: str, days: int, order: int) -> Values:
    return {
        "sys_id": stable_sys_id("sc_cat_item_delivery_task", plan, description),
        "delivery_plan": plan_id(plan),
        "name": description,
        "short_description": description,
        "group": group_id(group),
        "delivery_time": f"1970-01-{days + 1:02} 00:00:00",
        "order": str(order),
    }
