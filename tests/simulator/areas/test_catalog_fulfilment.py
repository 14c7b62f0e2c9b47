"""What an order does by itself: approvals, tasks, stages, closing, cancelling."""

import pytest

from tests.simulator.areas.catalog_api import (
    ABEL,
    ADMIN,
    BETH,
    CHARLIE,
    FRED,
    HEADSET,
    JOE,
    LAPTOP,
    Catalog,
    group_id,
    item_id,
    person_id,
)
from tests.simulator.facts import fact

PRIYA = person_id("priya.raman")


@pytest.fixture
def catalog() -> Catalog:
    """A fresh demo catalogue."""
    return Catalog()


def now(catalog: Catalog, row: dict[str, str]) -> dict[str, str]:
    """A task as it is now."""
    return catalog.row(row["sys_class_name"], row["sys_id"])


async def decide(catalog: Catalog, item: dict[str, str], *, by: str, state: str) -> None:
    """Approve or reject as the person does it, over the Table API."""
    mine = [one for one in catalog.approvals_of(item) if one["approver"] == by]
    path = f"/table/sysapproval_approver/{mine[0]['sys_id']}"
    response = await catalog.patch(path, {"state": state, "comments": "So be it"}, by=by)
    assert response.json()["result"]["state"] == state


async def close_tasks(catalog: Catalog, item: dict[str, str], *, state: str = "3") -> None:
    """Close the open tasks of an item, one by one, over the Table API."""
    for task in catalog.tasks_of(item):
        if task["active"] == "true":
            path = f"/table/sc_task/{task['sys_id']}"
            assert (await catalog.patch(path, {"state": state}, by=ABEL)).status_code == 200


@fact(
    "An item that nobody has to approve is fulfilled at once, and its request in process", tag="R"
)
async def test_without_approvers_fulfilment_starts(catalog: Catalog) -> None:
    request = await catalog.order(HEADSET, by=CHARLIE)
    item = catalog.items_of(request)[0]
    assert (request["request_state"], request["approval"]) == ("in_process", "approved")
    assert (item["stage"], item["approval"], item["state"]) == ("fulfillment", "approved", "1")
    task = catalog.tasks_of(item)[0]
    assert task["short_description"] == "Deliver the accessory"
    assert task["assignment_group"] == group_id("Field Services")
    assert (task["state"], task["active"]) == ("1", "true")
    assert (task["request"], task["parent"]) == (request["sys_id"], item["sys_id"])
    assert task["due_date"] == "2026-11-22 09:00:00"


@fact(
    "An item with approvers waits for them: no task, and its request is pending approval", tag="R"
)
async def test_with_an_approver_the_item_waits(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=CHARLIE)
    item = catalog.items_of(request)[0]
    assert (request["request_state"], request["approval"]) == ("requested", "requested")
    assert (item["stage"], item["approval"]) == ("waiting_for_approval", "requested")
    assert catalog.tasks_of(item) == []
    approval = catalog.approvals_of(item)[0]
    assert (approval["approver"], approval["state"]) == (FRED, "requested")
    assert approval["source_table"] == "sc_req_item"
    assert approval["document_id"] == item["sys_id"]


@fact("Approval of an item takes it to fulfilment and its request into process", tag="R")
async def test_an_approved_item_becomes_tasks(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=CHARLIE)
    item = catalog.items_of(request)[0]
    await decide(catalog, item, by=FRED, state="approved")
    assert now(catalog, item)["stage"] == "fulfillment"
    assert now(catalog, item)["approval"] == "approved"
    assert now(catalog, item)["approval_set"] == "2026-11-20 09:00:00"
    after = now(catalog, request)
    assert (after["request_state"], after["approval"]) == ("in_process", "approved")
    assert len(catalog.tasks_of(item)) == 1


@fact("Rejection of its only item closes a request as rejected", tag="R")
async def test_a_rejected_item_ends_its_request(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=CHARLIE)
    item = catalog.items_of(request)[0]
    await decide(catalog, item, by=FRED, state="rejected")
    ended = now(catalog, item)
    assert (ended["state"], ended["stage"]) == ("4", "Request Cancelled")
    assert (ended["active"], ended["closed_by"]) == ("false", FRED)
    after = now(catalog, request)
    assert (after["request_state"], after["state"]) == ("closed_rejected", "4")
    assert after["active"] == "false"
    assert catalog.tasks_of(item) == []


