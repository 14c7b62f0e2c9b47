"""Answers read from the item and its tasks: `variables.<name>`."""

from tests.simulator.areas.catalog_api import ABEL, CHARLIE, LAPTOP, Catalog, item_id
from tests.simulator.facts import fact


@fact("variables.<name> in sysparm_fields is the answer given with a requested item", tag="R")
async def test_answers_are_fields_of_an_item_and_of_its_tasks() -> None:
    catalog = Catalog()
    item = catalog.items_of(await catalog.order(item_id("New Email Account"), new_email="a@b.c"))[0]
    fields = {"sysparm_fields": "number,variables.new_email,variables.signature,variables.other"}
    path = f"/table/sc_req_item/{item['sys_id']}"
    assert await catalog.result(path, by=ABEL, **fields) == {
        "number": item["number"],
        "variables.new_email": "a@b.c",
        "variables.signature": "",
        "variables.other": "",
    }
    shown = await catalog.result(path, by=ABEL, sysparm_display_value="all", **fields)
    assert shown["variables.new_email"] == {"display_value": "a@b.c", "value": "a@b.c"}
    task = catalog.tasks_of(item)[0]["sys_id"]
    row = await catalog.result(f"/table/sc_task/{task}", by=ABEL, **fields)
    assert row["variables.new_email"] == "a@b.c"


async def test_answers_are_reached_through_references_and_found_by_queries() -> None:
    catalog = Catalog()
    item = catalog.items_of(await catalog.order(LAPTOP, additional_software="A very odd program"))[
        0
    ]
    found = await catalog.result(
        "/table/sc_req_item",
        by=ABEL,
        sysparm_query="variables.additional_softwareLIKEvery odd",
        sysparm_fields="number",
    )
    assert found == [{"number": item["number"]}]
    catalog.write("sc_req_item", item, {"approval": "approved"}, by=ABEL)
    tasks = await catalog.result(
        "/table/sc_task",
        by=ABEL,
        sysparm_query=f"request_item={item['sys_id']}",
        sysparm_fields="request_item.variables.additional_software",
    )
    assert tasks == [{"request_item.variables.additional_software": "A very odd program"}]


async def test_answers_are_hidden_with_the_item() -> None:
    catalog = Catalog()
    item = catalog.items_of(await catalog.order(LAPTOP, additional_software="Mine"))[0]
    query = {"sysparm_query": "variables.additional_software=Mine"}
    assert await catalog.result("/table/sc_req_item", by=CHARLIE, **query) == []
    assert len(await catalog.result("/table/sc_req_item", by=ABEL, **query)) == 1
    assert item["opened_by"] == ABEL


async def test_variables_of_other_tables_are_unknown_fields() -> None:
    catalog = Catalog()
    fields = {"sysparm_limit": "1", "sysparm_fields": "number,variables.x,variables.x-y,variables"}
    rows = await catalog.result("/table/incident", by=ABEL, **fields)
    assert list(rows[0]) == ["number"]
    rows = await catalog.result("/table/sc_req_item", by=ABEL, **fields)
    assert list(rows[0]) == ["number", "variables.x"]
