"""One's own requests, and where one stands."""

from dataclasses import replace

import pytest

from servicenow.exceptions import RecordNotFound
from simulator.control.faults import FaultKind
from tests.tools_app.callers import INSTANCE_URL
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments


async def test_my_requests_come_newest_first_with_what_was_ordered(charlie: Desk) -> None:
    charlie.world.journal.clear()
    found = await charlie.call("list_my_requests")
    named = [[item["name"] for item in one["items"]] for one in found["records"]]
    assert named == [["Standard Laptop"], ["Headset"]]
    assert (found["count"], found["total"]) == (2, 2)
    assert {one["requested_for"]["sys_id"] for one in found["records"]} == {charlie.caller.sys_id}
    first = await charlie.call("list_my_requests", limit=1)
    second = await charlie.call("list_my_requests", limit=1, offset=first["next_offset"])
    assert first["records"] + second["records"] == found["records"]


async def test_a_state_narrows_by_label_and_a_wrong_one_lists_the_right_ones(abel: Desk) -> None:
    found = await abel.call("list_my_requests", state="Approved")
    stored = f"requested_for={abel.caller.sys_id}^request_state="
    by_value = await abel.call("list_my_requests", state="in_process")
    assert found == by_value
    assert found["total"] == abel.instance.count("sc_request", stored + "in_process") > 0
    with pytest.raises(InvalidArguments, match="one of"):
        await abel.call("list_my_requests", state="Lost")


async def test_where_a_request_stands_is_told_with_items_approvals_and_answers(
    charlie: Desk,
) -> None:
    charlie.world.journal.clear()
    read = await charlie.call("get_request_status", request="REQ0000001")
    assert len(charlie.requests("GET", "/api/now/table/s")) >= 4
    [item] = read["items"]
    assert item["item"]["name"] == "Standard Laptop"
    assert item["stage"]
    answers = {one["question"]: one["value"] for one in read["variables"]}
    assert answers["PDF Editor"] == "true"
    assert answers["Additional software requirements"] == "A spreadsheet program"
    assert {one["item"] for one in read["variables"]} == {item["number"]}


async def test_answers_are_told_in_the_words_of_those_who_gave_them(abel: Desk) -> None:
    place = abel.one("cmn_location", "nameISNOTEMPTY")
    answers = {"memory": "32 GB", "deliver_to": place["name"], "room": "4.12"}
    made = await abel.call("submit_catalog_request", item="Developer Laptop", variables=answers)
    read = await abel.call("get_request_status", request=made["number"])
    assert [(one["question"], one["value"]) for one in read["variables"]] == [
        ("Deliver to", place["name"]),
        ("Memory", "32 GB"),
        ("Operating system", "Linux"),
        ("Room", "4.12"),
    ]
    for table in ("question_choice", "cmn_location"):
        abel.fault(FaultKind.NOT_AUTHORIZED, path=f"/api/now/table/{table}")
    read = await abel.call("get_request_status", request=made["number"])
    assert [one["value"] for one in read["variables"]] == [place["sys_id"], "32", "linux", "4.12"]
    people = {"list_name": "Printers", "members": "abel.tuter, Beth Anglin"}
    made = await abel.call("submit_catalog_request", item="Distribution List", variables=people)
    read = await abel.call("get_request_status", request=made["number"])
    assert read["variables"][-1]["value"] == "Abel Tuter, Beth Anglin"


async def test_the_work_on_an_item_is_told_with_who_does_it(abel: Desk) -> None:
    task = abel.one("sc_task", "assignment_groupISNOTEMPTY^active=true")
    item = abel.row("sc_req_item", task["request_item"])
    read = await abel.call("get_request_status", request=item["number"])
    [told] = [one for one in read["tasks"] if one["number"] == task["number"]]
    assert told["of"]["name"] == item["number"]
    assert told["assignment_group"]["sys_id"] == task["assignment_group"]
    assert told["state"]


async def test_nothing_of_others_is_told_even_where_conditions_are_dropped(abel: Desk) -> None:
    item = abel.one("sc_req_item", "number=RITM0000001")
    abel.instance.switches.ignore_query_conditions = True
    read = await abel.call("get_request_status", request=item["request"])
    known = {item["request"], item["sys_id"]}
    rows = [*read["approvals"], *read["tasks"]]
    assert {row["of"]["sys_id"] for row in rows} <= known
    assert {one["number"] for one in read["items"]} == {item["number"]}
    assert {one["item"] for one in read["variables"]} <= {item["number"]}


