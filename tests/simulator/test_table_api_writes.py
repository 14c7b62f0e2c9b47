"""Writing over the Table API: inserts, updates, deletes, and what a body may hold."""

import re

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIRST,
    HOST,
    NETWORK,
    SECOND,
    Api,
)


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


@fact("An insert is 201 with the address of the record in Location", tag="D Table API")
async def test_an_insert_answers_201_with_the_records_address(api: Api) -> None:
    response = await api.post("/table/incident", {"short_description": "New"})
    record = response.json()["result"]
    assert response.status_code == 201
    assert response.headers["location"] == f"{HOST}/api/now/table/incident/{record['sys_id']}"
    assert re.fullmatch(r"[0-9a-f]{32}", record["sys_id"])
    assert record["short_description"] == "New"


@fact(
    "The Location of an insert has the version that was asked",
    tag="M a published answer of a developer instance",
)
async def test_an_insert_is_found_under_the_version_it_was_made_with(api: Api) -> None:
    response = await api.post("/v1/table/incident", {})
    sys_id = response.json()["result"]["sys_id"]
    assert response.headers["location"] == f"{HOST}/api/now/v1/table/incident/{sys_id}"


@fact(
    "A new incident has state 1, impact and urgency 3, category inquiry, and more defaults",
    tag="D Table API example",
)
async def test_a_new_incident_has_the_base_systems_defaults(api: Api) -> None:
    response = await api.post("/table/incident", {}, sysparm_exclude_reference_link="true", by=BETH)
    record = response.json()["result"]
    expected = {
        "state": "1",
        "incident_state": "1",
        "impact": "3",
        "urgency": "3",
        "priority": "5",
        "severity": "3",
        "category": "inquiry",
        "notify": "1",
        "made_sla": "true",
        "active": "true",
        "knowledge": "false",
        "approval": "not requested",
        "upon_approval": "proceed",
        "upon_reject": "cancel",
        "escalation": "0",
        "reopen_count": "0",
        "child_incidents": "0",
        "reassignment_count": "0",
        "opened_by": BETH,
        "opened_at": "2026-11-20 09:00:00",
        "caller_id": "",
        "sys_created_on": "2026-11-20 09:00:00",
        "sys_created_by": "beth.anglin",
        "sys_updated_on": "2026-11-20 09:00:00",
        "sys_updated_by": "beth.anglin",
        "sys_mod_count": "0",
        "sys_class_name": "incident",
        "sys_domain": "global",
        "sys_domain_path": "/",
        "sys_tags": "",
    }
    assert {name: record[name] for name in expected} == expected


@fact(
    "Numbers count up from the table's counter, with a prefix and seven digits",
    tag="D Table API example",
)
async def test_numbers_count_up_and_a_given_one_is_kept(api: Api) -> None:
    numbers = [
        (await api.post("/table/incident", body)).json()["result"]["number"]
        for body in ({}, {}, {"number": "INC7"})
    ]
    assert numbers == ["INC0010001", "INC0010002", "INC7"]
    problem = await api.post("/table/problem", {})
    assert problem.json()["result"]["number"] == "PRB0010001"


async def test_a_refused_insert_uses_up_no_number(api: Api) -> None:
    refused = await api.post("/table/incident", {"state": "6"})
    assert refused.status_code == 403
    accepted = await api.post("/table/incident", {})
    assert accepted.json()["result"]["number"] == "INC0010001"


@fact("A sys_id supplied on insert is kept, its case too", tag="C PySNC")
async def test_a_supplied_sys_id_is_kept_as_it_is(api: Api) -> None:
    wanted = "AAAABBBBCCCCDDDDEEEEFFFF00001111"
    response = await api.post("/table/incident", {"sys_id": wanted})
    assert response.json()["result"]["sys_id"] == wanted
    assert (await api.result(f"/table/incident/{wanted.lower()}"))["sys_id"] == wanted


async def test_a_sys_id_that_is_none_is_replaced(api: Api) -> None:
    response = await api.post("/table/incident", {"sys_id": "mine"})
    assert response.json()["result"]["sys_id"] != "mine"


@fact("An insert with a sys_id that is taken is 403", tag="R")
async def test_a_sys_id_that_is_taken_is_refused(api: Api) -> None:
    response = await api.post("/table/incident", {"sys_id": FIRST})
    assert response.status_code == 403
    assert response.json()["error"]["message"] == "Operation Failed"


