"""Business rules and data policies that somebody inserts as rows."""

from typing import Any

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, NETWORK, SECOND, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def script(api: Api, **values: str) -> dict[str, Any]:
    """A business rule of incidents that an administrator inserts."""
    row = {"name": "Mine", "collection": "incident", "action_update": "true", **values}
    response = await api.post("/table/sys_script", row, by=DANA)
    assert response.status_code == 201, response.text
    record: dict[str, Any] = response.json()["result"]
    return record


async def policy(api: Api, *, field: str, **values: str) -> str:
    """A data policy of incidents for one field."""
    row = {"short_description": "Mine", "model_table": "incident"}
    row |= {
        name: text
        for name, text in values.items()
        if name in ("conditions", "model_table", "inherit")
    }
    made = (await api.post("/table/sys_data_policy2", row, by=DANA)).json()["result"]
    demand = {name: text for name, text in values.items() if name in ("mandatory", "disabled")}
    rule = {"sys_data_policy": made["sys_id"], "field": field, **demand}
    assert (await api.post("/table/sys_data_policy_rule", rule, by=DANA)).status_code == 201
    return str(made["sys_id"])


async def detail(api: Api, values: object, *, sys_id: str = FIRST, by: str = ABEL) -> str | None:
    """Why a change of an incident is refused; None when it is not."""
    response = await api.patch(f"/table/incident/{sys_id}", values, by=by)
    if response.status_code == 200:
        return None
    assert response.status_code == 403, response.text
    return str(response.json()["error"]["detail"])


@fact(
    "A rule in sys_script with abort_action stops a write; the refusal names it with its sys_id",
    tag="M business rule abort",
)
async def test_a_rule_aborts_what_its_condition_matches(api: Api) -> None:
    row = await script(
        api,
        name="Abort changes on group",
        filter_condition="assignment_groupVALCHANGES",
        abort_action="true",
    )
    assert await detail(api, {"urgency": "2"}) is None
    assert await detail(api, {"assignment_group": ""}) == (
        "Operation against file 'incident' was aborted by Business Rule"
        f" 'Abort changes on group^{row['sys_id']}'. Business Rule Stack:Abort changes on group"
    )
    assert (await api.result(f"/table/incident/{FIRST}"))["assignment_group"]["value"] == NETWORK


@fact(
    "The message of a rule that aborts stays in the user interface: REST tells its name only",
    tag="M on a developer instance",
)
async def test_the_message_of_a_rule_is_not_told_over_rest(api: Api) -> None:
    message = {"add_message": "true", "message": "Ask the owners first"}
    await script(api, name="Kept", filter_condition="urgency=2", abort_action="true", **message)
    refused = await api.patch(f"/table/incident/{FIRST}", {"urgency": "2"})
    assert "'Kept^" in refused.json()["error"]["detail"]
    assert "Ask the owners first" not in refused.text


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("", True),
        ("state=1", True),
        ("state=2^ORpriority=2", True),
        ("state=2^NQcategory=hardware", True),
        ("stateCHANGESFROM1", False),
        ("urgencyCHANGESTO2", True),
        ("urgencyCHANGESFROM1^urgencyCHANGESTO2", True),
        ("caller_id.user_name=abel.tuter", True),
        ("caller_id.user_name=beth.anglin", False),
        ("caller_id=javascript:gs.getUserID()", True),
        ("opened_by=javascript:gs.getUserID()^opened_at<javascript:gs.daysAgoStart(0)", True),
        ("impactSAMEASurgency", False),
        ("123TEXTQUERY321=fire", True),
        ("123TEXTQUERY321=ocean", False),
        ("u_no_such_field=1", True),
    ],
)
async def test_a_condition_is_asked_of_the_record_as_it_will_be(
    api: Api, condition: str, *, matches: bool
) -> None:
    await script(api, filter_condition=condition, abort_action="true")
    assert (await detail(api, {"urgency": "2"}) is not None) is matches


@fact("A business rule runs on insert, update or delete, as it says", tag="D Business rules")
async def test_a_rule_runs_on_what_it_is_for(api: Api) -> None:
    await script(api, action_update="false", action_insert="true", abort_action="true")
    assert await detail(api, {"urgency": "2"}) is None
    assert (await api.post("/table/incident", {})).status_code == 403
    await script(
        api,
        collection="sys_user_group",
        action_update="",
        action_delete="true",
        abort_action="true",
    )
    response = await api.call("DELETE", f"/table/sys_user_group/{NETWORK}", by=DANA)
    assert "sys_user_group" in response.json()["error"]["detail"]


@fact("Business rules of a table run for the tables that extend it", tag="D Business rules")
async def test_rules_of_a_parent_run_for_its_classes(api: Api) -> None:
    await script(api, collection="task", filter_condition="urgencyVALCHANGES", abort_action="true")
    assert await detail(api, {"urgency": "2"}) is not None


async def test_a_rule_may_be_switched_off_changed_and_deleted(api: Api) -> None:
    row = await script(api, abort_action="true")
    path = f"/table/sys_script/{row['sys_id']}"
    assert await detail(api, {"urgency": "2"}) is not None
    await api.patch(path, {"active": "false"}, by=DANA)
    assert await detail(api, {"urgency": "2"}) is None
    await api.patch(path, {"active": "true", "filter_condition": "state=2"}, by=DANA)
    assert await detail(api, {"urgency": "1"}) is None
    await api.patch(path, {"filter_condition": ""}, by=DANA)
    assert await detail(api, {"urgency": "2"}) is not None
    await api.call("DELETE", path, by=DANA)
    assert await detail(api, {"urgency": "2"}) is None


