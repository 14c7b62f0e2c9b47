"""Who may read and write what of the catalogue and of orders over the Table API."""

import pytest

from simulator.areas.catalog.seed.naming import variable_id
from tests.simulator.areas.catalog_api import (
    ABEL,
    ADMIN,
    CHARLIE,
    FRED,
    HEADSET,
    JOE,
    LAPTOP,
    Catalog,
    item_id,
    person_id,
)
from tests.simulator.facts import fact

MORGAN = person_id("jamie.morgan")
KEEPER = person_id("mateo.silva")


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue, whose keeper is Mateo."""
    made = Catalog()
    role = made.instance.query("sys_user_role", "name=catalog_admin")[0]["sys_id"]
    made.instance.insert("sys_user_has_role", {"user": KEEPER, "role": role})
    return made


async def numbers(catalog: Catalog, table: str, *, by: str) -> set[str]:
    """The numbers of all records of a table that a person sees."""
    rows = await catalog.result(f"/table/{table}", by=by, sysparm_fields="number")
    return {row["number"] for row in rows}


@fact("Without a role one sees the requests and items one opened or is requested for", tag="R")
async def test_charlie_sees_his_own_orders_only(catalog: Catalog) -> None:
    assert await numbers(catalog, "sc_request", by=CHARLIE) == {"REQ0000001", "REQ0000002"}
    assert await numbers(catalog, "sc_req_item", by=CHARLIE) == {"RITM0000001", "RITM0000002"}
    foreign = catalog.instance.query("sc_request", "number=REQ0000003")[0]["sys_id"]
    response = await catalog.get(f"/table/sc_request/{foreign}", by=CHARLIE)
    assert response.status_code == 404


async def test_a_person_sees_what_others_ordered_for_them(catalog: Catalog) -> None:
    body = {"sysparm_quantity": 1, "sysparm_requested_for": JOE}
    made = await catalog.did(f"/items/{HEADSET}/order_now", body, by=ABEL)
    assert made["number"] in await numbers(catalog, "sc_request", by=JOE)
    assert made["number"] not in await numbers(catalog, "sc_request", by=CHARLIE)


async def test_itil_sees_every_order(catalog: Catalog) -> None:
    assert len(await numbers(catalog, "sc_request", by=ABEL)) == 10
    assert len(await numbers(catalog, "sc_req_item", by=ABEL)) == 12


@fact("Who has to approve an order may read it", tag="R")
async def test_an_approver_without_a_role_reads_what_they_approve(catalog: Catalog) -> None:
    made = await catalog.order(item_id("Sales Laptop"), by=CHARLIE)
    item = catalog.items_of(made)[0]
    assert await numbers(catalog, "sc_req_item", by=MORGAN) == {item["number"]}
    path = f"/table/sc_req_item/{item['sys_id']}"
    assert (await catalog.get(path, by=MORGAN)).status_code == 200
    assert (await catalog.get(path, by=JOE)).status_code == 404


@fact("A requester may comment on an order and change nothing else of it", tag="R")
async def test_charlie_comments_on_his_request(catalog: Catalog) -> None:
    row = catalog.instance.query("sc_req_item", "number=RITM0000002")[0]
    path = f"/table/sc_req_item/{row['sys_id']}"
    values = {"comments": "Any news?", "state": "3", "quantity": "9", "approval": "approved"}
    assert (await catalog.patch(path, values, by=CHARLIE)).status_code == 200
    after = catalog.row("sc_req_item", row["sys_id"])
    assert (after["state"], after["quantity"]) == (row["state"], "2")
    entries = catalog.instance.query("sys_journal_field", f"element_id={row['sys_id']}")
    assert [entry["value"] for entry in entries] == ["Any news?"]


async def test_charlie_cannot_approve_his_own_laptop(catalog: Catalog) -> None:
    row = catalog.instance.query("sc_req_item", "number=RITM0000001")[0]
    for table, sys_id in (("sc_req_item", row["sys_id"]), ("sc_request", row["request"])):
        path = f"/table/{table}/{sys_id}"
        await catalog.patch(
            path, {"approval": "approved", "request_state": "in_process"}, by=CHARLIE
        )
        assert catalog.row(table, sys_id)["approval"] == "requested"


@pytest.mark.parametrize("table", ["sc_request", "sc_req_item", "sc_task"])
async def test_charlie_inserts_no_orders_by_hand(catalog: Catalog, table: str) -> None:
    response = await catalog.post(f"/table/{table}", {"requested_for": FRED}, by=CHARLIE)
    assert response.status_code == 403


@pytest.mark.parametrize(
    "table", ["sc_cat_item", "sc_category", "item_option_new", "question_choice", "user_criteria"]
)
async def test_only_keepers_write_the_catalog(catalog: Catalog, table: str) -> None:
    for person in (CHARLIE, ABEL):
        assert (await catalog.post(f"/table/{table}", {}, by=person)).status_code == 403
    assert (await catalog.post(f"/table/{table}", {}, by=KEEPER)).status_code == 201


async def test_a_keeper_changes_a_price(catalog: Catalog) -> None:
    path = f"/table/sc_cat_item/{HEADSET}"
    assert (await catalog.patch(path, {"price": "80"}, by=ABEL)).status_code == 403
    assert (await catalog.patch(path, {"price": "80"}, by=KEEPER)).status_code == 200
    assert (await catalog.got(f"/items/{HEADSET}"))["price"] == "$80.00"


async def test_user_criteria_are_not_for_everybody(catalog: Catalog) -> None:
    for table in ("user_criteria", "sc_cat_item_user_criteria_no_mtom"):
        assert await catalog.result(f"/table/{table}", by=CHARLIE) == []
        assert await catalog.result(f"/table/{table}", by=KEEPER)


async def test_a_cart_is_its_owners(catalog: Catalog) -> None:
    body = {"sysparm_quantity": 1}
    await catalog.did(f"/items/{HEADSET}/add_to_cart", body, by=CHARLIE)
    for table in ("sc_cart", "sc_cart_item"):
        assert len(await catalog.result(f"/table/{table}", by=CHARLIE)) == 1
        assert await catalog.result(f"/table/{table}", by=JOE) == []
        assert await catalog.result(f"/table/{table}", by=ABEL) == []
        assert len(await catalog.result(f"/table/{table}", by=ADMIN)) == 1


async def test_answers_are_for_those_who_see_the_order(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=CHARLIE, additional_software="A diary")
    item = catalog.items_of(request)[0]["sys_id"]
    query = f"request_item={item}"
    for person, seen in ((CHARLIE, True), (ABEL, True), (JOE, False)):
        rows = await catalog.result("/table/sc_item_option_mtom", by=person, sysparm_query=query)
        assert bool(rows) is seen
        found = await catalog.result(
            "/table/sc_item_option", by=person, sysparm_query="value=A diary"
        )
        assert bool(found) is seen


async def test_the_demo_orders_agree_with_themselves(catalog: Catalog) -> None:
    for request in catalog.instance.query("sc_request"):
        items = catalog.items_of(request)
        assert items
        open_items = [item for item in items if item["active"] == "true"]
        assert bool(open_items) is (request["active"] == "true")
    waiting = catalog.instance.query("sc_req_item", "number=RITM0000001")[0]
    approval = catalog.approvals_of(waiting)[0]
    path = f"/table/sysapproval_approver/{approval['sys_id']}"
    assert (await catalog.patch(path, {"state": "approved"}, by=FRED)).status_code == 200
    assert catalog.row("sc_req_item", waiting["sys_id"])["stage"] == "fulfillment"
    assert catalog.tasks_of(waiting)


@fact("Demo variables, choices and sets can be read as rows by everybody", tag="R")
async def test_definitions_are_readable(catalog: Catalog) -> None:
    memory = variable_id("Developer Laptop", "memory")
    rows = await catalog.result(
        "/table/question_choice", by=CHARLIE, sysparm_query=f"question={memory}"
    )
    assert {row["value"] for row in rows} == {"16", "32", "64"}
    kind = await catalog.result(
        f"/table/item_option_new/{memory}", by=CHARLIE, sysparm_display_value="true"
    )
    assert kind["type"] == "Select Box"
    assert await catalog.result("/table/io_set_item", by=CHARLIE)


@fact(
    "A catalog administrator empties the cart of another person and does not delete it",
    tag="D Service Catalog API",
)
async def test_a_keeper_empties_a_cart_and_leaves_it(catalog: Catalog) -> None:
    await catalog.did(f"/items/{HEADSET}/add_to_cart", {"sysparm_quantity": 1}, by=CHARLIE)
    cart = (await catalog.got("/cart", by=CHARLIE))["cart_id"]
    assert (await catalog.ask("DELETE", f"/cart/{cart}/empty", by=KEEPER)).status_code == 204
    assert (await catalog.got("/cart", by=CHARLIE))["cart_id"] == cart
