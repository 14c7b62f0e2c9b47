"""What items ask: variables of all types, sets of them, choices and defaults."""

from typing import Any

import pytest

from simulator.areas.catalog.seed.naming import variable_id
from tests.simulator.areas.catalog_api import (
    ABEL,
    BADGE,
    CHARLIE,
    DEV_LAPTOP,
    FRED,
    LAPTOP,
    PHONE,
    Catalog,
    item_id,
)
from tests.simulator.facts import fact

DOC = "D Service Catalog API"


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


async def asked(catalog: Catalog, item: str, name: str, *, by: str = ABEL) -> Any:
    """One variable of an item, wherever in its tree."""

    def every(bodies: list[Any]) -> list[Any]:
        return [one for body in bodies for one in (body, *every(body.get("children", [])))]

    bodies = await catalog.got(f"/items/{item}/variables", by=by)
    return next(body for body in every(bodies) if body["name"] == name)


@fact("A variable has its type as a number and as a word, and its flags as JSON booleans", tag=DOC)
async def test_a_variable_says_what_it_asks(catalog: Catalog) -> None:
    body = await asked(catalog, item_id("New Email Account"), "new_email")
    assert body["id"] == variable_id("New Email Account", "new_email")
    assert (body["type"], body["friendly_type"], body["display_type"]) == (26, "email", "Email")
    assert (body["mandatory"], body["read_only"], body["render_label"]) == (True, False, True)
    assert body["label"] == "Preferred email address"
    assert (body["value"], body["displayvalue"], body["max_length"]) == ("", "", 0)
    assert body["attributes"] == "edge_encryption_enabled=true"


@pytest.mark.parametrize(
    ("item", "name", "number", "word"),
    [
        ("Business Phone", "replacement", 1, "yes_no"),
        ("Standard Laptop", "additional_software", 2, "multi_line_text"),
        ("Developer Laptop", "operating_system", 3, "multiple_choice"),
        ("Developer Laptop", "urgency", 4, "numeric_scale"),
        ("Developer Laptop", "memory", 5, "select_box"),
        ("Business Phone", "original_number", 6, "single_line_text"),
        ("Standard Laptop", "acrobat", 7, "check_box"),
        ("Building Badge", "building", 8, "reference"),
        ("Software Installation", "needed_by", 9, "date"),
        ("Corporate VPN Access", "from_when", 10, "date_time"),
        ("Standard Laptop", "line", 12, "break"),
        ("Software Installation", "software", 16, "wide_single_line_text"),
        ("Application Role", "application", 18, "lookup_select_box"),
        ("Application Role", "what", 19, "container_start"),
        ("Distribution List", "members", 21, "list_collector"),
        ("New Email Account", "signature", 23, "html"),
        ("Corporate VPN Access", "pass_phrase", 25, "masked"),
        ("Software Installation", "website", 27, "url"),
        ("Firewall Rule", "source", 28, "ip_address"),
        ("Virtual Server", "lifetime", 29, "duration"),
        ("Building Badge", "badge_for", 31, "requested_for"),
        ("Report an Incident", "screenshot", 33, "attachment"),
    ],
)
async def test_every_common_type_has_its_number_and_word(
    catalog: Catalog, item: str, name: str, number: int, word: str
) -> None:
    body = await asked(catalog, item_id(item), name)
    assert (body["type"], body["friendly_type"]) == (number, word)


@fact(
    "Check boxes below a label become the children of a container that the label stands for",
    tag=DOC,
)
async def test_a_label_gathers_its_check_boxes(catalog: Catalog) -> None:
    first = (await catalog.got(f"/items/{LAPTOP}"))["variables"][0]
    assert (first["type"], first["friendly_type"]) == (0, "container_start")
    assert [child["name"] for child in first["children"]] == ["acrobat", "photoshop"]
    assert first["children"][0]["value"] is False
    assert first["children"][0]["displayvalue"] == "false"
    assert first["children"][0]["pricing_implications"] is True


