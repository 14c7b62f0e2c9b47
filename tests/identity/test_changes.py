"""Changes: in whose name they are made, and what of a model's words reaches a query."""

import asyncio
import json

import pytest

from servicenow.exceptions import QueryRefused
from tests.identity.requirements import protects
from tests.tools_app.catalog.changes_at_work import planned
from tests.tools_app.desk import CORRELATION_ID, Desk
from tools_app.exceptions import InvalidArguments
from tools_app.identity import is_protected

BETHS_ID = "46d44a23a9fe19810012d100cca80666"
FORGED = {
    "requested_by": BETHS_ID,
    "Opened-By": BETHS_ID,
    "approval": "approved",
    "number": "CHG0000001",
    "correlation_id": "x",
}


@protects("P4", "P5")
@pytest.mark.parametrize("absent", [(), ("com.snc.change_management.rest",)])
async def test_whoever_is_named_the_requester_of_a_new_change_is_the_signed_in_person(
    abel: Desk, absent: tuple[str, ...]
) -> None:
    abel.instance.switches.absent_plugins = absent
    answer = await planned(abel, other_fields=FORGED)
    assert answer["requested_by"]["sys_id"] == abel.caller.sys_id
    assert answer["ignored"] == list(FORGED)
    row = abel.row("change_request", answer["sys_id"])
    assert row["requested_by"] == row["opened_by"] == abel.caller.sys_id
    assert row["approval"] == "not requested"
    for post in abel.requests("POST"):
        body = json.loads(post.body)
        assert body.pop("requested_by") == abel.caller.sys_id
        assert body.pop("correlation_id") == CORRELATION_ID
        assert [name for name in body if is_protected(name)] == []


@protects("P4", "P5")
async def test_an_update_cannot_hand_a_change_to_another_requester(abel: Desk) -> None:
    new = await planned(abel)
    answer = await abel.call(
        "update_change_request", change=new["number"], risk="High", other_fields=FORGED
    )
    assert answer["ignored"] == list(FORGED)
    assert json.loads(abel.requests("PATCH")[0].body) == {"risk": "2"}


@protects("P9")
async def test_my_changes_show_nobody_elses_where_conditions_are_dropped(abel: Desk) -> None:
    abel.instance.switches.ignore_query_conditions = True
    found = await abel.call("list_change_requests", assigned_to_me=True, limit=100)
    people = {one["assigned_to"]["sys_id"] for one in found["records"]}
    assert people <= {abel.caller.sys_id}


@protects("P9")
async def test_what_belongs_to_a_change_is_its_own_where_conditions_are_dropped(
    abel: Desk,
) -> None:
    new = await planned(abel)
    abel.instance.switches.ignore_query_conditions = True
    got = await abel.call("get_change_request_details", change=new["sys_id"])
    assert (got["tasks"], got["approvals"], got["affected_items"]) == ([], [], [])
    found = await abel.call("check_change_conflicts", change=new["sys_id"])
    assert found["records"] == []


@protects("P10")
@pytest.mark.parametrize("text", ["x^ORactive=true", "x^NQactive=true", "x^^ORactive=true", "^^"])
async def test_text_about_changes_never_becomes_query_syntax(abel: Desk, text: str) -> None:
    found = await abel.call("list_change_requests", text=text)
    assert (found["records"], found["total"]) == ([], 0)
    new = await planned(abel, short_description=f"marked {text}")
    again = await abel.call("list_change_requests", text=f"marked {text}")
    assert [one["number"] for one in again["records"]] == [new["number"]]
    quoted = text.replace("^", "^^")
    query = await abel.call("list_change_requests", query=f"short_descriptionLIKE{quoted}")
    assert [one["number"] for one in query["records"]] == [new["number"]]
    for name in ("assignment_group", "configuration_item"):
        with pytest.raises(InvalidArguments):
            await abel.call("list_change_requests", **{name: text})


@protects("P10")
@pytest.mark.parametrize("text", ["javascript:gs.getUserID()", " JavaScript:alert(1)"])
async def test_a_script_is_refused_in_every_text_about_changes(abel: Desk, text: str) -> None:
    with pytest.raises(QueryRefused):
        await abel.call("list_change_requests", text=text)
    for query in (f"assigned_to={text}", f"assigned_toIN1,{text}", f"numberLIKE{text}"):
        with pytest.raises(InvalidArguments, match="javascript"):
            await abel.call("list_change_requests", query=query)
    with pytest.raises(InvalidArguments, match="javascript"):
        await planned(abel, backout_plan=text)
    assert abel.requests("POST") == []


@protects("P11")
async def test_a_condition_on_a_field_that_changes_lack_is_never_sent(abel: Desk) -> None:
    for given in (
        {"query": "shoe_size=42"},
        {"query": "active=true^ORshoe_size=42"},
        {"query": "active=true^ORDERBYshoe_size"},
        {"order_by": "shoe_size"},
    ):
        with pytest.raises(InvalidArguments):
            await abel.call("list_change_requests", **given)
    sent = [one.query for one in abel.requests("GET", "/api/now/table/change_request")]
    assert not [one for one in sent if "shoe_size" in dict(one).get("sysparm_query", "")]


@protects("P14")
async def test_two_people_who_create_changes_at_one_moment_get_their_own(
    abel: Desk, beth: Desk
) -> None:
    mine, hers = await asyncio.gather(planned(abel), planned(beth))
    assert mine["requested_by"]["sys_id"] == abel.caller.sys_id
    assert hers["requested_by"]["sys_id"] == beth.caller.sys_id
    assert mine["sys_id"] != hers["sys_id"]
