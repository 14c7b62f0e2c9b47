"""Catalogues, categories and items through the Service Catalog API."""

import pytest

from simulator.switches import Switches
from tests.simulator.areas.catalog_api import (
    ABEL,
    ADMIN,
    CHARLIE,
    DEV_LAPTOP,
    FRED,
    HEADSET,
    JOE,
    LAPTOP,
    SERVICE,
    TECHNICAL,
    Catalog,
    category_id,
    item_id,
)
from tests.simulator.facts import fact

DOC = "D Service Catalog API"


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


def names(items: list[dict[str, object]]) -> list[object]:
    """The names in a list of items."""
    return [item["name"] for item in items]


@fact("A catalog says whether it has categories and items, as JSON booleans", tag=DOC)
async def test_the_list_of_catalogs_says_what_is_in_them(catalog: Catalog) -> None:
    first, second = await catalog.got("/catalogs")
    assert [first["title"], second["title"]] == ["Service Catalog", "Technical Catalog"]
    assert first["sys_id"] == SERVICE
    assert (first["has_categories"], first["has_items"]) == (True, True)
    assert first["desktop_image"].endswith(".iix")


async def test_a_catalog_is_found_by_words_in_its_title(catalog: Catalog) -> None:
    assert [c["sys_id"] for c in await catalog.got("/catalogs", sysparm_text="tech")] == [TECHNICAL]
    assert await catalog.got("/catalogs", sysparm_text="nothing of the kind") == []
    assert len(await catalog.got("/catalogs", sysparm_limit="1")) == 1


async def test_charlie_does_not_see_the_catalog_for_it_staff(catalog: Catalog) -> None:
    assert [one["sys_id"] for one in await catalog.got("/catalogs", by=CHARLIE)] == [SERVICE]
    assert await catalog.refusal("GET", f"/catalogs/{TECHNICAL}", by=CHARLIE)
    server = item_id("Virtual Server")
    assert await catalog.refusal("GET", f"/items/{server}", by=CHARLIE)
    assert server not in [i["sys_id"] for i in await catalog.got("/items", by=CHARLIE)]


async def test_one_catalog_has_its_top_categories(catalog: Catalog) -> None:
    titles = [one["title"] for one in (await catalog.got(f"/catalogs/{SERVICE}"))["categories"]]
    assert "Hardware" in titles
    assert "Laptops" not in titles


@fact("Categories of a catalog come with all below them unless only the top is asked for", tag=DOC)
async def test_the_categories_of_a_catalog(catalog: Catalog) -> None:
    every = await catalog.got(f"/catalogs/{SERVICE}/categories")
    top = await catalog.got(f"/catalogs/{SERVICE}/categories", sysparm_top_level_only="true")
    assert {"Hardware", "Laptops"} <= {one["title"] for one in every}
    assert "Laptops" not in {one["title"] for one in top}
    hardware = next(one for one in every if one["title"] == "Hardware")
    assert [one["title"] for one in hardware["subcategories"]] == [
        "Laptops",
        "Mobiles",
        "Peripherals",
    ]
    laptops = next(one for one in every if one["title"] == "Laptops")
    assert laptops["count"] == 3
    assert laptops["full_description"] is None


async def test_categories_are_paged(catalog: Catalog) -> None:
    path = f"/catalogs/{SERVICE}/categories"
    whole = await catalog.got(path)
    assert await catalog.got(path, sysparm_limit="2", sysparm_offset="1") == whole[1:3]
    assert await catalog.refusal("GET", path, sysparm_offset="-1") == "Invalid parameter"


async def test_one_category_has_its_children(catalog: Catalog) -> None:
    body = await catalog.got(f"/categories/{category_id('Hardware')}")
    child = body["child_categories"][0]
    assert child["title"] == "Laptops"
    assert child["parent"] == category_id("Hardware")
    assert child["isParentCategory"] is False


@fact("An unknown catalog, category or item of the Service Catalog API is 400, not 404", tag=DOC)
@pytest.mark.parametrize(
    "path", ["/catalogs/x", "/catalogs/x/categories", "/categories/x", "/items/x", "/items/%00"]
)
async def test_what_does_not_exist_is_a_bad_request(catalog: Catalog, path: str) -> None:
    response = await catalog.ask("GET", path)
    assert response.status_code == 400
    assert response.json()["error"]["detail"] == ""


@fact("An item in a list names its kind, its category and its catalogs", tag=DOC)
async def test_items_are_listed_with_where_they_are(catalog: Catalog) -> None:
    found = await catalog.got("/items", sysparm_text="headset")
    assert names(found) == ["Headset"]
    item = found[0]
    assert item["type"] == "catalog_item"
    assert item["sys_class_name"] == "sc_cat_item"
    assert item["category"] == {"sys_id": category_id("Peripherals"), "title": "Peripherals"}
    assert item["catalogs"] == [{"sys_id": SERVICE, "title": "Service Catalog"}]
    assert isinstance(item["order"], int)
    assert item["show_quantity"] is True


