"""Carts, checking out in one and in two steps, wish lists, delivery addresses."""

import pytest

from tests.simulator.areas.catalog_api import (
    ABEL,
    ADMIN,
    CHARLIE,
    DEV_LAPTOP,
    HEADSET,
    JOE,
    LAPTOP,
    PHONE,
    Catalog,
    item_id,
)
from tests.simulator.facts import fact

DOC = "D Service Catalog API"
TWO_STEPS = "glide.sc.checkout.twostep"


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


async def put(
    catalog: Catalog, item: str, *, by: str = ABEL, quantity: int = 1, **variables: str
) -> str:
    """Put an item into the cart; the sys_id it has there."""
    body = {"sysparm_quantity": quantity, "variables": variables}
    added = await catalog.did(f"/items/{item}/add_to_cart", body, by=by)
    last: str = added["items"][-1]["cart_item_id"]
    return last


@fact("add_to_cart answers with everything in the cart and its subtotal", tag=DOC)
async def test_adding_answers_with_the_cart(catalog: Catalog) -> None:
    await put(catalog, HEADSET, quantity=2)
    body = {"sysparm_quantity": "1", "variables": {"data_plan": "5gb"}}
    cart = await catalog.did(f"/items/{PHONE}/add_to_cart", body)
    assert cart["subtotal"] == "$750.00"
    assert [item["item_name"] for item in cart["items"]] == ["Headset", "Business Phone"]
    phone = cart["items"][1]
    assert (phone["catalog_item_id"], phone["quantity"]) == (PHONE, "1")
    assert (phone["price"], phone["recurring_price"]) == ("$600.00", "$39.99")
    assert phone["recurring_frequency"] == "Monthly"


@fact("A cart groups its items by how often their recurring price is due", tag=DOC)
async def test_a_cart_groups_by_frequency(catalog: Catalog) -> None:
    headset = await put(catalog, HEADSET, quantity=2)
    await put(catalog, PHONE, data_plan="500mb")
    await put(catalog, LAPTOP, acrobat="true")
    cart = await catalog.got("/cart")
    assert cart["subtotal_price"] == "$1,930.00"
    assert cart["subtotal_recurring_price"] == "$129.99"
    assert cart["monthly"]["frequency_label"] == "Monthly"
    assert cart["yearly"]["subtotal_recurring_frequency"] == "Annually"
    assert cart["none"]["frequency_label"] is None
    line = cart["none"]["items"][0]
    assert line["cart_item_id"] == line["sys_id"] == headset
    assert line["catalog_item_id"] == line["item_id"] == HEADSET
    assert (line["subtotal"], line["subtotal_price"], line["quantity"]) == (150, "$150.00", "2")
    assert line["recurring_frequency"] is None
    assert (line["delivery_time"], line["created_by"]) == ("2 Days", "abel.tuter")
    assert cart["yearly"]["items"][0]["variables"]["PDF Editor"] == "true"


@fact("An empty cart is answered with its totals and without items", tag=DOC)
async def test_an_empty_cart(catalog: Catalog) -> None:
    cart = await catalog.got("/cart")
    assert cart["subtotal_price"] == "$0.00"
    assert "none" not in cart
    assert (await catalog.got("/cart"))["cart_id"] == cart["cart_id"]


@fact("Changing an item of the cart answers 201 with the whole cart", tag=DOC)
async def test_an_item_of_the_cart_is_changed(catalog: Catalog) -> None:
    line = await put(catalog, PHONE, data_plan="500mb", original_number="1")
    body = {"sysparm_quantity": "3", "variables": {"data_plan": "unlimited"}}
    response = await catalog.ask("PUT", f"/cart/{line}", body)
    assert response.status_code == 201
    item = response.json()["result"]["monthly"]["items"][0]
    assert (item["quantity"], item["recurring_price"]) == ("3", "$54.99")
    assert item["variables"]["Original phone number"] == "1"


@fact("Changing an item of the cart without a quantity is 400", tag=DOC)
async def test_a_change_needs_a_quantity_and_answers(catalog: Catalog) -> None:
    line = await put(catalog, PHONE, data_plan="500mb")
    assert await catalog.refusal("PUT", f"/cart/{line}", {}) == "Invalid quantity value"
    nothing = {"sysparm_quantity": 1, "variables": {"data_plan": ""}}
    message = await catalog.refusal("PUT", f"/cart/{line}", nothing)
    assert message == "Mandatory Variables are required"


