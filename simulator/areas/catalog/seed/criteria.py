"""Who may see what of the demo catalogue."""

from simulator.areas.catalog.seed.naming import Rows, Values, catalog_id, criterion_id, item_id
from simulator.data.sys_ids import stable_sys_id
from simulator.seed.ids import department_id, person_id, role_id

# name, what it looks at
_CRITERIA: tuple[tuple[str, Values], ...] = (
    ("Executives", {"user": f"{person_id('fred.luddy')},{person_id('jamie.morgan')}"}),
    ("Sales", {"department": department_id("Sales")}),
    ("Finance department", {"department": department_id("Finance")}),
    ("IT staff", {"role": role_id("itil")}),
    (
        "Sales with a role",
        {"department": department_id("Sales"), "role": role_id("itil"), "match_all": "true"},
    ),
)

# item, criterion, refused
_ITEMS = (
    ("Executive Car Service", "Executives", False),
    ("Payroll Data Extract", "Finance department", False),
    ("Payroll Data Extract", "IT staff", False),
    ("Developer Laptop", "Sales", True),
)

_CATALOGS = (("Technical Catalog", "IT staff"),)


def tables() -> Rows:
    """Tables and their rows, in an order in which what is referred to is there before."""
    return [
        ("user_criteria", [_criterion(name, looks_at) for name, looks_at in _CRITERIA]),
        ("sc_cat_item_user_criteria_mtom", _of_items(refused=False)),
        ("sc_cat_item_user_criteria_no_mtom", _of_items(refused=True)),
        (
            "sc_catalog_user_criteria_mtom",
            [
                {
                    "sys_id": stable_sys_id("sc_catalog_user_criteria_mtom", title, name),
                    "sc_catalog": catalog_id(title),
                    "user_criteria": criterion_id(name),
                }
                for title, name in _CATALOGS
            ],
        ),
    ]


def _criterion(name: str, looks_at: Values) -> Values:
    return {"sys_id": criterion_id(name), "name": name, **looks_at}


def _of_items(*, refused: bool) -> list[Values]:
    return [
        {
            "sys_id": stable_sys_id("sc_cat_item_user_criteria", item, name),
            "sc_cat_item": item_id(item),
            "user_criteria": criterion_id(name),
        }
        for item, name, is_refused in _ITEMS
        if is_refused is refused
    ]
