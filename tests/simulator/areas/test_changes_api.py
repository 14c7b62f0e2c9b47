"""Changes over the Change Management API: what it answers, and what it takes."""

from typing import Any

import pytest

from simulator.areas.changes.models import ASSESS, CANCELED, CLOSED, IMPLEMENT, NEW
from simulator.switches import Switches
from tests.simulator.areas.changes_world import MANAGER, Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, MAIL, NETWORK

CHG = "/api/sn_chg_rest/change"


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


def value(result: dict[str, Any], name: str) -> object:
    """The value of a field of an answer."""
    return result[name]["value"]


@fact(
    "Every field of a change is an object of value and display_value; numbers and booleans are"
    " JSON's own",
    tag="D Change API",
)
async def test_a_change_is_shown_with_typed_values(api: Changes) -> None:
    sys_id = await api.created(by=BETH)
    result = await api.result(f"{CHG}/{sys_id}", by=BETH)
    assert result["state"] == {"display_value": "New", "value": -5.0}
    assert result["on_hold"] == {"display_value": "false", "value": False}
    assert result["sys_id"] == {"display_value": sys_id, "value": sys_id}
    assert result["assignment_group"] == {"display_value": "Network", "value": NETWORK}
    assert result["chg_model"]["display_value"] == "Normal"
    assert result["risk_value"] == {"display_value": "", "value": ""}
    assert result["type"] == {"display_value": "Normal", "value": "normal"}


@fact("Date fields of a change have display_value_internal as well", tag="D Change API")
async def test_dates_have_a_third_value(api: Changes) -> None:
    sys_id = await api.created(review_date="2026-11-30")
    result = await api.result(f"{CHG}/{sys_id}", by=BETH)
    assert result["opened_at"] == {
        "display_value": "20.11.2026 10:00:00 AM",
        "value": "2026-11-20 09:00:00",
        "display_value_internal": "2026-11-20 10:00:00",
    }
    assert result["review_date"]["display_value_internal"] == "2026-11-30"
    assert result["start_date"] == {
        "display_value": "",
        "value": "",
        "display_value_internal": "",
    }
    assert result["sla_due"]["display_value"] == "UNKNOWN"


async def test_a_moment_nobody_can_count_is_shown_as_it_is(api: Changes) -> None:
    sys_id = await api.created(start_date="9999-12-31 23:59:59", end_date="soon")
    result = await api.result(f"{CHG}/{sys_id}", by=BETH)
    assert result["start_date"]["display_value_internal"] == "9999-12-31 23:59:59"
    assert result["end_date"]["value"] == result["end_date"]["display_value_internal"]


@fact("A journal of a change has its thread as display value and an empty value", tag="M")
async def test_journals_have_an_empty_value(api: Changes) -> None:
    sys_id = await api.created()
    patched = await api.patch(f"{CHG}/{sys_id}", {"work_notes": "Looked at it"})
    notes = patched.json()["result"]["work_notes"]
    assert notes["value"] == ""
    assert "Abel Tuter (Work notes)\nLooked at it" in notes["display_value"]


@fact("A new change may be given in the address, in the body, or in both", tag="D Change API")
async def test_fields_come_from_the_address_and_the_body(api: Changes) -> None:
    response = await api.post(
        f"{CHG}/normal",
        {"short_description": "From the body"},
        short_description="From the address",
        description="Also from the address",
        no_such_field="x",
    )
    assert response.status_code == 200
    result = response.json()["result"]
    assert value(result, "short_description") == "From the body"
    assert value(result, "description") == "Also from the address"
    assert result["__meta"] == {"ignoredFields": ["no_such_field"]}
    assert value(result, "state") == float(NEW)


async def test_a_change_can_be_made_without_a_body(api: Changes) -> None:
    response = await api.call(
        "POST", f"{CHG}/emergency", params={"short_description": "No body at all"}
    )
    assert response.status_code == 200
    result = response.json()["result"]
    assert (value(result, "type"), value(result, "short_description")) == (
        "emergency",
        "No body at all",
    )
    assert result["chg_model"]["display_value"] == "Emergency"