@fact("An item is deleted from the cart with 204; an unknown or foreign one is 400", tag=DOC)
async def test_an_item_is_deleted_from_the_cart(catalog: Catalog) -> None:
    line = await put(catalog, HEADSET)
    assert await catalog.refusal("DELETE", f"/cart/{line}", by=CHARLIE)
    assert await catalog.refusal("PUT", f"/cart/{line}", {"sysparm_quantity": 2}, by=CHARLIE)
    assert (await catalog.ask("DELETE", f"/cart/{line}")).status_code == 204
    assert await catalog.refusal("DELETE", f"/cart/{line}")
    assert catalog.instance.query("sc_item_option", f"cart_item={line}") == []


@fact(
    "A cart is emptied by its owner or an administrator of the catalog, for others it is 400",
    tag=DOC,
)
async def test_who_may_empty_a_cart(catalog: Catalog) -> None:
    await put(catalog, HEADSET, by=CHARLIE)
    cart = (await catalog.got("/cart", by=CHARLIE))["cart_id"]
    assert await catalog.refusal("DELETE", f"/cart/{cart}/empty", by=ABEL) == "Invalid cart"
    assert await catalog.refusal("DELETE", "/cart/nothing/empty") == "Invalid cart"
    assert (await catalog.ask("DELETE", f"/cart/{cart}/empty", by=ADMIN)).status_code == 204
    assert "none" not in await catalog.got("/cart", by=CHARLIE)
    own = (await catalog.got("/cart", by=CHARLIE))["cart_id"]
    assert (await catalog.ask("DELETE", f"/cart/{own}/empty", by=CHARLIE)).status_code == 204


@fact("With one-step checkout both checkout and submit_order answer with the request", tag=DOC)
@pytest.mark.parametrize("path", ["/cart/checkout", "/cart/submit_order"])
async def test_one_step_orders_the_cart(catalog: Catalog, path: str) -> None:
    await put(catalog, HEADSET, by=CHARLIE, quantity=2)
    await put(catalog, LAPTOP, by=CHARLIE, acrobat="true")
    made = await catalog.did(path, by=CHARLIE)
    request = catalog.row("sc_request", made["request_id"])
    assert made["request_number"] == request["number"]
    assert [item["cat_item"] for item in catalog.items_of(request)] == [HEADSET, LAPTOP]
    assert request["price"] == "1330"
    assert "none" not in await catalog.got("/cart", by=CHARLIE)


@fact("Checking out an empty cart is 400", tag=DOC)
@pytest.mark.parametrize("path", ["/cart/checkout", "/cart/submit_order"])
@pytest.mark.parametrize("two_steps", ["true", "false"])
async def test_an_empty_cart_is_not_ordered(catalog: Catalog, path: str, two_steps: str) -> None:
    catalog.set_property(TWO_STEPS, two_steps)
    assert await catalog.refusal("POST", path) == "Cannot check out with an empty cart!"


@fact("With two-step checkout the first step shows the cart and whom it is for", tag=DOC)
async def test_two_steps_show_before_they_order(catalog: Catalog) -> None:
    catalog.set_property(TWO_STEPS, "true")
    await put(catalog, HEADSET)
    said = {"special_instructions": "At the back door", "requested_for": CHARLIE}
    shown = await catalog.did("/cart/checkout", said)
    assert (shown["requested_for"], shown["requested_for_user"]) == (
        CHARLIE,
        "Charlie Whitherspoon",
    )
    assert shown["none"]["items"][0]["item_name"] == "Headset"
    assert shown["delivery_address"].startswith("12 Example Wharf")
    made = await catalog.did("/cart/submit_order")
    request = catalog.row("sc_request", made["request_id"])
    assert request["requested_for"] == CHARLIE
    assert request["special_instructions"] == "At the back door"


@fact("With two-step checkout order_now only puts the item into the cart", tag="C forum report")
async def test_two_steps_make_order_now_fill_the_cart(catalog: Catalog) -> None:
    catalog.set_property(TWO_STEPS, "true")
    before = catalog.instance.count("sc_request")
    made = await catalog.did(f"/items/{HEADSET}/order_now", {"sysparm_quantity": 1})
    assert list(made) == ["cart_id"]
    assert catalog.instance.count("sc_request") == before
    assert (await catalog.got("/cart"))["none"]["items"][0]["catalog_item_id"] == HEADSET


async def test_a_cart_can_be_for_somebody_else(catalog: Catalog) -> None:
    body = {"sysparm_quantity": 1, "sysparm_requested_for": CHARLIE}
    await catalog.did(f"/items/{HEADSET}/add_to_cart", body)
    made = await catalog.did("/cart/submit_order")
    assert catalog.row("sc_request", made["request_id"])["requested_for"] == CHARLIE
    await put(catalog, HEADSET)
    again = await catalog.did("/cart/submit_order")
    assert catalog.row("sc_request", again["request_id"])["requested_for"] == ABEL