@fact("Prices of catalog items are strings with a dollar sign and two digits", tag=DOC)
async def test_prices_are_shown_in_dollars(catalog: Catalog) -> None:
    item = await catalog.got(f"/items/{LAPTOP}")
    assert (item["price"], item["localized_price"]) == ("$1,100.00", "$1,100.00")
    assert (item["recurring_price"], item["recurring_frequency"]) == ("$100.00", "Annually")
    assert (await catalog.got(f"/items/{HEADSET}"))["recurring_frequency"] is None
    cheap = await catalog.got(f"/items/{item_id('Office Supplies')}")
    assert cheap["price"] == "$4.25"


@fact("An item whose price is not shown has no price at all in the answer", tag=DOC)
async def test_an_item_for_nothing_has_no_price(catalog: Catalog) -> None:
    item = await catalog.got(f"/items/{item_id('New Email Account')}")
    assert item["show_price"] is False
    assert "price" not in item


async def test_items_are_found_by_all_words_in_any_case(catalog: Catalog) -> None:
    assert names(await catalog.got("/items", sysparm_text="LAPTOP travel")) == ["Sales Laptop"]
    assert names(await catalog.got("/items", sysparm_text='"27-inch"')) == ["External Monitor"]
    assert await catalog.got("/items", sysparm_text="laptop airplane") == []


async def test_items_are_found_by_catalog_and_category(catalog: Catalog) -> None:
    technical = await catalog.got("/items", sysparm_catalog=TECHNICAL)
    assert {"Virtual Server", "Firewall Rule"} <= set(names(technical))
    assert "Headset" not in names(technical)
    office = await catalog.got("/items", sysparm_category=category_id("Office"))
    assert {"Headset", "Desk Set Up", "Building Badge"} <= set(names(office))
    assert await catalog.got("/items", sysparm_category="nothing") == []


@fact("sysparm_type finds record producers and order guides; any other value is ignored", tag=DOC)
async def test_items_are_found_by_their_kind(catalog: Catalog) -> None:
    producers = await catalog.got("/items", sysparm_type="Record Producer")
    assert {item["type"] for item in producers} == {"record_producer"}
    guides = await catalog.got("/items", sysparm_type="order_guide")
    assert names(guides) == ["New Hire"]
    assert len(await catalog.got("/items", sysparm_type="bicycle")) == len(
        await catalog.got("/items")
    )


async def test_items_are_found_by_the_device_they_are_for(catalog: Catalog) -> None:
    on_phones = names(await catalog.got("/items", sysparm_view="mobile"))
    assert "Guest Wi-Fi Voucher" in on_phones
    assert "Tablet" not in on_phones
    assert "Tablet" in names(await catalog.got("/items", sysparm_view="desktop"))
    assert "Tablet" in names(await catalog.got("/items", sysparm_view="both"))


@fact("The limit of a list of catalog items is applied before user criteria", tag=DOC)
async def test_a_page_of_items_can_be_short_for_who_may_not_see_all(catalog: Catalog) -> None:
    laptops = {"sysparm_text": "laptop", "sysparm_category": category_id("Laptops")}
    assert len(await catalog.got("/items", **laptops, sysparm_limit="2")) == 2
    seen = await catalog.got("/items", by=CHARLIE, **laptops, sysparm_limit="2")
    assert names(seen) == ["Standard Laptop"]
    rest = await catalog.got("/items", by=CHARLIE, **laptops, sysparm_offset="2")
    assert names(rest) == ["Sales Laptop"]


@pytest.mark.parametrize("limit", ["0", "99999999999999999999", "-3", "many"])
async def test_odd_limits_do_no_harm(catalog: Catalog, limit: str) -> None:
    assert isinstance(await catalog.got("/items", sysparm_limit=limit), list)


@fact("User criteria hide an item from the lists, from reading and from ordering", tag="R")
async def test_charlie_cannot_reach_an_item_that_is_not_for_him(catalog: Catalog) -> None:
    car = item_id("Executive Car Service")
    assert car in [item["sys_id"] for item in await catalog.got("/items", by=FRED)]
    assert car not in [item["sys_id"] for item in await catalog.got("/items", by=CHARLIE)]
    assert await catalog.refusal("GET", f"/items/{car}", by=CHARLIE)
    assert await catalog.refusal("GET", f"/items/{car}/variables", by=CHARLIE)
    order = {"sysparm_quantity": 1}
    assert await catalog.refusal("POST", f"/items/{car}/order_now", order, by=CHARLIE)
    assert await catalog.refusal("POST", f"/items/{car}/add_to_cart", order, by=CHARLIE)
    assert await catalog.refusal("POST", f"/items/{car}/add_to_wishlist", order, by=CHARLIE)


