"""Nobody orders for somebody else (P6), and update sets are chosen for oneself only (P8)."""

import json
from dataclasses import replace

import pytest

from servicenow.exceptions import OutcomeUnknown
from simulator.control.faults import FaultKind
from tests.identity.requirements import protects
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments, StateForbids

BETHS_ID = "46d44a23a9fe19810012d100cca80666"
ORDER = "submit_catalog_request"
PREFERENCES = "sys_user_preference"


def administrator(desk: Desk) -> Desk:
    """The same person as an administrator: update sets are for those who configure."""
    role = desk.one("sys_user_role", "name=admin")["sys_id"]
    desk.instance.insert("sys_user_has_role", {"user": desk.caller.sys_id, "role": role})
    return desk


def update_set(desk: Desk, name: str, **values: str) -> str:
    """The sys_id of a new update set."""
    return desk.instance.insert("sys_update_set", {"name": name, **values})


def chosen_by(desk: Desk, user: str) -> list[str]:
    """The values of a person's rows of the preference."""
    rows = desk.instance.query(PREFERENCES, f"user={user}^name=sys_update_set")
    return [row["value"] for row in rows]


def item_asking(desk: Desk, question: dict[str, str], *, producer: bool = False) -> str:
    """The sys_id of a new item with one variable."""
    if producer:
        values = {"name": "Asks", "table_name": "incident"}
        item = desk.instance.insert(
            "sc_cat_item_producer", values | {"sys_class_name": "sc_cat_item_producer"}
        )
    else:
        item = desk.instance.insert("sc_cat_item", {"name": "Asks"})
    asked = {"cat_item": item, "name": "q", "question_text": "Q", "type": "8"}
    desk.instance.insert("item_option_new", asked | {"reference": "sys_user"} | question)
    return item


_LOOKUP = {"reference": "", "lookup_table": "sys_user", "lookup_label": "name"}
REQUESTER = [
    {"name": "requested_for"},
    {"name": "caller_id"},
    {"name": "opened_by"},
    {"name": "on_behalf_of"},
    {"name": "Requested-For"},
    {"name": "requestedForUser"},
    {"name": "u_requested_for"},
    {"name": "request_for"},
    {"name": "x_acme_opened_by"},
    {"name": "user"},
    {"name": "q", "question_text": "Who is this for?"},
    {"name": "q", "question_text": "Requested for"},
    {"name": "q", "question_text": "Requested by"},
    {"name": "q", "question_text": "On behalf of"},
    {"name": "q", "default_value": "javascript:gs.getUserID()"},
    {"name": "q", "type": "31", "reference": ""},
    {"name": "requested_for", "type": "6", "reference": ""},
    {"name": "u_requested_for", "type": "6", "reference": ""},
    {"name": "requested_for", "type": "21", "reference": "", "list_table": "sys_user"},
    {"name": "q", "question_text": "For whom", "type": "18", "lookup_value": "sys_id", **_LOOKUP},
    {"name": "who_for", "question_text": "Requested for", "type": "18", **_LOOKUP}
    | {"lookup_value": "user_name"},
]
# What a form makes of the answer, or only its name.
FILLED_IN = [
    {"name": "who", "map_to_field": "true", "field": "caller_id"},
    {"name": "who", "map_to_field": "true", "field": "opened_by"},
    {"name": "who", "map_to_field": "true", "field": "u_requested_for"},
    {"name": "who", "map_to_field": "true", "field": "caller_id", "type": "6", "reference": ""},
    {"name": "caller_id", "type": "6", "reference": ""},
]


@protects("P6")
async def test_a_variable_that_stands_for_the_requester_is_nobody_else(abel: Desk) -> None:
    for question in REQUESTER:
        item = item_asking(abel, question)
        for named in (BETHS_ID, "beth.anglin", "Beth Anglin", f"abel.tuter,{BETHS_ID}"):
            with pytest.raises(InvalidArguments, match="always the signed-in person"):
                await abel.call(ORDER, item=item, variables={question["name"]: named})
    assert abel.requests("POST") == []


@protects("P6")
async def test_a_variable_that_stands_for_the_requester_takes_the_signed_in_person(
    abel: Desk,
) -> None:
    for question in REQUESTER:
        abel.world.journal.clear()
        item = item_asking(abel, question)
        made = await abel.call(ORDER, item=item, variables={question["name"]: "Abel.Tuter"})
        [post] = abel.requests("POST")
        own = "abel.tuter" if question.get("lookup_value") == "user_name" else abel.caller.sys_id
        assert json.loads(post.body)["variables"] == {question["name"]: own}
        assert made["requested_for"]["sys_id"] == abel.caller.sys_id


@protects("P6")
async def test_a_requester_who_has_to_be_named_and_is_not_is_the_signed_in_person(
    abel: Desk,
) -> None:
    for question, producer in (
        ({"name": "requested_for"}, False),
        ({"name": "q", "question_text": "For whom", "type": "18", **_LOOKUP}, False),
        ({"name": "who", "map_to_field": "true", "field": "caller_id"}, True),
    ):
        abel.world.journal.clear()
        asked = {**question, "lookup_value": "sys_id", "mandatory": "true"}
        await abel.call(ORDER, item=item_asking(abel, asked, producer=producer))
        [post] = abel.requests("POST")
        assert json.loads(post.body)["variables"] == {question["name"]: abel.caller.sys_id}


@protects("P6")
async def test_a_form_that_would_fill_in_the_caller_takes_nobody_else(abel: Desk) -> None:
    for question in FILLED_IN:
        abel.world.journal.clear()
        item = item_asking(abel, question, producer=True)
        with pytest.raises(InvalidArguments, match="always the signed-in person"):
            await abel.call(ORDER, item=item, variables={question["name"]: BETHS_ID})
        assert abel.requests("POST") == []
        made = await abel.call(ORDER, item=item, variables={question["name"]: "abel.tuter"})
        assert abel.row("incident", made["sys_id"])["caller_id"] == abel.caller.sys_id


