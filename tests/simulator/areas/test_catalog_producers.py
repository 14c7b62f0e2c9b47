"""Record producers and order guides."""

import pytest

from simulator.areas.catalog.seed.naming import variable_id
from simulator.seed.ids import item_id as ci_id
from tests.simulator.areas.catalog_api import (
    ABEL,
    CHARLIE,
    DEV_LAPTOP,
    FRED,
    HEADSET,
    LAPTOP,
    Catalog,
    item_id,
)
from tests.simulator.facts import fact

DOC = "D Service Catalog API"

REPORT, QUESTION = item_id("Report an Incident"), item_id("Ask a Question")
CHANGE, NEW_HIRE = item_id("Request a Change"), item_id("New Hire")


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


@fact(
    "A record producer answers with the record it made, as a path and as a form's address", tag=DOC
)
async def test_a_producer_makes_an_incident(catalog: Catalog) -> None:
    body = {"variables": {"what_happened": "It broke", "urgency": "1", "comments": "Badly"}}
    made = await catalog.did(f"/items/{REPORT}/submit_producer", body, by=CHARLIE)
    sys_id = made["sys_id"]
    incident = catalog.row("incident", sys_id)
    assert made == {
        "sys_id": sys_id,
        "number": incident["number"],
        "parent_id": None,
        "record": f"api/now/table/incident/{sys_id}",
        "redirect_portal_url": "",
        "parent_table": "task",
        "redirect_url": f"incident.do?sys_id={sys_id}&sysparm_view=ess",
        "table": "incident",
        "redirect_to": "",
    }
    assert (incident["short_description"], incident["urgency"]) == ("It broke", "1")
    assert (incident["caller_id"], incident["opened_by"]) == (CHARLIE, CHARLIE)
    assert incident["contact_type"] == "self-service"
    entries = catalog.instance.query("sys_journal_field", f"element_id={sys_id}")
    assert [(entry["element"], entry["value"]) for entry in entries] == [("comments", "Badly")]


@fact("The answers to a record producer are kept as rows of question_answer", tag="R")
async def test_what_was_answered_is_kept(catalog: Catalog) -> None:
    body = {"variables": {"description": "How do I print?", "unknown": "x"}}
    made = await catalog.did(f"/items/{QUESTION}/submit_producer", body, by=CHARLIE)
    kept = catalog.instance.query("question_answer", f"table_sys_id={made['sys_id']}")
    assert [row["value"] for row in kept] == ["How do I print?"]
    assert kept[0]["question"] == variable_id("Ask a Question", "description")
    incident = catalog.row("incident", made["sys_id"])
    assert incident["short_description"] == "A general question"


@fact("A record producer makes records for people who could not insert them themselves", tag="R")
async def test_abel_asks_for_a_change(catalog: Catalog) -> None:
    body = {"variables": {"short_description": "New disks", "cmdb_ci": ci_id("mail-01")}}
    made = await catalog.did(f"/items/{CHANGE}/submit_producer", body, by=ABEL)
    change = catalog.row("change_request", made["sys_id"])
    assert change["cmdb_ci"] == ci_id("mail-01")
    assert made["table"] == "change_request"


async def test_audit_fields_are_not_answers(catalog: Catalog) -> None:
    for name in ("sys_created_by", "sys_id"):
        catalog.instance.insert("item_option_new", {"cat_item": QUESTION, "name": name})
    body = {"variables": {"description": "x", "sys_created_by": "admin", "sys_id": "y"}}
    made = await catalog.did(f"/items/{QUESTION}/submit_producer", body, by=CHARLIE)
    row = catalog.row("incident", made["sys_id"])
    assert (row["sys_created_by"], row["caller_id"]) == ("charlie.whitherspoon", CHARLIE)


@fact("A record producer without its mandatory variables is 400", tag=DOC)
async def test_a_producer_needs_its_answers(catalog: Catalog) -> None:
    path = f"/items/{REPORT}/submit_producer"
    before = catalog.instance.count("incident")
    assert await catalog.refusal("POST", path, {}) == "Mandatory Variables are required"
    assert catalog.instance.count("incident") == before


