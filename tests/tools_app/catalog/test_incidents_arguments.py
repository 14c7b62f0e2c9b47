"""Each argument of the incident tools by itself: what it finds, or what it stores."""

import pytest

from tests.tools_app.desk import Desk
from tools_app.catalog import CATALOG

ABELS_ID = "62826bf03710200044e0bfc8bcbe5df1"
PAGING = {"order_by", "limit", "offset"}
# What a person writes, and the encoded query that says the same. `{…}` is looked up.
SEARCHES: dict[str, list[tuple[object, str]]] = {
    "text": [
        ("printer", "short_descriptionLIKEprinter^ORdescriptionLIKEprinter^ORnumberLIKEprinter"),
        ("INC001000", "numberLIKEINC001000"),
        ("{words}", "descriptionLIKE{words}^ORshort_descriptionLIKE{words}"),
    ],
    "state": [("In Progress", "state=2"), ("6", "state=6")],
    "priority": [("1 - Critical", "priority=1"), ("3", "priority=3")],
    "urgency": [("1 - High", "urgency=1"), ("low", "urgency=3")],
    "impact": [("2 - Medium", "impact=2"), ("1", "impact=1")],
    "category": [("Network", "category=network"), ("hardware", "category=hardware")],
    "assigned_to": [("Abel Tuter", f"assigned_to={ABELS_ID}")],
    "assigned_to_me": [(True, f"assigned_to={ABELS_ID}")],
    "assignment_group": [
        ("Hardware", "assignment_group.name=Hardware"),
        ("{group}", "assignment_group={group}"),
    ],
    "caller_is": [("charlie.whitherspoon", "caller_id.user_name=charlie.whitherspoon")],
    "configuration_item": [("{item}", "cmdb_ci.name={item}"), ("{item_id}", "cmdb_ci={item_id}")],
    "active": [(True, "active=true"), (False, "active=false")],
    "opened_after": [("{opened}Z", "opened_at>={stored}")],
    "opened_before": [("{opened}Z", "opened_at<{stored}")],
    "updated_after": [("{opened}Z", "sys_updated_on>={stored}")],
    "updated_before": [("{opened}Z", "sys_updated_on<{stored}")],
}
# For every argument that writes: what a person writes, the field and what is stored.
WRITTEN: dict[str, tuple[str, str, str]] = {
    "short_description": ("The lift is stuck", "short_description", "The lift is stuck"),
    "description": ("Since noon.\nIt hums.", "description", "Since noon.\nIt hums."),
    "impact": ("1 - High", "impact", "1"),
    "urgency": ("Medium", "urgency", "2"),
    "category": ("Network", "category", "network"),
    "subcategory": ("VPN", "subcategory", "vpn"),
    "assigned_to": ("Abel Tuter", "assigned_to", ABELS_ID),
    "assignment_group": ("Hardware", "assignment_group", "{group}"),
    "configuration_item": ("{item}", "cmdb_ci", "{item_id}"),
    "contact_type": ("Walk-in", "contact_type", "walk-in"),
    "state": ("On Hold", "state", "3"),
    "hold_reason": ("Awaiting Vendor", "hold_reason", "4"),
}
NEEDED_TOO = {
    "subcategory": {"category": "Network"},
    "state": {"hold_reason": "Awaiting Vendor"},
    "hold_reason": {"state": "On Hold"},
}


def looked_up(desk: Desk) -> dict[str, str]:
    """Names and times of this instance's own."""
    rows = desk.instance.query("incident", "ORDERBYopened_at")
    middle = rows[len(rows) // 2]
    used = next(row["cmdb_ci"] for row in rows if row["cmdb_ci"])
    described = next(row["description"] for row in rows if row["description"])
    return {
        "words": described.split(".")[0][:30],
        "group": desk.one("sys_user_group", "name=Hardware")["sys_id"],
        "item": desk.row("cmdb_ci", used)["name"],
        "item_id": used,
        "opened": middle["opened_at"].replace(" ", "T"),
        "stored": middle["opened_at"],
    }


def filled(value: object, known: dict[str, str]) -> object:
    return value.format(**known) if isinstance(value, str) else value


def test_every_argument_of_the_search_is_tried_here() -> None:
    assert SEARCHES.keys() | PAGING == CATALOG["search_incidents"].input_schema["properties"].keys()


@pytest.mark.parametrize(
    ("argument", "value", "stored"),
    [(name, value, stored) for name, cases in SEARCHES.items() for value, stored in cases],
)
async def test_a_filter_finds_what_it_says_and_nothing_else(
    abel: Desk, argument: str, value: object, stored: str
) -> None:
    known = looked_up(abel)
    found = await abel.call("search_incidents", **{argument: filled(value, known)}, limit=100)
    expected = abel.instance.count("incident", str(filled(stored, known)))
    assert found["total"] == expected
    assert 0 < expected < abel.instance.count("incident")
    assert found["records"]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ("-updated", "sys_updated_on"),
        ("updated", "sys_updated_on"),
        ("-opened", "opened_at"),
        ("priority", "priority"),
        ("-state", "state"),
        ("number", "number"),
        ("sys_created_on", "sys_created_on"),
    ],
)
async def test_an_order_is_kept_by_what_is_stored(abel: Desk, order: str, field: str) -> None:
    found = await abel.call("search_incidents", order_by=order, limit=100)
    values = [abel.row("incident", row["sys_id"])[field] for row in found["records"]]
    assert values == sorted(values, reverse=order.startswith("-"))
    assert len(set(values)) > 1


@pytest.mark.parametrize("tool", ["create_incident", "update_incident"])
def test_every_argument_that_writes_is_tried_here(tool: str) -> None:
    taken = CATALOG[tool].input_schema["properties"].keys() - {"incident", "other_fields"}
    assert taken <= WRITTEN.keys()


@pytest.mark.parametrize(
    ("tool", "argument"),
    [
        (tool, argument)
        for tool in ("create_incident", "update_incident")
        for argument in WRITTEN
        if argument in CATALOG[tool].input_schema["properties"]
    ],
)
async def test_what_is_written_is_stored_as_the_instance_keeps_it(
    abel: Desk, tool: str, argument: str
) -> None:
    known = looked_up(abel)
    value, field, stored = (str(filled(one, known)) for one in WRITTEN[argument])
    arguments = {**NEEDED_TOO.get(argument, {}), argument: value}
    if tool == "create_incident":
        arguments = {"short_description": "Something else", **arguments}
    else:
        new = await abel.call("create_incident", short_description="Something else")
        arguments = {"incident": new["number"], **arguments}
    answer = await abel.call(tool, **arguments)
    assert abel.row("incident", answer["sys_id"])[field] == stored
    assert "not_applied" not in answer