@fact("A change is made from a model or of a type, each by name", tag="D Change API")
@pytest.mark.parametrize(
    ("given", "model", "kind"),
    [
        ({"chg_model": "Standard"}, "Standard", "standard"),
        ({"model": "Cloud Infrastructure"}, "Cloud Infrastructure", "normal"),
        ({"type": "Emergency"}, "Emergency", "emergency"),
        ({"chg_model": "Normal", "type": "Standard"}, "Normal", "standard"),
        ({}, "Normal", "normal"),
    ],
)
async def test_models_and_types_are_understood_by_name(
    api: Changes, given: dict[str, str], model: str, kind: str
) -> None:
    result = (await api.post(CHG, given)).json()["result"]
    assert (result["chg_model"]["display_value"], value(result, "type")) == (model, kind)


@fact("A state may be given by its label in any case", tag="D Change API")
async def test_a_state_is_given_by_its_label(api: Changes) -> None:
    sys_id = await api.created()
    response = await api.patch(f"{CHG}/normal/{sys_id}", {"state": "assess", "nonsense": "1"})
    result = response.json()["result"]
    assert result["state"] == {"display_value": "Assess", "value": -4.0}
    assert result["__meta"]["ignoredFields"] == ["nonsense"]


@fact("A transition that is not allowed is 400 with the business rule's sentence", tag="R")
async def test_an_illegal_state_is_a_bad_request(api: Changes) -> None:
    sys_id = await api.created()
    response = await api.patch(f"{CHG}/{sys_id}", {"state": "Implement"})
    assert response.status_code == 400
    assert "Change Model: Check State Transition" in response.json()["error"]["detail"]
    assert api.state(sys_id) == NEW


@fact("Audit fields and fields a person may not write are ignored and named", tag="D Change API")
async def test_what_cannot_be_written_is_named(api: Changes) -> None:
    given = {"sys_created_by": "me", "made_up": "1", "reason": "Other"}
    result = (await api.post(CHG, given)).json()["result"]
    assert result["__meta"]["ignoredFields"] == ["sys_created_by", "made_up"]
    assert value(result, "sys_created_by") == "abel.tuter"


@fact("The list of changes of a type has only those", tag="D Change API")
async def test_lists_are_by_type(api: Changes) -> None:
    made = {kind: await api.created(type=kind) for kind in ("normal", "standard", "emergency")}
    for kind, sys_id in made.items():
        listed = await api.result(f"{CHG}/{kind}")
        assert [value(one, "sys_id") for one in listed] == [sys_id]
        assert (await api.get(f"{CHG}/{kind}/{sys_id}")).status_code == 200
    assert len(await api.result(CHG)) == 3
    assert (await api.get(f"{CHG}/emergency/{made['normal']}")).status_code == 404


@fact("Changes are found by encoded query, by field values and labels, or by text", tag="D")
async def test_lists_are_filtered_ordered_and_paged(api: Changes) -> None:
    for subject in ("Paint the door", "Oil the door", "Paint the wall"):
        await api.created(short_description=subject)
    await api.in_state(CANCELED, short_description="Gone")

    async def subjects(**asked: str) -> list[object]:
        return [value(one, "short_description") for one in await api.result(CHG, **asked)]

    assert await subjects(sysparm_query="short_descriptionLIKEdoor^ORDERBYshort_description") == [
        "Oil the door",
        "Paint the door",
    ]
    assert await subjects(textSearch="paint", order="short_description") == [
        "Paint the door",
        "Paint the wall",
    ]
    assert await subjects(state="canceled") == ["Gone"]
    assert await subjects(assignment_group="Network", state="New", sysparm_limit="1") == [
        "Paint the door"
    ]
    assert await subjects(sysparm_limit="2", sysparm_offset="2") == ["Paint the wall", "Gone"]
    assert len(await subjects(sysparm_query="state=-5^NQstate=4")) == 4
    assert await subjects(sysparm_query="state=4^NQstate=4", textSearch="paint") == []


