"""Ordering an item at once: what is asked, for whom, and what the order becomes."""

import pytest

from simulator.areas.catalog.seed.naming import variable_id
from simulator.seed.ids import location_id
from simulator.switches import Switches
from tests.simulator.areas.catalog_api import (
    ABEL,
    ADMIN,
    BADGE,
    CHARLIE,
    DEV_LAPTOP,
    FRED,
    HEADSET,
    JOE,
    LAPTOP,
    PHONE,
    SERVICE,
    Catalog,
    item_id,
)
from tests.simulator.facts import fact

DOC = "D Service Catalog API"
BUILDING = {"building": location_id("London")}


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


def answers(catalog: Catalog, item: dict[str, str]) -> dict[str, str]:
    """What was answered for a requested item, by the name of the variable."""
    owned = catalog.instance.query("sc_item_option_mtom", f"request_item={item['sys_id']}")
    options = [catalog.row("sc_item_option", each["sc_item_option"]) for each in owned]
    return {
        catalog.row("item_option_new", option["item_option_new"])["name"]: option["value"]
        for option in options
    }


@fact("order_now answers 200 with number and sys_id of the request, both twice", tag=DOC)
async def test_an_order_answers_with_its_request(catalog: Catalog) -> None:
    made = await catalog.did(f"/items/{HEADSET}/order_now", {"sysparm_quantity": 1})
    assert made["table"] == "sc_request"
    assert made["number"] == made["request_number"] == "REQ0010001"
    assert made["sys_id"] == made["request_id"]


@fact("A new request, item and task of a demo instance have the numbers 0010001", tag="R")
async def test_numbers_begin_where_demo_instances_do(catalog: Catalog) -> None:
    request = await catalog.order(HEADSET)
    item = catalog.items_of(request)[0]
    assert (request["number"], item["number"]) == ("REQ0010001", "RITM0010001")
    assert catalog.tasks_of(item)[0]["number"] == "SCTASK0010001"


async def test_an_order_is_opened_by_and_for_whoever_places_it(catalog: Catalog) -> None:
    request = await catalog.order(HEADSET, by=CHARLIE, quantity="3")
    assert request["opened_by"] == request["requested_for"] == CHARLIE
    assert request["sys_created_by"] == "charlie.whitherspoon"
    assert request["delivery_address"].startswith("12 Example Wharf")
    item = catalog.items_of(request)[0]
    assert (item["cat_item"], item["quantity"], item["price"]) == (HEADSET, "3", "75")
    assert item["requested_for"] == CHARLIE
    assert item["sc_catalog"] == SERVICE
    assert item["estimated_delivery"] == "2026-11-22 09:00:00"
    assert item["short_description"] == "Headset for calls and meetings"
    assert request["price"] == "225"


@fact("The quantity of an order is a number or a number as text", tag=DOC)
@pytest.mark.parametrize("quantity", [2, "2", " 2 "])
async def test_a_quantity_may_be_text(catalog: Catalog, quantity: object) -> None:
    request = await catalog.order(HEADSET, quantity=quantity)
    assert catalog.items_of(request)[0]["quantity"] == "2"


@fact(
    "An order without a quantity, or with one that is none, is 400 Invalid quantity value", tag=DOC
)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sysparm_quantity": None},
        *(
            {"sysparm_quantity": quantity}
            for quantity in (0, -1, "-1", "", "many", "1.5", 1.5, True, [1], {"value": 1}, "²")
        ),
        {"sysparm_quantity": 10000},
        {"sysparm_quantity": 2**70},
        {"sysparm_quantity": "9" * 5000},
    ],
)
async def test_an_order_needs_a_quantity(catalog: Catalog, body: dict[str, object]) -> None:
    for action in ("order_now", "add_to_cart"):
        message = await catalog.refusal("POST", f"/items/{HEADSET}/{action}", body)
        assert message == "Invalid quantity value"


@fact("Ordering what is not there is 400 Security constraints prevent ordering of Item", tag=DOC)
@pytest.mark.parametrize("item", ["x", item_id("Fax Machine"), item_id("New Hire")])
async def test_what_cannot_be_ordered_is_refused(catalog: Catalog, item: str) -> None:
    path = f"/items/{item}/order_now"
    message = await catalog.refusal("POST", path, {"sysparm_quantity": 1})
    assert message == "Security constraints prevent ordering of Item"


@fact("A missing mandatory variable is 400 Mandatory Variables are required", tag=DOC)
@pytest.mark.parametrize("given", [{}, {"new_email": ""}, {"new_email": "  "}, {"new_email": None}])
async def test_mandatory_variables_are_required(catalog: Catalog, given: dict[str, object]) -> None:
    body = {"sysparm_quantity": 1, "variables": given}
    for action in ("order_now", "add_to_cart"):
        path = f"/items/{item_id('New Email Account')}/{action}"
        assert await catalog.refusal("POST", path, body) == "Mandatory Variables are required"
    assert catalog.instance.count("sc_req_item", f"cat_item={item_id('New Email Account')}") == 0