async def test_what_is_no_producer_cannot_be_submitted(catalog: Catalog) -> None:
    for item in (HEADSET, NEW_HIRE, "x", item_id("Executive Car Service")):
        assert await catalog.refusal("POST", f"/items/{item}/submit_producer", {}, by=CHARLIE)


async def test_a_producer_of_a_missing_table_is_refused(catalog: Catalog) -> None:
    catalog.instance.update("sc_cat_item_producer", QUESTION, {"table_name": "u_gone"})
    body = {"variables": {"description": "x"}}
    assert await catalog.refusal("POST", f"/items/{QUESTION}/submit_producer", body)


async def test_a_producer_is_not_ordered(catalog: Catalog) -> None:
    body = {"sysparm_quantity": 1, "variables": {"what_happened": "x"}}
    message = await catalog.refusal("POST", f"/items/{REPORT}/order_now", body)
    assert message == "Security constraints prevent ordering of Item"


async def offered(catalog: Catalog, *, by: str = ABEL, **answers: str) -> list[tuple[str, str]]:
    """Name and quantity of what the guide offers for some answers."""
    body = {"variables": {"hiring_manager": FRED, **answers}}
    response = await catalog.ask("PUT", f"/items/{NEW_HIRE}/submit_guide", body, by=by)
    assert response.status_code == 200, response.text
    return [(each["name"], each["quantity"]) for each in response.json()["result"]]


@fact("An order guide offers the items whose conditions fit the answers, in its order", tag=DOC)
async def test_a_guide_offers_what_fits(catalog: Catalog) -> None:
    assert await offered(catalog, remote="No", laptop_type="developer") == [
        ("Developer Laptop", "1"),
        ("External Monitor", "2"),
        ("New Email Account", "1"),
        ("Desk Set Up", "1"),
    ]
    assert await offered(catalog, remote="Yes", laptop_type="none") == [
        ("New Email Account", "1"),
        ("Corporate VPN Access", "1"),
    ]


async def test_an_offered_item_comes_with_its_variables(catalog: Catalog) -> None:
    body = {"variables": {"hiring_manager": FRED}}
    response = await catalog.ask("PUT", f"/items/{NEW_HIRE}/submit_guide", body)
    laptop = response.json()["result"][0]
    assert (laptop["sys_id"], laptop["order"]) == (LAPTOP, "100")
    assert laptop["variables"][0]["name"] == "optional_software"


async def test_a_guide_offers_nothing_that_is_not_for_the_person(catalog: Catalog) -> None:
    answers = {"remote": "Yes", "laptop_type": "developer"}
    assert ("Developer Laptop", "1") in await offered(catalog, **answers)
    assert ("Developer Laptop", "1") not in await offered(catalog, by=CHARLIE, **answers)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ("IO:{remote}=Yes^EQ", ["Headset"]),
        ("IO:{remote}!=Yes", []),
        ("variables.remoteINYes,No", ["Headset"]),
        ("variables.remoteNOT INYes,No", []),
        ("variables.remoteSTARTSWITHy^variables.remoteENDSWITHS", ["Headset"]),
        ("variables.remoteLIKEe", ["Headset"]),
        ("variables.remoteNOT LIKEe", []),
        ("variables.remoteISEMPTY", []),
        ("variables.remoteISEMPTY^ORvariables.remote=Yes", ["Headset"]),
        ("variables.remote=No^NQvariables.remoteISNOTEMPTY", ["Headset"]),
        ("variables.remoteANYTHING", ["Headset"]),
        ("variables.unknown=Yes", []),
        ("variables.remote>1", []),
        ("what is this", []),
    ],
)
async def test_conditions_of_a_guide(catalog: Catalog, condition: str, fits: list[str]) -> None:
    for rule in catalog.instance.query("sc_cat_item_guide_items"):
        catalog.instance.delete("sc_cat_item_guide_items", rule["sys_id"])
    text = condition.format(remote=variable_id("New Hire", "remote"))
    values = {"guide": NEW_HIRE, "item": HEADSET, "condition": text}
    catalog.instance.insert("sc_cat_item_guide_items", values)
    assert [name for name, _ in await offered(catalog, remote="Yes")] == fits