@fact("Deleting a change answers 200 with the change as it was", tag="D Change API")
async def test_a_manager_deletes_a_change_and_what_belongs_to_it(api: Changes) -> None:
    sys_id = await api.in_state(IMPLEMENT)
    task = await api.post(f"{CHG}/{sys_id}/task", {"short_description": "Step"})
    task_id = value(task.json()["result"], "sys_id")
    refused = await api.call("DELETE", f"{CHG}/{sys_id}", by=ABEL)
    assert refused.status_code == 403
    gone = await api.call("DELETE", f"{CHG}/{sys_id}", by=MANAGER)
    assert gone.status_code == 200
    assert value(gone.json()["result"], "sys_id") == sys_id
    assert (await api.get(f"{CHG}/{sys_id}", by=MANAGER)).status_code == 404
    assert api.instance.row("change_task", str(task_id)) is None


@fact(
    "The Change Management API is for itil, sn_change_read, sn_change_write, change_manager"
    " and admin",
    tag="D Change API",
)
@pytest.mark.parametrize("path", ["", "/normal", "/model", "/standard/template", "/worker/x"])
async def test_charlie_gets_nothing(api: Changes, path: str) -> None:
    response = await api.get(f"{CHG}{path}", by=CHARLIE)
    assert response.status_code == 403
    assert response.json()["error"]["detail"] == "Failed API level ACL Validation"
    assert (await api.get(f"{CHG}{path}", by=None)).status_code == 401


async def test_charlie_cannot_make_or_change_a_change(api: Changes) -> None:
    sys_id = await api.created()
    assert (await api.post(CHG, {}, by=CHARLIE)).status_code == 403
    assert (await api.patch(f"{CHG}/{sys_id}", {"risk": "2"}, by=CHARLIE)).status_code == 403
    assert (await api.call("DELETE", f"{CHG}/{sys_id}", by=CHARLIE)).status_code == 403
    assert api.instance.count("change_request") == 1


async def test_a_role_that_only_reads_may_not_write(api: Changes) -> None:
    role = {"sys_id": "role-sn_change_read", "name": "sn_change_read"}
    api.instance.insert("sys_user_role", role)
    api.instance.insert("sys_user_has_role", {"user": CHARLIE, "role": role["sys_id"]})
    sys_id = await api.created()
    assert (await api.get(f"{CHG}/{sys_id}", by=CHARLIE)).status_code == 200
    assert (await api.patch(f"{CHG}/{sys_id}", {"risk": "2"}, by=CHARLIE)).status_code == 403


async def test_a_closed_change_is_for_managers_to_write(api: Changes) -> None:
    sys_id = await api.in_state(CLOSED)
    closed = {"active": "false", "close_code": "successful", "close_notes": "Done"}
    api.instance.update("change_request", sys_id, closed)
    assert (await api.patch(f"{CHG}/{sys_id}", {"reason": "Other"})).status_code == 403
    assert (await api.patch(f"{CHG}/{sys_id}", {"reason": "Other"}, by=MANAGER)).status_code == 200


@fact("Without its plugin the Change Management API does not exist", tag="R")
async def test_without_the_plugin_the_api_is_unknown() -> None:
    api = Changes(Switches(absent_plugins=("com.snc.change_management.rest",)))
    response = await api.get(CHG)
    assert response.status_code == 400
    assert "does not represent any resource" in response.json()["error"]["message"]


@pytest.mark.parametrize("version", ["", "/v1", "/v2"])
async def test_the_api_has_versions(api: Changes, version: str) -> None:
    assert await api.result(f"/api/sn_chg_rest{version}/change") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", ""), ("DELETE", ""), ("POST", "/standard"), ("POST", "/x/nextstates")],
)
async def test_other_methods_are_405(api: Changes, method: str, path: str) -> None:
    response = await api.call(method, f"{CHG}{path}", by=MANAGER, json={})
    assert response.status_code == 405


@pytest.mark.parametrize(
    "path",
    ["", "/nextstates", "/task", "/conflict", "/schedule", f"/task/{MAIL}"],
)
@fact("A change that is not there is 404 in the Change API", tag="D Change API")
async def test_an_unknown_change_is_404(api: Changes, path: str) -> None:
    response = await api.get(f"{CHG}/{'9' * 32}{path}")
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "No Record found"


async def test_assessing_through_the_api_asks_the_group(api: Changes) -> None:
    sys_id = await api.created()
    await api.patch(f"{CHG}/{sys_id}", {"state": ASSESS})
    assert api.asked(sys_id) == {BETH}