async def test_all_of_several_approvers_have_to_approve(catalog: Catalog) -> None:
    cmdb_service = catalog.instance.query("cmdb_ci_service", "name=Payroll")[0]["sys_id"]
    request = await catalog.order(
        item_id("Application Role"), application=cmdb_service, role="Reader"
    )
    item = catalog.items_of(request)[0]
    await decide(catalog, item, by=FRED, state="approved")
    assert now(catalog, item)["approval"] == "requested"
    await decide(catalog, item, by=BETH, state="approved")
    assert now(catalog, item)["approval"] == "approved"
    assert catalog.tasks_of(item)


async def test_one_member_approves_for_a_group(catalog: Catalog) -> None:
    request = await catalog.order(item_id("Corporate VPN Access"), pass_phrase="x")
    item = catalog.items_of(request)[0]
    assert len(catalog.approvals_of(item)) > 1
    await decide(catalog, item, by=PRIYA, state="approved")
    assert now(catalog, item)["stage"] == "fulfillment"
    assert {one["state"] for one in catalog.approvals_of(item)} == {"approved", "not_required"}


async def test_others_can_not_approve(catalog: Catalog) -> None:
    item = catalog.items_of(await catalog.order(LAPTOP, by=CHARLIE))[0]
    path = f"/table/sysapproval_approver/{catalog.approvals_of(item)[0]['sys_id']}"
    await catalog.patch(path, {"state": "approved"}, by=CHARLIE)
    await catalog.patch(path, {"state": "approved"}, by=ABEL)
    assert now(catalog, item)["approval"] == "requested"


@fact("The tasks of an execution plan come one after another, those of one order together", tag="R")
async def test_tasks_follow_each_other(catalog: Catalog) -> None:
    request = await catalog.order(item_id("Virtual Server"), server_name="app-01", size="small")
    item = catalog.items_of(request)[0]
    await decide(catalog, item, by=person_id("rosa.delgado"), state="approved")
    assert [task["short_description"] for task in catalog.tasks_of(item)] == [
        "Allocate a network address",
        "Reserve storage",
    ]
    first = catalog.tasks_of(item)[0]
    catalog.write("sc_task", first, {"state": "3"}, by=ABEL)
    assert len(catalog.tasks_of(item)) == 2
    await close_tasks(catalog, item)
    assert catalog.tasks_of(item)[2]["short_description"] == "Build the server"
    assert now(catalog, item)["active"] == "true"


@fact(
    "When its last task is closed an item is complete, with its last item so is a request", tag="R"
)
async def test_closing_the_tasks_closes_everything(catalog: Catalog) -> None:
    request = await catalog.order(HEADSET, by=CHARLIE)
    item = catalog.items_of(request)[0]
    await close_tasks(catalog, item)
    task = catalog.tasks_of(item)[0]
    assert (task["active"], task["closed_by"]) == ("false", ABEL)
    assert task["closed_at"] == "2026-11-20 09:00:00"
    done = now(catalog, item)
    assert (done["state"], done["stage"], done["active"]) == ("3", "complete", "false")
    after = now(catalog, request)
    assert (after["request_state"], after["stage"]) == ("closed_complete", "closed_complete")
    assert (after["state"], after["active"], after["closed_by"]) == ("3", "false", ABEL)


async def test_a_request_waits_for_all_its_items(catalog: Catalog) -> None:
    for item in (HEADSET, item_id("Tablet")):
        await catalog.did(f"/items/{item}/add_to_cart", {"sysparm_quantity": 1})
    made = await catalog.did("/cart/submit_order")
    request = catalog.row("sc_request", made["request_id"])
    first, second = catalog.items_of(request)
    await close_tasks(catalog, first)
    assert now(catalog, request)["request_state"] == "in_process"
    await close_tasks(catalog, second, state="4")
    assert now(catalog, second)["state"] == "4"
    assert now(catalog, request)["request_state"] == "closed_complete"


async def test_an_item_whose_tasks_all_failed_is_incomplete(catalog: Catalog) -> None:
    request = await catalog.order(HEADSET)
    item = catalog.items_of(request)[0]
    await close_tasks(catalog, item, state="4")
    assert now(catalog, item)["stage"] == "closed_incomplete"
    assert now(catalog, request)["request_state"] == "closed_incomplete"


async def test_work_on_a_task_shows_on_its_item(catalog: Catalog) -> None:
    item = catalog.items_of(await catalog.order(HEADSET))[0]
    task = catalog.tasks_of(item)[0]
    catalog.write("sc_task", task, {"state": "2"}, by=ABEL)
    assert now(catalog, item)["state"] == "2"
    assert now(catalog, task)["work_start"] == "2026-11-20 09:00:00"