@fact('"Not available for" wins over "available for" in user criteria', tag="D User criteria")
async def test_who_is_refused_stays_refused(catalog: Catalog) -> None:
    assert await catalog.refusal("GET", f"/items/{DEV_LAPTOP}", by=CHARLIE)
    everybody = catalog.instance.insert(
        "user_criteria", {"name": "Charlie and Joe", "user": f"{CHARLIE},{JOE}"}
    )
    link = {"sc_cat_item": DEV_LAPTOP, "user_criteria": everybody}
    catalog.instance.insert("sc_cat_item_user_criteria_mtom", link)
    assert await catalog.refusal("GET", f"/items/{DEV_LAPTOP}", by=CHARLIE)
    assert (await catalog.got(f"/items/{DEV_LAPTOP}", by=JOE))["name"] == "Developer Laptop"
    assert await catalog.refusal("GET", f"/items/{DEV_LAPTOP}", by=ABEL)
    assert (await catalog.got(f"/items/{DEV_LAPTOP}", by=ADMIN))["name"] == "Developer Laptop"


@pytest.mark.parametrize(
    ("criterion", "status"),
    [
        ({"user": CHARLIE}, 200),
        ({"user": JOE}, 400),
        ({"user": JOE, "match_all": "true"}, 400),
        ({"user": CHARLIE, "role": "no such role"}, 200),
        ({"user": CHARLIE, "role": "no such role", "match_all": "true"}, 400),
        ({"group": "no such group"}, 400),
        ({"location": "no such place"}, 400),
        ({"advanced": "true", "script": "answer = true"}, 400),
        ({}, 400),
    ],
)
async def test_a_criterion_is_met_by_any_or_by_all_it_names(
    catalog: Catalog, criterion: dict[str, str], status: int
) -> None:
    made = catalog.instance.insert("user_criteria", {"name": "Made", **criterion})
    link = {"sc_cat_item": HEADSET, "user_criteria": made}
    catalog.instance.insert("sc_cat_item_user_criteria_mtom", link)
    response = await catalog.ask("GET", f"/items/{HEADSET}", by=CHARLIE)
    assert response.status_code == status


async def test_an_inactive_item_is_nowhere(catalog: Catalog) -> None:
    assert "Fax Machine" not in names(await catalog.got("/items", by=ADMIN))
    assert await catalog.refusal("GET", f"/items/{item_id('Fax Machine')}", by=ADMIN)


async def test_a_content_item_says_where_it_leads(catalog: Catalog) -> None:
    item = await catalog.got(f"/items/{item_id('IT Handbook')}")
    assert (item["content_type"], item["url"]) == ("external", "https://handbook.example.com/")


async def test_an_item_has_categories_and_form_behaviour(catalog: Catalog) -> None:
    item = await catalog.got(f"/items/{item_id('Business Phone')}")
    assert item["categories"][0]["title"] == "Hardware"
    assert item["categories"][0]["category"]["title"] == "Mobiles"
    assert item["ui_policy"][0]["actions"][0]["mandatory"] == "true"
    assert [script["name"] for script in item["client_script"]["onChange"]] == [
        "Warn about roaming"
    ]
    assert item["data_lookup"] == []


@pytest.mark.parametrize("version", ["/v1", "/v2"])
async def test_the_api_has_versions(catalog: Catalog, version: str) -> None:
    path = f"/api/sn_sc{version}/servicecatalog/catalogs"
    assert (await catalog.get(path, by=ABEL)).status_code == 200


async def test_head_answers_without_a_body(catalog: Catalog) -> None:
    response = await catalog.ask("HEAD", "/items")
    assert (response.status_code, response.content) == (200, b"")


async def test_nobody_browses_without_signing_in(catalog: Catalog) -> None:
    response = await catalog.call("GET", "/api/sn_sc/servicecatalog/items", by=None)
    assert response.status_code == 401


async def test_a_method_that_an_address_does_not_take_is_405(catalog: Catalog) -> None:
    assert (await catalog.ask("PATCH", "/items", {})).status_code == 405


@fact("Without its plugin the Service Catalog API is no resource, while its tables remain", tag="R")
async def test_without_its_plugin_there_are_only_tables() -> None:
    absent = ("com.glideapp.servicecatalog.rest.api",)
    catalog = Catalog(switches=Switches(absent_plugins=absent))
    message = await catalog.refusal("GET", "/items")
    assert message == "Requested URI does not represent any resource"
    assert (await catalog.get("/table/sc_cat_item", by=ABEL)).status_code == 200


async def test_without_the_catalog_there_are_no_tables_either() -> None:
    catalog = Catalog(switches=Switches(absent_plugins=("com.glideapp.servicecatalog",)))
    assert await catalog.refusal("GET", "/items")
    response = await catalog.get("/table/sc_cat_item", by=ABEL)
    assert response.json()["error"]["message"] == "Invalid table sc_cat_item"