async def test_a_mandatory_variable_with_a_default_may_be_left_out(catalog: Catalog) -> None:
    request = await catalog.order(PHONE, data_plan="500mb")
    given = answers(catalog, catalog.items_of(request)[0])
    assert given == {"replacement": "No", "original_number": "", "data_plan": "500mb"}


@fact("What only a UI policy makes mandatory is not required of an order by the API", tag=DOC)
async def test_ui_policies_require_nothing(catalog: Catalog) -> None:
    request = await catalog.order(PHONE, replacement="Yes", data_plan="500mb")
    assert answers(catalog, catalog.items_of(request)[0])["original_number"] == ""


@fact("Variables that an item does not have are ignored", tag="R")
async def test_unknown_variables_are_ignored(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, acrobat=True, not_asked="x", room=12)
    given = answers(catalog, catalog.items_of(request)[0])
    assert "not_asked" not in given
    assert (given["acrobat"], given["photoshop"], given["room"]) == ("true", "false", "12")


@fact(
    "Each answer is a sc_item_option, tied to its requested item by sc_item_option_mtom",
    tag="C WorkArena",
)
async def test_answers_are_rows_of_two_tables(catalog: Catalog) -> None:
    request = await catalog.order(
        item_id("Distribution List"), list_name="All", members=[ABEL, JOE]
    )
    item = catalog.items_of(request)[0]
    rows = await catalog.result(
        "/table/sc_item_option_mtom",
        by=ABEL,
        sysparm_query=f"request_item={item['sys_id']}",
        sysparm_fields="sc_item_option.value,sc_item_option.item_option_new.name",
    )
    assert {tuple(row.values()) for row in rows} == {
        ("All", "list_name"),
        (f"{ABEL},{JOE}", "members"),
    }


@fact("Answers may add to the price of an item", tag="R")
async def test_answers_cost_extra(catalog: Catalog) -> None:
    request = await catalog.order(DEV_LAPTOP, memory="32", quantity=2)
    assert catalog.items_of(request)[0]["price"] == "2049.5"
    assert request["price"] == "4099"
    phone = catalog.items_of(await catalog.order(PHONE, data_plan="unlimited"))[0]
    assert (phone["price"], phone["recurring_price"]) == ("600", "54.99")
    laptop = catalog.items_of(await catalog.order(LAPTOP, acrobat="true", photoshop="yes"))[0]
    assert (laptop["price"], laptop["recurring_price"]) == ("1180", "120")


@fact("The value of a masked variable cannot be read in the table of answers", tag="R")
async def test_masked_answers_are_not_readable(catalog: Catalog) -> None:
    request = await catalog.order(item_id("Corporate VPN Access"), pass_phrase="open sesame")
    stored = answers(catalog, catalog.items_of(request)[0])["pass_phrase"]
    assert stored
    assert "sesame" not in stored


async def test_an_answer_for_a_role_is_not_taken_from_others(catalog: Catalog) -> None:
    variable = variable_id("Standard Laptop", "additional_software")
    catalog.instance.update("item_option_new", variable, {"create_roles": "itil"})
    request = await catalog.order(LAPTOP, by=CHARLIE, additional_software="A game")
    assert answers(catalog, catalog.items_of(request)[0])["additional_software"] == ""


def for_(person: str) -> dict[str, object]:
    """An order for somebody."""
    return {"sysparm_quantity": 1, "sysparm_requested_for": person}


@fact("Who holds a role of glide.sc.req_for.roles may request for others", tag=DOC)
async def test_a_service_desk_orders_for_charlie(catalog: Catalog) -> None:
    made = await catalog.did(f"/items/{HEADSET}/order_now", for_(CHARLIE), by=ABEL)
    request = catalog.row("sc_request", made["sys_id"])
    assert (request["requested_for"], request["opened_by"]) == (CHARLIE, ABEL)
    assert request["delivery_address"].startswith("12 Example Wharf")


@fact("Who holds no role of glide.sc.req_for.roles requests for nobody else", tag=DOC)
async def test_charlie_orders_for_himself_only(catalog: Catalog) -> None:
    path = f"/items/{HEADSET}/order_now"
    before = catalog.instance.count("sc_request")
    assert await catalog.refusal("POST", path, for_(FRED), by=CHARLIE)
    assert catalog.instance.count("sc_request") == before
    await catalog.did(path, for_(CHARLIE), by=CHARLIE)


async def test_an_instance_may_order_for_oneself_instead() -> None:
    catalog = Catalog(switches=Switches(refused_receivers_are_replaced=True))
    made = await catalog.did(f"/items/{HEADSET}/order_now", for_(FRED), by=CHARLIE)
    assert catalog.row("sc_request", made["sys_id"])["requested_for"] == CHARLIE