@fact("Fields of a body that do not exist, and audit fields, are ignored", tag="C PySNC bunk_field")
async def test_audit_fields_and_unknown_fields_are_ignored(api: Api) -> None:
    body = {
        "short_description": "New",
        "sys_created_by": "somebody",
        "sys_created_on": "2001-01-01 00:00:00",
        "sys_class_name": "problem",
        "sys_mod_count": "9",
        "bunk_field": "x",
    }
    record = (await api.post("/table/incident", body)).json()["result"]
    assert record["sys_created_by"] == "abel.tuter"
    assert record["sys_created_on"] == "2026-11-20 09:00:00"
    assert record["sys_class_name"] == "incident"
    assert record["sys_mod_count"] == "0"
    assert "bunk_field" not in record


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@fact("PUT is a partial update, as PATCH is", tag="KB KB0534905")
async def test_an_update_changes_only_what_it_names(api: Api, method: str) -> None:
    response = await api.call(method, f"/table/incident/{FIRST}", json={"short_description": "Out"})
    record = response.json()["result"]
    assert response.status_code == 200
    assert (record["short_description"], record["category"]) == ("Out", "hardware")
    assert record["sys_mod_count"] == "1"
    assert record["sys_updated_by"] == "abel.tuter"


@fact("An update that changes nothing leaves sys_mod_count and sys_updated_on as they are", tag="R")
async def test_an_update_that_changes_nothing_leaves_no_trace(api: Api) -> None:
    before = await api.result(f"/table/incident/{SECOND}")
    await api.patch(f"/table/incident/{SECOND}", {"state": "2", "priority": "3"}, by=BETH)
    first = await api.result(f"/table/incident/{SECOND}")
    await api.patch(f"/table/incident/{SECOND}", {"state": "2"}, by=BETH)
    second = await api.result(f"/table/incident/{SECOND}")
    # The first write lets the rules put state mirror and priority right; then nothing is left.
    assert int(first["sys_mod_count"]) == int(before["sys_mod_count"]) + 1
    assert second["sys_mod_count"] == first["sys_mod_count"]


@fact("An update through the parent table follows the data policies of the record's class", tag="R")
async def test_an_update_through_the_parent_table_follows_the_rules_of_the_class(api: Api) -> None:
    response = await api.patch(f"/table/task/{FIRST}", {"state": "6"})
    assert response.status_code == 403
    assert "Data Policy Exception" in response.json()["error"]["detail"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (True, "true"),
        ("1", "true"),
        ("no", "false"),
        (None, "false"),
    ],
)
async def test_booleans_are_true_or_false(api: Api, given: object, kept: str) -> None:
    response = await api.patch(f"/table/incident/{FIRST}", {"knowledge": given})
    assert response.json()["result"]["knowledge"] == kept


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("reopen_count", 7, "7"),
        ("reopen_count", "many", ""),
        ("reopen_count", 1.5, ""),
        ("order", "", ""),
        ("short_description", "x" * 200, "x" * 160),
        ("short_description", None, ""),
        ("short_description", {"value": "inner", "display_value": "Inner"}, "inner"),
        ("short_description", {"display_value": "Inner"}, "Inner"),
        ("short_description", ["a"], ""),
        ("short_description", 5, "5"),
    ],
)
async def test_values_are_made_to_fit_their_field(
    api: Api, field: str, given: object, kept: str
) -> None:
    response = await api.patch(f"/table/incident/{FIRST}", {field: given})
    assert response.json()["result"][field] == kept


async def test_decimal_numbers_are_kept(api: Api) -> None:
    response = await api.post("/table/cmn_location", {"latitude": "52.5", "name": "B"}, by=DANA)
    assert response.json()["result"]["latitude"] == "52.5"


