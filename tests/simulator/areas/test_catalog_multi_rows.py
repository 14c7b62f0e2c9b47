"""Multi-row variable sets: a table of answers in one variable."""

import json

import pytest

from tests.simulator.areas.catalog_api import ABEL, CHARLIE, FRED, JOE, Catalog, item_id
from tests.simulator.facts import fact

DATABASE = item_id("Database Instance")
TABLE = "sc_multi_row_question_answer"
ROWS = [{"user": JOE, "permission": "write"}, {"user": FRED, "permission": "read"}]


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    made = Catalog()
    for link in made.instance.query("sc_catalog_user_criteria_mtom"):
        made.instance.delete("sc_catalog_user_criteria_mtom", link["sys_id"])
    return made


def cells(catalog: Catalog, parent: str) -> list[tuple[str, str, str]]:
    """Row, column and value of what is stored with a record."""
    rows = catalog.instance.query(TABLE, f"parent_id={parent}^ORDERBYrow_index")
    return [
        (
            row["row_index"],
            catalog.row("item_option_new", row["item_option_new"])["name"],
            row["value"],
        )
        for row in rows
    ]


@fact(
    "A multi-row variable set is one variable of its internal name with columns below it", tag="R"
)
async def test_a_multi_row_set_is_one_variable(catalog: Catalog) -> None:
    bodies = await catalog.got(f"/items/{DATABASE}/variables")
    body = next(one for one in bodies if one["name"] == "new_users")
    assert (body["label"], body["friendly_type"]) == ("New users", "sc_multi_row")
    assert [child["name"] for child in body["children"]] == ["user", "permission"]
    assert body["children"][1]["choices"][1]["label"] == "Read and write"


@fact(
    "A multi-row set is answered with JSON text of a list of rows, stored a cell at a time in"
    " sc_multi_row_question_answer",
    tag="R",
)
@pytest.mark.parametrize("given", [ROWS, json.dumps(ROWS)])
async def test_rows_are_stored_with_the_item(catalog: Catalog, given: object) -> None:
    request = await catalog.order(DATABASE, database_name="crm", new_users=given)
    item = catalog.items_of(request)[0]["sys_id"]
    assert cells(catalog, item) == [
        ("1", "user", JOE),
        ("1", "permission", "write"),
        ("2", "user", FRED),
        ("2", "permission", "read"),
    ]


async def test_a_row_without_a_mandatory_answer_is_refused(catalog: Catalog) -> None:
    body = {
        "sysparm_quantity": 1,
        "variables": {"database_name": "crm", "new_users": [{"permission": "read"}]},
    }
    message = await catalog.refusal("POST", f"/items/{DATABASE}/order_now", body)
    assert message == "Mandatory Variables are required"


@pytest.mark.parametrize("given", ["", "no json", "5", [5], [{}], 5, None, True, "[[]]"])
async def test_what_are_no_rows_is_no_answer(catalog: Catalog, given: object) -> None:
    request = await catalog.order(DATABASE, database_name="crm", new_users=given)
    assert cells(catalog, catalog.items_of(request)[0]["sys_id"]) == []


async def test_rows_go_through_the_cart(catalog: Catalog) -> None:
    answers = {"database_name": "crm", "new_users": json.dumps(ROWS)}
    body = {"sysparm_quantity": 1, "variables": answers}
    added = await catalog.did(f"/items/{DATABASE}/add_to_cart", body)
    line = added["items"][0]["cart_item_id"]
    shown = (await catalog.got("/cart"))["monthly"]["items"][0]["variables"]["New users"]
    assert json.loads(shown) == ROWS
    fewer = {"sysparm_quantity": 1, "variables": {"new_users": ROWS[:1]}}
    assert (await catalog.ask("PUT", f"/cart/{line}", fewer)).status_code == 201
    made = await catalog.did("/cart/submit_order")
    item = catalog.items_of(catalog.row("sc_request", made["request_id"]))[0]["sys_id"]
    assert cells(catalog, item) == [("1", "user", JOE), ("1", "permission", "write")]
    assert cells(catalog, line) == []


async def test_a_column_that_is_gone_is_left_out(catalog: Catalog) -> None:
    body = {"sysparm_quantity": 1, "variables": {"database_name": "crm", "new_users": ROWS}}
    await catalog.did(f"/items/{DATABASE}/add_to_cart", body)
    for row in catalog.instance.query("item_option_new", "name=permission"):
        catalog.instance.update("item_option_new", row["sys_id"], {"active": "false"})
    shown = (await catalog.got("/cart"))["monthly"]["items"][0]["variables"]["New users"]
    assert json.loads(shown) == [{"user": JOE}, {"user": FRED}]


async def test_rows_are_for_those_who_gave_them_and_for_itil(catalog: Catalog) -> None:
    await catalog.order(DATABASE, by=CHARLIE, database_name="crm", new_users=ROWS)
    assert len(await catalog.result(f"/table/{TABLE}", by=CHARLIE)) == 4
    assert len(await catalog.result(f"/table/{TABLE}", by=ABEL)) == 4
    assert await catalog.result(f"/table/{TABLE}", by=JOE) == []