async def test_a_container_holds_what_stands_in_it(catalog: Catalog) -> None:
    bodies = await catalog.got(f"/items/{item_id('Application Role')}/variables")
    assert [body["name"] for body in bodies] == ["what", "reason"]
    assert [child["name"] for child in bodies[0]["children"]] == ["application", "split", "role"]
    assert bodies[0]["layout"] == "2across"


@fact("A variable of a set is among the variables of every item that has the set", tag="R")
async def test_sets_stand_where_the_item_puts_them(catalog: Catalog) -> None:
    for item in ("Standard Laptop", "External Monitor"):
        bodies = await catalog.got(f"/items/{item_id(item)}/variables")
        assert [body["name"] for body in bodies][-3:] == ["deliver_to", "line", "room"]


@fact("Choices of a select box come with value, label and index, and with what they cost", tag="R")
async def test_a_select_box_has_choices(catalog: Catalog) -> None:
    memory = (await asked(catalog, DEV_LAPTOP, "memory"))["choices"]
    assert memory[0] == {"value": "16", "label": "16 GB", "index": 0}
    assert memory[1]["price"] == "$150.00"
    plan = await asked(catalog, PHONE, "data_plan")
    assert plan["choices"][0] == {"value": "", "label": "-- None --", "index": 0}
    assert plan["pricing_implications"] is True


async def test_choices_that_are_not_listed_are_made(catalog: Catalog) -> None:
    yes_no = await asked(catalog, PHONE, "replacement")
    assert [choice["value"] for choice in yes_no["choices"]] == ["Yes", "No"]
    assert (yes_no["value"], yes_no["displayvalue"]) == ("No", "No")
    scale = await asked(catalog, DEV_LAPTOP, "urgency")
    assert [choice["value"] for choice in scale["choices"]] == ["1", "2", "3", "4", "5"]


async def test_a_lookup_offers_rows_that_the_person_may_read(catalog: Catalog) -> None:
    role = item_id("Application Role")
    labels = [one["label"] for one in (await asked(catalog, role, "application"))["choices"]]
    assert "Payroll" in labels
    assert labels == sorted(labels, key=str.casefold)
    catalog.instance.update(
        "item_option_new",
        variable_id("Application Role", "application"),
        {"lookup_table": "sys_properties", "lookup_label": "name"},
    )
    assert (await asked(catalog, role, "application"))["choices"] == []


async def test_a_choice_of_a_missing_table_offers_nothing(catalog: Catalog) -> None:
    variable = variable_id("Application Role", "application")
    catalog.instance.update("item_option_new", variable, {"lookup_table": "u_gone"})
    assert (await asked(catalog, item_id("Application Role"), "application"))["choices"] == []


async def test_choices_can_be_those_of_a_field(catalog: Catalog) -> None:
    variable = catalog.instance.insert(
        "item_option_new",
        {
            "cat_item": LAPTOP,
            "name": "how_bad",
            "type": "5",
            "choice_table": "incident",
            "choice_field": "impact",
        },
    )
    assert variable
    choices = (await asked(catalog, LAPTOP, "how_bad"))["choices"]
    assert [choice["label"] for choice in choices] == ["1 - High", "2 - Medium", "3 - Low"]


@fact("A reference variable names its table and its qualifier", tag="R")
async def test_a_reference_names_its_table(catalog: Catalog) -> None:
    owner = await asked(catalog, item_id("Virtual Server"), "owner")
    assert (owner["reference"], owner["ref_qualifier"]) == ("sys_user", "active=true")
    assert (owner["value"], owner["displayvalue"]) == (ABEL, "Abel Tuter")
    badge = await asked(catalog, BADGE, "badge_for", by=CHARLIE)
    assert (badge["reference"], badge["value"]) == ("sys_user", CHARLIE)
    members = await asked(catalog, item_id("Distribution List"), "members")
    assert members["reference"] == "sys_user"