async def test_a_reopened_task_is_active_again(catalog: Catalog) -> None:
    item = catalog.items_of(await catalog.order(item_id("Photo Editor")))[0]
    task_id = catalog.instance.insert(
        "sc_task", {"request_item": item["sys_id"]}, as_user=ABEL, run_rules=True
    )
    task = catalog.row("sc_task", task_id)
    assert task["short_description"] == item["short_description"]
    catalog.write("sc_task", task, {"state": "3"}, by=ABEL)
    assert now(catalog, item)["approval"] == "requested"
    assert now(catalog, item)["active"] == "true"
    catalog.write("sc_task", task, {"state": "1"}, by=ABEL)
    again = now(catalog, task)
    assert (again["active"], again["closed_at"], again["closed_by"]) == ("true", "", "")


@fact("A request whose request_state is set to submitted comes back in_process", tag="C ansible")
async def test_a_submitted_request_is_in_process(catalog: Catalog) -> None:
    made = await catalog.post("/table/sc_request", {"short_description": "By hand"}, by=ABEL)
    request = made.json()["result"]
    assert (request["request_state"], request["stage"]) == ("requested", "requested")
    path = f"/table/sc_request/{request['sys_id']}"
    changed = (await catalog.patch(path, {"request_state": "submitted"}, by=ABEL)).json()["result"]
    assert (changed["request_state"], changed["approval"]) == ("in_process", "approved")


@fact("With a request that is cancelled its open items and tasks are closed incomplete", tag="R")
async def test_cancelling_a_request_ends_what_belongs_to_it(catalog: Catalog) -> None:
    request = await catalog.order(HEADSET, by=CHARLIE)
    item = catalog.items_of(request)[0]
    path = f"/table/sc_request/{request['sys_id']}"
    await catalog.patch(path, {"request_state": "closed_cancelled"}, by=ABEL)
    assert now(catalog, request)["state"] == "4"
    assert now(catalog, request)["request_state"] == "closed_cancelled"
    assert now(catalog, item)["state"] == "4"
    assert [task["state"] for task in catalog.tasks_of(item)] == ["4"]


async def test_cancelling_an_item_takes_its_approvals_back(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=CHARLIE)
    item = catalog.items_of(request)[0]
    catalog.write("sc_req_item", item, {"state": "4"}, by=ABEL)
    assert {one["state"] for one in catalog.approvals_of(item)} == {"cancelled"}
    assert now(catalog, request)["request_state"] == "closed_incomplete"


@pytest.mark.parametrize(
    ("state", "request_state"),
    [("3", "closed_complete"), ("4", "closed_incomplete"), ("7", "closed_skipped")],
)
async def test_state_and_request_state_of_a_closed_request_agree(
    catalog: Catalog, state: str, request_state: str
) -> None:
    request = await catalog.order(HEADSET)
    catalog.write("sc_request", request, {"state": state}, by=ABEL)
    assert now(catalog, request)["request_state"] == request_state
    catalog.write("sc_request", request, {"request_state": "in_process"}, by=ABEL)
    again = now(catalog, request)
    assert (again["active"], again["state"], again["closed_at"]) == ("true", "1", "")


async def test_an_item_reopened_is_fulfilled_again(catalog: Catalog) -> None:
    item = catalog.items_of(await catalog.order(HEADSET))[0]
    catalog.write("sc_req_item", item, {"state": "7"}, by=ABEL)
    assert now(catalog, item)["stage"] == "closed_incomplete"
    catalog.write("sc_req_item", item, {"state": "2"}, by=ABEL)
    again = now(catalog, item)
    assert (again["stage"], again["active"], again["closed_by"]) == ("fulfillment", "true", "")


@fact("Rejecting a whole request ends its items", tag="R")
async def test_a_rejected_request_ends_its_items(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=JOE)
    item = catalog.items_of(request)[0]
    catalog.write("sc_request", request, {"approval": "rejected"}, by=FRED)
    assert now(catalog, request)["request_state"] == "closed_rejected"
    assert now(catalog, item)["state"] == "4"