async def test_who_decides_is_told_to_those_who_may_see_it(abel: Desk) -> None:
    read = await abel.call("get_request_status", request="REQ0000001")
    [approval] = read["approvals"]
    assert (approval["approver"]["name"], approval["state"]) == ("Fred Luddy", "Requested")


async def test_a_request_is_named_by_number_item_sys_id_or_link(abel: Desk) -> None:
    request = abel.one("sc_request", "number=REQ0000004")
    items = abel.instance.query("sc_req_item", f"request={request['sys_id']}^ORDERBYnumber")
    assert len(items) == 2
    whole = (
        "req0000004",
        request["sys_id"],
        f"{INSTANCE_URL}/sc_request.do?sys_id={request['sys_id']}",
    )
    for text in whole:
        read = await abel.call("get_request_status", request=text)
        assert (read["number"], len(read["items"])) == ("REQ0000004", 2)
    link = f"{INSTANCE_URL}/sc_req_item.do?sys_id={items[1]['sys_id']}"
    for text in (items[1]["number"], items[1]["sys_id"], link):
        read = await abel.call("get_request_status", request=text)
        assert read["number"] == "REQ0000004"
        assert [one["number"] for one in read["items"]] == [items[1]["number"]]


async def test_what_is_no_request_is_refused(abel: Desk) -> None:
    for missing in ("REQ9999999", "RITM9999999", "f" * 32):
        with pytest.raises(RecordNotFound):
            await abel.call("get_request_status", request=missing)
    with pytest.raises(InvalidArguments, match="incident"):
        await abel.call(
            "get_request_status", request=f"{INSTANCE_URL}/incident.do?sys_id={'a' * 32}"
        )


async def test_somebody_elses_request_is_not_there_for_people_without_a_role(
    charlie: Desk,
) -> None:
    with pytest.raises(RecordNotFound):
        await charlie.call("get_request_status", request="REQ0000004")


async def test_lists_that_may_not_be_read_are_named(abel: Desk) -> None:
    for table in ("sysapproval_approver", "sc_item_option_mtom", "sc_req_item", "sc_task"):
        abel.fault(FaultKind.NOT_AUTHORIZED, path=f"/api/now/table/{table}", count=9)
    read = await abel.call("get_request_status", request="REQ0000004")
    assert {"items", "approvals", "tasks", "variables"} <= set(read["hidden_fields"])
    listed = await abel.call("list_my_requests")
    assert "items" not in listed["records"][0]


async def test_a_masked_answer_is_not_told(abel: Desk) -> None:
    item = abel.one("sc_req_item", "cat_item.name=Corporate VPN Access")
    question = abel.one("item_option_new", "name=pass_phrase")["sys_id"]
    option = abel.instance.insert(
        "sc_item_option", {"item_option_new": question, "value": "c2VjcmV0"}
    )
    link = {"request_item": item["sys_id"], "sc_item_option": option}
    abel.instance.insert("sc_item_option_mtom", link)
    read = await abel.call("get_request_status", request=item["number"])
    told = {one["question"]: one["value"] for one in read["variables"]}
    assert told["Pass phrase"] == "(masked)"


async def test_an_answer_with_endless_texts_is_cut_and_says_so(charlie: Desk) -> None:
    item = charlie.one("sc_req_item", "number=RITM0000001")["sys_id"]
    question = charlie.one("item_option_new", "name=additional_software")["sys_id"]
    for _ in range(110):
        option = charlie.instance.insert(
            "sc_item_option",
            {
                "item_option_new": question,
                "value": "x" * 3_000,
                "sys_created_by": "charlie.whitherspoon",
            },
        )
        link = {"request_item": item, "sc_item_option": option}
        charlie.instance.insert("sc_item_option_mtom", link)
    read = await charlie.call("get_request_status", request="RITM0000001")
    assert read["cut"] == ["variables"]


async def test_a_person_without_requests_has_none(abel: Desk) -> None:
    nobody = replace(abel, caller=replace(abel.caller, sys_id="f" * 32))
    assert (await nobody.call("list_my_requests"))["records"] == []
