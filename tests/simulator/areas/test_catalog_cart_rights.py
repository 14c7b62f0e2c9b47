"""A cart is its owner's to write, and still a way to nothing they may not order."""

import pytest

from simulator.areas.catalog.seed.naming import item_id
from tests.simulator.areas.catalog_api import BETH, CHARLIE, HEADSET, JOE, Catalog

HIDDEN = item_id("Payroll Data Extract")


@pytest.fixture
def catalog() -> Catalog:
    return Catalog()


async def filled_cart(catalog: Catalog) -> str:
    """A cart of Charlie's with a headset in it; its sys_id."""
    body = {"sysparm_quantity": 1}
    added = await catalog.did(f"/items/{HEADSET}/add_to_cart", body, by=CHARLIE)
    cart: str = added["cart_id"]
    return cart


async def refusal(catalog: Catalog) -> str:
    """What Charlie's order is refused with; nothing is ordered then, and the cart stays full."""
    before = catalog.instance.count("sc_request")
    response = await catalog.ask("POST", "/cart/submit_order", by=CHARLIE)
    assert response.status_code == 400
    assert catalog.instance.count("sc_request") == before
    assert catalog.instance.count("sc_cart_item", f"cart.user={CHARLIE}") > 0
    return str(response.json()["error"]["message"])


async def test_a_cart_that_was_written_to_be_for_another_is_not_ordered(catalog: Catalog) -> None:
    cart = await filled_cart(catalog)
    await catalog.patch(f"/table/sc_cart/{cart}", {"requested_for": BETH}, by=CHARLIE)
    assert "request" in (await refusal(catalog)).lower()


async def test_an_item_that_is_not_for_the_person_cannot_be_slipped_into_the_cart(
    catalog: Catalog,
) -> None:
    cart = await filled_cart(catalog)
    slipped = {"cart": cart, "cat_item": HIDDEN, "quantity": "1"}
    assert (await catalog.post("/table/sc_cart_item", slipped, by=CHARLIE)).status_code == 201
    assert "Security constraints" in await refusal(catalog)


async def test_further_receivers_cannot_be_slipped_into_the_cart(catalog: Catalog) -> None:
    cart = await filled_cart(catalog)
    slipped = {"cart": cart, "cat_item": HEADSET, "quantity": "1", "also_request_for": JOE}
    await catalog.post("/table/sc_cart_item", slipped, by=CHARLIE)
    await refusal(catalog)


async def test_nobody_hands_a_cart_or_its_items_to_another(catalog: Catalog) -> None:
    cart = await filled_cart(catalog)
    hers = catalog.instance.insert("sc_cart", {"user": BETH, "name": "DEFAULT"})
    (item,) = catalog.instance.query("sc_cart_item", f"cart={cart}")
    await catalog.patch(f"/table/sc_cart/{cart}", {"user": BETH}, by=CHARLIE)
    await catalog.patch(f"/table/sc_cart_item/{item['sys_id']}", {"cart": hers}, by=CHARLIE)
    row = catalog.instance.row("sc_cart", cart)
    assert row is not None
    assert row["user"] == CHARLIE
    assert catalog.instance.count("sc_cart_item", f"cart={hers}") == 0
