"""Building a catalogue over the Table API: what is written there is what the API offers."""

import pytest

from tests.simulator.areas.catalog_api import (
    ADMIN,
    CHARLIE,
    SERVICE,
    TECHNICAL,
    Catalog,
    category_id,
)
from tests.simulator.facts import fact


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


async def made(catalog: Catalog, table: str, **values: str) -> str:
    """Insert a row as the administrator; its sys_id."""
    response = await catalog.post(f"/table/{table}", values, by=ADMIN)
    assert response.status_code == 201, response.text
    sys_id: str = response.json()["result"]["sys_id"]
    return sys_id


async def test_an_item_made_by_hand_can_be_ordered(catalog: Catalog) -> None:
    office = category_id("Office")
    item = await made(catalog, "sc_cat_item", name="Chair", price="99", category=office)
    variable = await made(
        catalog,
        "item_option_new",
        cat_item=item,
        name="colour",
        question_text="Colour",
        type="5",
        mandatory="true",
    )
    await made(catalog, "question_choice", question=variable, text="Red", value="red")
    body = await catalog.got(f"/items/{item}", by=CHARLIE)
    assert (body["name"], body["price"]) == ("Chair", "$99.00")
    assert body["variables"][0]["choices"] == [{"value": "red", "label": "Red", "index": 0}]
    assert item in [one["sys_id"] for one in await catalog.got("/items", sysparm_category=office)]
    request = await catalog.order(item, by=CHARLIE, colour="red")
    assert request["price"] == "99"


async def catalogs_of(catalog: Catalog, item: str) -> set[str]:
    """The catalogues that rows say an item is in."""
    rows = catalog.instance.query("sc_cat_item_catalog", f"sc_cat_item={item}")
    return {row["sc_catalog"] for row in rows}


@fact(
    "The catalogs of an item are a list on the item and rows of sc_cat_item_catalog alike", tag="R"
)
async def test_catalogs_of_an_item_are_said_twice(catalog: Catalog) -> None:
    item = await made(catalog, "sc_cat_item", name="Lamp", sc_catalogs=SERVICE)
    assert await catalogs_of(catalog, item) == {SERVICE}
    link = await made(catalog, "sc_cat_item_catalog", sc_cat_item=item, sc_catalog=TECHNICAL)
    assert set(catalog.row("sc_cat_item", item)["sc_catalogs"].split(",")) == {SERVICE, TECHNICAL}
    await catalog.call("DELETE", f"/table/sc_cat_item_catalog/{link}", by=ADMIN)
    assert catalog.row("sc_cat_item", item)["sc_catalogs"] == SERVICE
    path = f"/table/sc_cat_item/{item}"
    await catalog.patch(path, {"sc_catalogs": TECHNICAL}, by=ADMIN)
    assert await catalogs_of(catalog, item) == {TECHNICAL}


async def test_the_first_category_of_an_item_is_its_own(catalog: Catalog) -> None:
    item = await made(catalog, "sc_cat_item", name="Lamp")
    for title in ("Office", "Hardware"):
        await made(
            catalog, "sc_cat_item_category", sc_cat_item=item, sc_category=category_id(title)
        )
    assert catalog.row("sc_cat_item", item)["category"] == category_id("Office")
    body = await catalog.got(f"/items/{item}")
    assert [one["category"]["title"] for one in body["categories"]] == ["Office", "Hardware"]
    await made(catalog, "sc_cat_item_category", sc_cat_item="gone", sc_category="gone")
    await made(catalog, "sc_cat_item_catalog", sc_cat_item="gone", sc_catalog="gone")


async def test_an_item_switched_off_is_no_longer_offered(catalog: Catalog) -> None:
    item = await made(catalog, "sc_cat_item", name="Lamp", price="not a price")
    assert (await catalog.got(f"/items/{item}"))["show_price"] is False
    await catalog.patch(f"/table/sc_cat_item/{item}", {"active": "false"}, by=ADMIN)
    assert await catalog.refusal("GET", f"/items/{item}")


async def test_a_category_switched_off_is_gone(catalog: Catalog) -> None:
    office = category_id("Office")
    await catalog.patch(f"/table/sc_category/{office}", {"active": "false"}, by=ADMIN)
    assert await catalog.refusal("GET", f"/categories/{office}")
    titles = [one["title"] for one in await catalog.got(f"/catalogs/{SERVICE}/categories")]
    assert "Office" not in titles


async def test_what_is_written_twice_is_kept_once(catalog: Catalog) -> None:
    item = await made(catalog, "sc_cat_item", name="Lamp", sc_catalogs=SERVICE)
    path = f"/table/sc_cat_item/{item}"
    await catalog.patch(path, {"sc_catalogs": f"{SERVICE},{TECHNICAL}"}, by=ADMIN)
    assert await catalogs_of(catalog, item) == {SERVICE, TECHNICAL}
    await made(catalog, "sc_cat_item_catalog", sc_cat_item=item, sc_catalog=SERVICE)
    assert len(catalog.row("sc_cat_item", item)["sc_catalogs"].split(",")) == 2
    await catalog.patch(path, {"category": category_id("Office")}, by=ADMIN)
    await catalog.patch(path, {"category": ""}, by=ADMIN)
    await catalog.patch(path, {"category": category_id("Office")}, by=ADMIN)
    rows = catalog.instance.query("sc_cat_item_category", f"sc_cat_item={item}")
    assert len(rows) == 1


@pytest.mark.parametrize("price", ["NaN", "Infinity", "9" * 19, "1e9999", "-", "\x00"])
async def test_a_price_that_is_none_costs_nothing(catalog: Catalog, price: str) -> None:
    item = await made(catalog, "sc_cat_item", name="Lamp", price=price)
    assert (await catalog.got(f"/items/{item}"))["show_price"] is False
    assert (await catalog.order(item))["price"] == "0"
    shown = await catalog.get("/table/sc_cat_item", by=ADMIN, sysparm_display_value="all")
    assert shown.status_code == 200


async def test_a_lost_category_is_not_shown(catalog: Catalog) -> None:
    item = await made(catalog, "sc_cat_item", name="Lamp", category="gone")
    body = await catalog.got(f"/items/{item}")
    assert (body["category"], body["categories"]) == ({"sys_id": "", "title": None}, [])