@protects("P6")
async def test_where_a_forms_fields_cannot_be_read_a_person_is_only_oneself(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/item_option_new", count=9)
    for question in FILLED_IN:
        item = item_asking(abel, question, producer=True)
        with pytest.raises(InvalidArguments, match="always the signed-in person"):
            await abel.call(ORDER, item=item, variables={question["name"]: BETHS_ID})
    plain = item_asking(abel, {"name": "why", "type": "6", "reference": ""}, producer=True)
    await abel.call(ORDER, item=plain, variables={"why": "Beth Anglin asked me to."})


@protects("P6")
async def test_somebody_who_only_is_part_of_the_answer_may_be_named(abel: Desk) -> None:
    for question in (
        {"name": "manager", "question_text": "Manager"},
        {"name": "approver", "question_text": "Who shall approve it"},
    ):
        abel.world.journal.clear()
        item = item_asking(abel, question)
        made = await abel.call(ORDER, item=item, variables={question["name"]: "beth.anglin"})
        [post] = abel.requests("POST")
        assert json.loads(post.body)["variables"] == {question["name"]: BETHS_ID}
        assert made["requested_for"]["sys_id"] == abel.caller.sys_id


@protects("P6")
async def test_no_order_says_for_whom_it_is(abel: Desk) -> None:
    await abel.call(ORDER, item="Building Badge", variables={"building": some_location(abel)})
    await abel.call(ORDER, item="Ask a Question", variables={"description": "For Beth."})
    order, form = abel.requests("POST")
    assert set(json.loads(order.body)) == {"variables", "sysparm_quantity"}
    assert json.loads(order.body)["variables"]["badge_for"] == abel.caller.sys_id
    assert set(json.loads(form.body)) == {"variables"}
    assert "requested_for" not in f"{order.query}{form.query}".replace("badge_for", "")
    for argument in ("requested_for", "sysparm_requested_for", "sysparm_also_request_for"):
        with pytest.raises(InvalidArguments):
            await abel.call(ORDER, item="Headset", **{argument: BETHS_ID})
        with pytest.raises(InvalidArguments, match="no variable"):
            await abel.call(ORDER, item="Headset", variables={argument: BETHS_ID})


def some_location(desk: Desk) -> str:
    """The sys_id of a location."""
    return desk.one("cmn_location", "nameISNOTEMPTY")["sys_id"]


@protects("P9")
async def test_my_requests_are_nobody_elses_even_where_conditions_are_dropped(
    charlie: Desk,
) -> None:
    charlie.instance.switches.ignore_query_conditions = True
    found = await charlie.call("list_my_requests", limit=100)
    assert {one["requested_for"]["sys_id"] for one in found["records"]} == {charlie.caller.sys_id}
    assert len(found["records"]) == 2


@protects("P8")
async def test_only_the_persons_own_choice_is_written(abel: Desk) -> None:
    administrator(abel)
    theirs = update_set(abel, "Theirs")
    values = {"user": BETHS_ID, "name": "sys_update_set", "value": theirs}
    abel.instance.insert(PREFERENCES, values)
    mine = update_set(abel, "Mine")
    for dropped in (False, True):
        abel.instance.switches.ignore_query_conditions = dropped
        await abel.call("change_update_set", update_set=mine)
        abel.instance.switches.ignore_query_conditions = False
        assert chosen_by(abel, BETHS_ID) == [theirs]
        assert set(chosen_by(abel, abel.caller.sys_id)) == {mine}
    answer = await abel.call("get_current_update_set")
    assert answer["update_set"]["sys_id"] == mine


@protects("P8")
async def test_somebody_elses_choice_is_not_told_as_mine(abel: Desk) -> None:
    administrator(abel)
    theirs = update_set(abel, "Theirs")
    values = {"user": BETHS_ID, "name": "sys_update_set", "value": theirs}
    abel.instance.insert(PREFERENCES, values)
    abel.instance.switches.ignore_query_conditions = True
    assert "update_set" not in await abel.call("get_current_update_set")


@protects("P8")
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": "complete"}, "not in progress"),
        ({"state": "ignore"}, "not in progress"),
        ({"is_default": "true"}, "default set"),
    ],
)
async def test_a_set_that_is_closed_or_a_default_is_never_chosen(
    abel: Desk, values: dict[str, str], why: str
) -> None:
    administrator(abel)
    sys_id = update_set(abel, "Not this one", **values)
    for named in (sys_id, "Not this one"):
        with pytest.raises(StateForbids, match=why):
            await abel.call("change_update_set", update_set=named)
    assert chosen_by(abel, abel.caller.sys_id) == []
    assert abel.requests("POST") + abel.requests("PATCH") == []


@protects("P8")
async def test_a_lost_choice_is_unknown_and_sent_once(abel: Desk) -> None:
    administrator(abel)
    for kind in (FaultKind.SERVER_FAULT, FaultKind.LOGIN_PAGE, FaultKind.RESET_BEFORE):
        abel.world.journal.clear()
        abel.fault(kind, method="POST")
        with pytest.raises(OutcomeUnknown):
            await abel.call("change_update_set", update_set="Incident form")
        assert len(abel.requests("POST")) == 1


@protects("P8", "P12")
async def test_who_may_only_read_changes_no_choice(abel: Desk) -> None:
    administrator(abel)
    reader = replace(abel, caller=replace(abel.caller, access="read"))
    with pytest.raises(Exception, match="may only read"):
        await reader.call("change_update_set", update_set="Incident form")
    assert chosen_by(abel, abel.caller.sys_id) == []