async def test_an_item_of_a_cart_can_be_for_several(catalog: Catalog) -> None:
    body = {
        "sysparm_quantity": 1,
        "sysparm_also_request_for": JOE,
        "variables": {"building": "here"},
    }
    await catalog.did(f"/items/{item_id('Building Badge')}/add_to_cart", body)
    made = await catalog.did("/cart/submit_order")
    items = catalog.items_of(catalog.row("sc_request", made["request_id"]))
    assert [item["requested_for"] for item in items] == [ABEL, JOE]


async def test_an_item_that_becomes_inactive_leaves_the_cart(catalog: Catalog) -> None:
    await put(catalog, HEADSET)
    catalog.instance.update("sc_cat_item", HEADSET, {"active": "false"})
    assert "none" not in await catalog.got("/cart")
    assert await catalog.refusal("POST", "/cart/submit_order")


async def test_an_item_that_is_no_longer_for_the_person_cannot_be_changed(
    catalog: Catalog,
) -> None:
    line = await put(catalog, HEADSET, by=CHARLIE)
    criterion = catalog.instance.insert("user_criteria", {"name": "C", "user": CHARLIE})
    link = {"sc_cat_item": HEADSET, "user_criteria": criterion}
    catalog.instance.insert("sc_cat_item_user_criteria_no_mtom", link)
    message = await catalog.refusal("PUT", f"/cart/{line}", {"sysparm_quantity": 2}, by=CHARLIE)
    assert message == "Security constraints prevent ordering of Item"


async def test_masked_answers_do_not_show_in_a_cart(catalog: Catalog) -> None:
    await put(catalog, item_id("Corporate VPN Access"), pass_phrase="open sesame")
    answers = (await catalog.got("/cart"))["none"]["items"][0]["variables"]
    assert answers["Pass phrase"] == "********"


@fact("A wish list is a cart of its own, which nothing mandatory keeps an item out of", tag=DOC)
async def test_a_wish_list(catalog: Catalog) -> None:
    wished = await catalog.did(f"/items/{DEV_LAPTOP}/add_to_wishlist", {"sysparm_quantity": "1"})
    assert wished["items"][0]["item_name"] == "Developer Laptop"
    assert wished["items"][0]["variables"]["Memory"] == ""
    listed = await catalog.got("/wishlist")
    assert listed["cart_id"] == wished["cart_id"] != (await catalog.got("/cart"))["cart_id"]
    assert listed["items"][0]["catalog_item_id"] == DEV_LAPTOP
    one = listed["items"][0]["cart_item_id"]
    assert (await catalog.got(f"/wishlist/{one}"))["price"] == "$1,899.50"
    assert (await catalog.got("/wishlist", by=CHARLIE))["items"] == []
    assert await catalog.did(f"/items/{HEADSET}/add_to_wishlist")


@fact("A wish list item that is not there, or is another person's, is 404", tag=DOC)
async def test_a_foreign_wish_is_not_found(catalog: Catalog) -> None:
    wished = await catalog.did(f"/items/{HEADSET}/add_to_wishlist", {"sysparm_quantity": 1})
    path = f"/wishlist/{wished['items'][0]['cart_item_id']}"
    assert (await catalog.ask("GET", path, by=CHARLIE)).status_code == 404
    assert (await catalog.ask("DELETE", path, by=CHARLIE)).status_code == 404
    assert (await catalog.ask("GET", "/wishlist/x")).status_code == 404
    assert (await catalog.ask("DELETE", path)).status_code == 204
    assert (await catalog.got("/wishlist"))["items"] == []


@fact("A delivery address is the person's street, or else where they work, on lines", tag=DOC)
async def test_a_delivery_address(catalog: Catalog) -> None:
    path = f"/cart/delivery_address/{JOE}"
    assert await catalog.got(path) == "100 Harbor Example Drive\nSan Diego\nUSA"
    home = {"street": "1 Home Street", "city": "Boston", "state": "MA", "zip": "02114"}
    catalog.instance.update("sys_user", JOE, home)
    assert await catalog.got(path) == "1 Home Street\nBoston, MA, 02114"
    catalog.instance.update("sys_user", JOE, {"street": "", "location": ""})
    assert await catalog.got(path) == ""


@fact("Who may not request for others is not told their address; an unknown user is 400", tag=DOC)
async def test_charlie_does_not_learn_addresses(catalog: Catalog) -> None:
    assert await catalog.got(f"/cart/delivery_address/{JOE}", by=CHARLIE) == ""
    assert await catalog.got(f"/cart/delivery_address/{CHARLIE}", by=CHARLIE)
    message = await catalog.refusal("GET", "/cart/delivery_address/nobody")
    assert message == "Invalid user"