@fact("Items inserted by hand are fulfilled as ordered ones are, and add to the price", tag="R")
async def test_an_item_inserted_over_the_table_api(catalog: Catalog) -> None:
    request = (await catalog.post("/table/sc_request", {}, by=ABEL)).json()["result"]
    values = {"request": request["sys_id"], "cat_item": HEADSET, "quantity": "2"}
    item = (await catalog.post("/table/sc_req_item", values, by=ABEL)).json()["result"]
    assert (item["stage"], item["price"]) == ("fulfillment", "75")
    assert catalog.tasks_of(item)
    assert now(catalog, request)["price"] == "150"
    path = f"/table/sc_req_item/{item['sys_id']}"
    await catalog.patch(path, {"quantity": "3"}, by=ABEL)
    assert now(catalog, request)["price"] == "225"
    assert (await catalog.call("DELETE", path, by=ADMIN)).status_code == 204
    assert now(catalog, request)["price"] == "0"


async def test_an_item_without_anything_stands_by_itself(catalog: Catalog) -> None:
    item = (await catalog.post("/table/sc_req_item", {}, by=ABEL)).json()["result"]
    assert (item["approval"], item["stage"]) == ("approved", "fulfillment")
    catalog.write(
        "sc_req_item", catalog.row("sc_req_item", item["sys_id"]), {"state": "3"}, by=ABEL
    )
    assert catalog.row("sc_req_item", item["sys_id"])["stage"] == "complete"


async def test_a_delivery_time_that_makes_no_sense_gives_no_date(catalog: Catalog) -> None:
    plan = catalog.row("sc_cat_item", HEADSET)["delivery_plan"]
    task = catalog.instance.query("sc_cat_item_delivery_task", f"delivery_plan={plan}")[0]
    for wrong in ("soon", "1970-01-02T00:00:00+00:00", "9999-01-01 00:00:00", "1969-01-01"):
        catalog.instance.update("sc_cat_item", HEADSET, {"delivery_time": wrong})
        written = {"delivery_time": wrong}
        catalog.instance.update("sc_cat_item_delivery_task", task["sys_id"], written)
        item = catalog.items_of(await catalog.order(HEADSET))[0]
        assert item["estimated_delivery"] == ""
        assert catalog.tasks_of(item)[0]["due_date"] == ""
        await catalog.did(f"/items/{HEADSET}/add_to_cart", {"sysparm_quantity": 1})
        assert (await catalog.ask("GET", "/cart")).status_code == 200


@fact("Stages, request states and prices have labels of their own in the Table API", tag="R")
async def test_orders_have_labels(catalog: Catalog) -> None:
    request = await catalog.order(LAPTOP, by=CHARLIE)
    shown = await catalog.result(
        f"/table/sc_request/{request['sys_id']}", by=ABEL, sysparm_display_value="true"
    )
    assert (shown["request_state"], shown["price"]) == ("Pending Approval", "$1,100.00")
    item = catalog.items_of(request)[0]
    shown = await catalog.result(
        f"/table/sc_req_item/{item['sys_id']}", by=ABEL, sysparm_display_value="true"
    )
    assert (shown["stage"], shown["state"]) == ("Waiting for Approval", "Open")
    assert shown["cat_item"]["display_value"] == "Standard Laptop"


async def test_an_item_that_is_closed_already_starts_nothing(catalog: Catalog) -> None:
    values = {"cat_item": LAPTOP, "state": "3"}
    item = (await catalog.post("/table/sc_req_item", values, by=ABEL)).json()["result"]
    assert (item["stage"], item["active"]) == ("complete", "false")
    assert catalog.approvals_of(item) == []


async def test_an_item_that_is_rejected_already_starts_nothing(catalog: Catalog) -> None:
    values = {"cat_item": HEADSET, "approval": "rejected"}
    item = (await catalog.post("/table/sc_req_item", values, by=ABEL)).json()["result"]
    assert catalog.tasks_of(item) == []


async def test_what_is_given_with_a_request_is_kept(catalog: Catalog) -> None:
    values = {"requested_for": JOE, "requested_date": "2026-12-24"}
    request = (await catalog.post("/table/sc_request", values, by=ABEL)).json()["result"]
    assert request["requested_for"]["value"] == JOE
    assert request["requested_date"] == "2026-12-24"


async def test_a_task_of_no_item_stands_by_itself(catalog: Catalog) -> None:
    task = (await catalog.post("/table/sc_task", {}, by=ABEL)).json()["result"]
    path = f"/table/sc_task/{task['sys_id']}"
    closed = (await catalog.patch(path, {"state": "3"}, by=ABEL)).json()["result"]
    assert (closed["active"], closed["request"]) == ("false", "")