@fact(
    "Without roles, glide.sc.req_for.roles.default allows or denies requesting for others", tag=DOC
)
async def test_the_default_decides_where_no_role_is_named(catalog: Catalog) -> None:
    path = f"/items/{HEADSET}/order_now"
    catalog.set_property("glide.sc.req_for.roles", "")
    assert await catalog.refusal("POST", path, for_(CHARLIE), by=ABEL)
    catalog.set_property("glide.sc.req_for.roles.default", "allow")
    made = await catalog.did(path, for_(FRED), by=CHARLIE)
    assert catalog.row("sc_request", made["sys_id"])["requested_for"] == FRED


@pytest.mark.parametrize("nobody", ["x", "otto.vance"])
async def test_nobody_orders_for_who_is_not_there(catalog: Catalog, nobody: str) -> None:
    body = for_(nobody)
    assert await catalog.refusal("POST", f"/items/{HEADSET}/order_now", body) == "Invalid user"


@pytest.mark.parametrize("wrong", [5, ["x"], {"value": "x"}])
async def test_a_receiver_must_be_text(catalog: Catalog, wrong: object) -> None:
    body = {"sysparm_quantity": 1, "sysparm_requested_for": wrong}
    message = await catalog.refusal("POST", f"/items/{HEADSET}/order_now", body)
    assert message == "Exception while reading request"


@fact("An item ordered for several people becomes one requested item for each of them", tag="R")
async def test_everybody_gets_a_badge(catalog: Catalog) -> None:
    body = {
        "sysparm_quantity": 1,
        "sysparm_also_request_for": f"{FRED}, {JOE}",
        "variables": BUILDING,
    }
    made = await catalog.did(f"/items/{BADGE}/order_now", body)
    items = catalog.items_of(catalog.row("sc_request", made["sys_id"]))
    assert [item["requested_for"] for item in items] == [ABEL, FRED, JOE]


@fact("Requesting for several people needs an item that asks whom it is for, and lets one", tag=DOC)
async def test_not_every_item_is_for_several(catalog: Catalog) -> None:
    several = {"sysparm_quantity": 1, "sysparm_also_request_for": JOE, "variables": BUILDING}
    message = await catalog.refusal("POST", f"/items/{HEADSET}/order_now", several)
    assert "not configured with Requested For" in message
    badge = f"/items/{BADGE}/order_now"
    variable = variable_id("Building Badge", "badge_for")
    roles = {"roles_to_use_also_request_for": "facilities_admin"}
    catalog.instance.update("item_option_new", variable, roles)
    assert await catalog.refusal("POST", badge, several)
    assert (await catalog.ask("POST", badge, several, by=ADMIN)).status_code == 200


@fact("At most 50 more people may be named, and each of them must be able to get the item", tag=DOC)
async def test_too_many_or_wrong_people_are_refused(catalog: Catalog) -> None:
    path = f"/items/{BADGE}/order_now"
    for people in (",".join([JOE] * 51), f"{JOE},nobody"):
        body = {
            "sysparm_quantity": 1,
            "sysparm_also_request_for": people,
            "variables": BUILDING,
        }
        assert await catalog.refusal("POST", path, body)


@fact("delegation says whether a person has acquisition rights to an item", tag=DOC)
async def test_delegation_is_about_the_other_person(catalog: Catalog) -> None:
    assert await catalog.got(f"/items/{DEV_LAPTOP}/delegation/{JOE}") == {"result": True}
    assert await catalog.got(f"/items/{DEV_LAPTOP}/delegation/{CHARLIE}") == {"result": False}
    assert await catalog.got(f"/items/{DEV_LAPTOP}/delegation/nobody") == {"result": False}
    assert await catalog.refusal("GET", f"/items/{DEV_LAPTOP}/delegation/{JOE}", by=CHARLIE)


@fact(
    "Those who cannot get an item are named; an item not for several answers errCode 42202", tag=DOC
)
async def test_invalid_delegated_users(catalog: Catalog) -> None:
    link = {"sc_cat_item": BADGE, "user_criteria": _criterion(catalog, CHARLIE)}
    catalog.instance.insert("sc_cat_item_user_criteria_no_mtom", link)
    path = "/items/{}/get_invalid_delegated_users"
    asked = {"sysparm_also_request_for": f"{JOE},{CHARLIE}"}
    assert await catalog.did(path.format(BADGE), asked) == {
        "invalidUsers": ["Charlie Whitherspoon"]
    }
    assert (await catalog.did(path.format(HEADSET), asked))["errCode"] == "42202"
    assert await catalog.refusal("POST", path.format(BADGE), {}) == "Invalid user"


def _criterion(catalog: Catalog, person: str) -> str:
    return catalog.instance.insert("user_criteria", {"name": "One", "user": person})


@fact("A mandatory check box has to be checked", tag="R")
async def test_a_mandatory_check_box_wants_to_be_checked(catalog: Catalog) -> None:
    variable = variable_id("Standard Laptop", "acrobat")
    catalog.instance.update("item_option_new", variable, {"mandatory": "true"})
    body = {"sysparm_quantity": 1, "variables": {"acrobat": "false"}}
    message = await catalog.refusal("POST", f"/items/{LAPTOP}/order_now", body)
    assert message == "Mandatory Variables are required"
    assert await catalog.order(LAPTOP, acrobat="on")