@fact(
    "A rule may set fields before a record is stored, in order of its number",
    tag="D Business rules",
)
async def test_a_rule_sets_fields(api: Api) -> None:
    await script(api, template="category=network^work_notes=Noted^number=NO^EQ", order="10")
    await script(api, template="assigned_to=javascript:gs.getUserID()^u_no=1", order="20")
    await script(api, filter_condition="category=network", template="subcategory=vpn", order="30")
    response = await api.patch(
        f"/table/incident/{FIRST}",
        {"urgency": "2"},
        sysparm_exclude_reference_link="true",
        sysparm_display_value="all",
    )
    record = response.json()["result"]
    assert record["category"]["value"] == "network"
    assert record["subcategory"]["value"] == "vpn"
    assert record["assigned_to"]["value"] == ABEL
    assert "Noted" in record["work_notes"]["display_value"]


@fact("A business rule with roles runs for people who have one of them", tag="D Business rules")
async def test_a_rule_for_roles_runs_for_those_who_hold_one(api: Api) -> None:
    await script(api, role_conditions="itil_admin", abort_action="true")
    assert await detail(api, {"urgency": "2"}, by=ABEL) is None
    assert await detail(api, {"urgency": "3"}, by=BETH) is not None


@fact("A rule that aborts after the write takes the write back", tag="R")
async def test_an_abort_after_the_write_takes_it_back(api: Api) -> None:
    await script(api, when="after", abort_action="true")
    assert await detail(api, {"short_description": "Other"}) is not None
    assert (await api.result(f"/table/incident/{FIRST}"))["short_description"] == "Printer on fire"


@pytest.mark.parametrize(
    "values",
    [
        {"condition": "current.state == 1"},
        {"when": "before_display"},
        {"collection": "u_nowhere"},
        {"action_update": "false"},
    ],
)
async def test_rules_that_nobody_can_decide_do_not_run(api: Api, values: dict[str, str]) -> None:
    await script(api, abort_action="true", **values)
    assert await detail(api, {"urgency": "2"}) is None


async def test_rules_are_for_administrators(api: Api) -> None:
    for person in (ABEL, CHARLIE):
        response = await api.post("/table/sys_script", {"collection": "incident"}, by=person)
        assert response.status_code == 403
        assert await api.result("/table/sys_script", by=person) == []


async def test_the_rule_that_a_refusal_names_can_be_looked_up(api: Api) -> None:
    closed = {"state": "7", "close_code": "x", "close_notes": "y"}
    sentence = await detail(api, closed, sys_id=SECOND) or ""
    sys_id = sentence.partition("^")[2][:32]
    rule = await api.result(f"/table/sys_script/{sys_id}", by=DANA)
    assert (rule["name"], rule["collection"], rule["when"]) == (
        "Close an incident",
        "incident",
        "before",
    )


async def test_a_built_in_rule_may_be_switched_off_but_not_changed(api: Api) -> None:
    query = "name=Calculate priority^collection=incident"
    (row,) = await api.result("/table/sys_script", by=DANA, sysparm_query=query)
    path = f"/table/sys_script/{row['sys_id']}"
    assert (await api.patch(path, {"order": "1"}, by=DANA)).status_code == 403
    assert (await api.call("DELETE", path, by=DANA)).status_code == 403
    assert (await api.patch(path, {"active": "false"}, by=DANA)).status_code == 200
    await api.patch(f"/table/incident/{FIRST}", {"impact": "3", "urgency": "3"})
    assert (await api.result(f"/table/incident/{FIRST}"))["priority"] == "1"
    await api.patch(path, {"active": "true"}, by=DANA)
    await api.patch(f"/table/incident/{FIRST}", {"urgency": "2"})
    assert (await api.result(f"/table/incident/{FIRST}"))["priority"] == "4"


@fact(
    "A data policy in sys_data_policy2 asks web services for its mandatory fields",
    tag="D Data policy",
)
async def test_a_data_policy_asks_for_fields(api: Api) -> None:
    sys_id = await policy(api, field="subcategory", conditions="category=network", mandatory="true")
    assert await detail(api, {"urgency": "2"}) is None
    assert await detail(api, {"urgency": "2"}, sys_id=SECOND) == (
        "Data Policy Exception: The following fields are mandatory: Subcategory"
    )
    assert await detail(api, {"subcategory": "vpn"}, sys_id=SECOND) is None
    await api.patch(f"/table/sys_data_policy2/{sys_id}", {"active": "false"}, by=DANA)
    assert await detail(api, {"subcategory": ""}, sys_id=SECOND) is None


@fact("A data policy may close fields to web services", tag="R")
async def test_a_data_policy_closes_fields(api: Api) -> None:
    await policy(api, field="category", disabled="true")
    assert await detail(api, {"urgency": "2"}) is None
    assert await detail(api, {"category": "other"}) == (
        "Data Policy Exception: The following fields are read only: Category"
    )


@fact("A data policy holds for child tables only where it is inherited", tag="D Data policy")
async def test_a_policy_holds_for_classes_only_where_it_is_inherited(api: Api) -> None:
    await policy(api, field="location", model_table="task", mandatory="true")
    assert await detail(api, {"urgency": "2"}) is None
    await policy(api, field="location", model_table="task", mandatory="true", inherit="true")
    assert await detail(api, {"urgency": "3"}) is not None


async def test_a_policy_about_nothing_asks_for_nothing(api: Api) -> None:
    await policy(api, field="u_nothing", mandatory="true", disabled="true")
    await policy(api, field="category", model_table="u_nowhere", mandatory="true")
    assert await detail(api, {"category": ""}) is None


async def test_a_data_policy_does_not_keep_a_record_from_being_deleted(api: Api) -> None:
    await policy(api, field="location", mandatory="true")
    assert (await api.call("DELETE", f"/table/incident/{FIRST}", by=DANA)).status_code == 204