async def test_a_script_that_is_not_known_is_no_default(catalog: Catalog) -> None:
    variable = variable_id("Virtual Server", "server_name")
    script = {"default_value": "javascript:gs.somethingElse()"}
    catalog.instance.update("item_option_new", variable, script)
    assert (await asked(catalog, item_id("Virtual Server"), "server_name"))["value"] == ""


async def test_a_variable_for_a_role_is_not_shown_to_others(catalog: Catalog) -> None:
    variable = variable_id("Standard Laptop", "additional_software")
    catalog.instance.update("item_option_new", variable, {"read_roles": "itil"})
    names = [one["name"] for one in await catalog.got(f"/items/{LAPTOP}/variables", by=CHARLIE)]
    assert "additional_software" not in names
    assert await asked(catalog, LAPTOP, "additional_software", by=ABEL)
    assert (await catalog.ask("GET", f"/variables/{variable}", by=CHARLIE)).status_code == 404


@fact("The display value of a variable is asked for with a value, and is a bare string", tag=DOC)
async def test_the_display_value_of_a_reference(catalog: Catalog) -> None:
    path = f"/variables/{variable_id('New Hire', 'hiring_manager')}/display_value"
    assert await catalog.did(path, {"sysparm_value": FRED}) == "Fred Luddy"
    assert await catalog.did(path, {"sysparm_value": "nobody"}) == "nobody"
    assert await catalog.did(path, {}) == ""


async def test_the_display_value_of_a_choice_and_of_a_list(catalog: Catalog) -> None:
    memory = f"/variables/{variable_id('Developer Laptop', 'memory')}/display_value"
    assert await catalog.did(memory, {"sysparm_value": "64"}) == "64 GB"
    assert await catalog.did(memory, {"sysparm_value": "65"}) == "65"
    members = f"/variables/{variable_id('Distribution List', 'members')}/display_value"
    both = await catalog.did(members, {"sysparm_value": [ABEL, FRED]})
    assert both == "Abel Tuter, Fred Luddy"
    masked = f"/variables/{variable_id('Corporate VPN Access', 'pass_phrase')}/display_value"
    assert await catalog.did(masked, {"sysparm_value": "secret"}) == "********"


@fact("The display value of a variable that does not exist is 404", tag=DOC)
async def test_an_unknown_variable_is_not_found(catalog: Catalog) -> None:
    response = await catalog.ask("POST", "/variables/x/display_value", {"sysparm_value": "y"})
    assert response.status_code == 404
    assert (await catalog.ask("GET", "/variables/x")).status_code == 404


async def test_a_variable_is_hidden_with_its_item(catalog: Catalog) -> None:
    path = f"/variables/{variable_id('Developer Laptop', 'memory')}"
    assert (await catalog.got(path))["name"] == "memory"
    assert (await catalog.ask("GET", path, by=CHARLIE)).status_code == 404
    shown = await catalog.ask("POST", f"{path}/display_value", {"sysparm_value": "64"}, by=CHARLIE)
    assert shown.status_code == 404


async def test_a_variable_of_a_set_is_there_by_itself(catalog: Catalog) -> None:
    path = f"/variables/{variable_id('delivery_details', 'room')}"
    assert (await catalog.got(path, by=CHARLIE))["label"] == "Room"


async def test_a_variable_of_a_missing_table_shows_its_value(catalog: Catalog) -> None:
    variable = variable_id("Building Badge", "building")
    gone = {"reference": "u_gone", "default_value": "x"}
    catalog.instance.update("item_option_new", variable, gone)
    assert (await asked(catalog, BADGE, "building"))["displayvalue"] == "x"


async def test_choices_of_a_missing_field_are_none(catalog: Catalog) -> None:
    values = {"cat_item": LAPTOP, "name": "odd", "type": "5", "choice_table": "u_gone"}
    catalog.instance.insert("item_option_new", values)
    assert (await asked(catalog, LAPTOP, "odd"))["choices"] == []