@fact("An order guide without its mandatory variables is 400", tag=DOC)
async def test_a_guide_needs_its_answers(catalog: Catalog) -> None:
    path = f"/items/{NEW_HIRE}/submit_guide"
    assert await catalog.refusal("PUT", path, {}) == "Mandatory Variables are required"
    assert await catalog.refusal("PUT", f"/items/{HEADSET}/submit_guide", {})


def chosen() -> dict[str, object]:
    """Two items of a guide."""
    return {
        "items": [
            {"sys_id": HEADSET},
            {"sys_id": LAPTOP, "sysparm_quantity": "3", "variables": {"acrobat": "true"}},
        ]
    }


@fact("With one-step checkout checkout_guide puts the items into the cart, one of each", tag=DOC)
async def test_one_step_puts_a_guide_into_the_cart(catalog: Catalog) -> None:
    cart = await catalog.did(f"/items/{NEW_HIRE}/checkout_guide", chosen())
    assert cart["none"]["items"][0]["quantity"] == "1"
    laptop = cart["yearly"]["items"][0]
    assert (laptop["quantity"], laptop["order_guide"]) == ("3", "New Hire")
    made = await catalog.did("/cart/submit_order")
    items = catalog.items_of(catalog.row("sc_request", made["request_id"]))
    assert {item["order_guide"] for item in items} == {NEW_HIRE}


@fact("With two-step checkout checkout_guide orders the items", tag=DOC)
async def test_two_steps_order_a_guide(catalog: Catalog) -> None:
    catalog.set_property("glide.sc.checkout.twostep", "true")
    made = await catalog.did(f"/items/{NEW_HIRE}/checkout_guide", chosen())
    assert len(catalog.items_of(catalog.row("sc_request", made["request_id"]))) == 2


@fact("checkout_guide refuses all items when one of them cannot be ordered", tag=DOC)
@pytest.mark.parametrize(
    "wrong",
    [
        {"sys_id": "x"},
        {"sys_id": 5},
        {},
        {"sys_id": HEADSET, "sysparm_quantity": "0"},
        {"sys_id": item_id("New Email Account")},
        {"sys_id": DEV_LAPTOP, "variables": {"memory": "16"}},
    ],
)
async def test_one_wrong_item_refuses_a_guide(catalog: Catalog, wrong: dict[str, object]) -> None:
    body = {"items": [{"sys_id": HEADSET}, wrong]}
    assert await catalog.refusal("POST", f"/items/{NEW_HIRE}/checkout_guide", body, by=CHARLIE)
    assert "none" not in await catalog.got("/cart", by=CHARLIE)


@pytest.mark.parametrize("items", [None, [], "x", [5], {}])
async def test_a_guide_is_checked_out_with_items(catalog: Catalog, items: object) -> None:
    path = f"/items/{NEW_HIRE}/checkout_guide"
    assert await catalog.refusal("POST", path, {"items": items})
    assert await catalog.refusal("POST", f"/items/{HEADSET}/checkout_guide", chosen())


async def test_a_producer_of_a_record_that_is_no_task(catalog: Catalog) -> None:
    catalog.instance.update("sc_cat_item_producer", QUESTION, {"table_name": "cmn_department"})
    body = {"variables": {"description": "A new department"}}
    made = await catalog.did(f"/items/{QUESTION}/submit_producer", body, by=CHARLIE)
    assert (made["table"], made["parent_table"], made["number"]) == (
        "cmn_department",
        "cmn_department",
        "",
    )
    assert catalog.row("cmn_department", made["sys_id"])["description"] == "A new department"