@fact(
    "sysparm_input_display_value takes references and choices by what people see", tag="D Table API"
)
async def test_display_values_are_resolved_when_the_client_says_they_are_some(api: Api) -> None:
    body = {
        "caller_id": "Charlie Whitherspoon",
        "assigned_to": "beth.anglin",
        "assignment_group": "network",
        "state": "in progress",
        "subcategory": "Something else",
        "opened_at": "19.11.2026 09:00:00 AM",
        "short_description": "Typed",
        "u_nope": "x",
    }
    response = await api.post(
        "/table/incident",
        body,
        by=BETH,
        sysparm_input_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    record = response.json()["result"]
    assert record["caller_id"] == CHARLIE
    assert record["assigned_to"] == BETH
    assert record["assignment_group"] == NETWORK
    assert record["state"] == "2"
    assert record["subcategory"] == "Something else"
    assert record["opened_at"] == "2026-11-19 08:00:00"
    assert record["short_description"] == "Typed"


@fact("Without sysparm_input_display_value a reference is stored as it was sent", tag="D Table API")
async def test_without_that_word_values_are_taken_as_they_are(api: Api) -> None:
    response = await api.post(
        "/table/incident", {"caller_id": "Nobody Known"}, sysparm_exclude_reference_link="true"
    )
    assert response.json()["result"]["caller_id"] == "Nobody Known"


async def test_a_display_value_nobody_has_stays_as_it_is(api: Api) -> None:
    response = await api.post(
        "/table/incident",
        {"caller_id": "Nobody Known", "opened_at": "soon"},
        sysparm_input_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    assert response.json()["result"]["caller_id"] == "Nobody Known"
    assert response.json()["result"]["opened_at"] == "soon"


@fact("Of an array in a body the first object is taken, the rest ignored", tag="D Table API")
async def test_of_an_array_the_first_object_counts(api: Api) -> None:
    response = await api.post(
        "/table/incident", [{"short_description": "One"}, {"short_description": "Two"}]
    )
    assert response.json()["result"]["short_description"] == "One"
    assert (await api.post("/table/incident", [])).status_code == 201
    assert api.instance.count("incident") == 7


async def test_an_empty_body_is_an_empty_record(api: Api) -> None:
    response = await api.call(
        "POST", "/table/incident", content=b"", headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 201


@fact("X-no-response-body: true keeps the body back", tag="D Table API")
async def test_the_client_may_want_no_body_back(api: Api) -> None:
    quiet = {"X-no-response-body": "true"}
    created = await api.call("POST", "/table/incident", json={}, headers=quiet)
    assert (created.status_code, created.content) == (201, b"")
    assert "location" in created.headers
    updated = await api.call(
        "PATCH", f"/table/incident/{FIRST}", json={"urgency": "2"}, headers=quiet
    )
    assert (updated.status_code, updated.content) == (200, b"")


@fact("X-HTTP-Method-Override stands in for the method of a POST", tag="D Table API")
async def test_a_method_may_hide_in_a_header(api: Api) -> None:
    response = await api.call(
        "POST",
        f"/table/incident/{FIRST}",
        json={"short_description": "Hidden"},
        headers={"X-HTTP-Method-Override": "patch"},
    )
    assert response.status_code == 200
    assert response.json()["result"]["short_description"] == "Hidden"


@fact("A delete is 204 without a body", tag="D Table API")
async def test_a_delete_answers_204_and_takes_the_journal_with_it(api: Api) -> None:
    response = await api.call("DELETE", f"/table/incident/{FIRST}", by=DANA)
    assert (response.status_code, response.content) == (204, b"")
    assert (await api.get(f"/table/incident/{FIRST}", by=DANA)).status_code == 404
    assert api.instance.count("sys_journal_field") == 0


@fact(
    "A write is answered with the fields and display values that its parameters ask for",
    tag="D Table API",
)
async def test_a_write_answers_with_the_fields_and_display_asked_for(api: Api) -> None:
    response = await api.patch(
        f"/table/incident/{FIRST}",
        {"assigned_to": BETH},
        sysparm_fields="assigned_to",
        sysparm_display_value="all",
        sysparm_exclude_reference_link="true",
    )
    assert response.json() == {
        "result": {"assigned_to": {"display_value": "Beth Anglin", "value": BETH}}
    }


@fact("Who may insert a record and not read it gets 201 and an empty result", tag="R")
async def test_what_a_person_may_insert_and_not_read_comes_back_empty(api: Api) -> None:
    response = await api.post("/table/incident", {"opened_by": ABEL}, by=CHARLIE)
    assert response.status_code == 201
    assert response.json() == {"result": {}}


async def test_a_change_of_choices_or_people_is_seen_at_once(api: Api) -> None:
    assert (await api.get(f"/table/incident/{FIRST}", by=CHARLIE)).status_code == 404
    granted = {"user": CHARLIE, "role": "role-itil"}
    await api.post("/table/sys_user_has_role", granted, by=DANA)
    assert (await api.get(f"/table/incident/{FIRST}", by=CHARLIE)).status_code == 200


@fact(
    "A record inserted into a table is of the class that sys_class_name names, if it extends it",
    tag="R",
)
async def test_an_insert_may_name_a_class_of_the_table(api: Api) -> None:
    response = await api.post("/table/task", {"sys_class_name": "incident"}, by=DANA)
    record = response.json()["result"]
    assert (record["sys_class_name"], record["number"]) == ("incident", "INC0010001")
    other = await api.post("/table/incident", {"sys_class_name": "sys_user"}, by=DANA)
    assert other.json()["result"]["sys_class_name"] == "incident"
