"""The Import Set API: rows loaded, transformed, and what it says came of them."""

from typing import Any

import httpx
import pytest

from simulator.world import World
from tests.simulator.admin import ADMIN, changed, made, rows_of
from tests.simulator.facts import fact

PAGE = "D Import Set API"
ABEL = ("abel.tuter", "demo")
USERS, INCIDENTS = "/api/now/import/imp_user", "/api/now/import/u_incident_import"
JOHN = {
    "first_name": "John",
    "last_name": "Public",
    "user_id": "john.public",
    "email": "john.public@example.com",
}


async def imported(
    http: httpx.AsyncClient, values: object, path: str = USERS, **params: str
) -> dict[str, Any]:
    answer = await http.post(path, json=values, params=params, auth=ADMIN)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def outcome(http: httpx.AsyncClient, values: object, path: str = USERS) -> dict[str, str]:
    (only,) = (await imported(http, values, path))["result"]
    return dict(only)


async def entry(http: httpx.AsyncClient, field: str, **values: str) -> None:
    """Change the field map of the incident import for one target field."""
    query = f"target_field={field}^target_table=incident"
    rows = await rows_of(http, "sys_transform_entry", sysparm_query=query)
    await changed(http, "sys_transform_entry", rows[0]["sys_id"], **values)


@fact("A POST to a staging table transforms the row at once and says what came of it", tag=PAGE)
async def test_a_row_is_transformed_at_once(http: httpx.AsyncClient) -> None:
    body = await imported(http, JOHN)
    sys_id = body["result"][0]["sys_id"]
    assert body == {
        "import_set": "ISET0010001",
        "staging_table": "imp_user",
        "result": [
            {
                "transform_map": "User",
                "table": "sys_user",
                "display_name": "name",
                "display_value": "John Public",
                "record_link": f"http://instance.test/api/now/table/sys_user/{sys_id}",
                "status": "inserted",
                "sys_id": sys_id,
            }
        ],
    }
    person = (await http.get(f"/api/now/table/sys_user/{sys_id}", auth=ADMIN)).json()["result"]
    assert person["user_name"] == "john.public"
    assert person["sys_created_by"] == "admin"


@fact("A row whose coalesce fields match a record updates it", tag="D Import sets")
async def test_a_row_that_matches_updates(http: httpx.AsyncClient) -> None:
    first = await outcome(http, JOHN)
    second = await outcome(http, {**JOHN, "user_id": "JOHN.public", "title": "Tester"})
    assert (second["status"], second["sys_id"]) == ("updated", first["sys_id"])
    third = await outcome(http, {**JOHN, "user_id": "JOHN.public", "title": "Tester"})
    assert (third["status"], third["sys_id"]) == ("ignored", first["sys_id"])
    assert third["status_message"] == "No field values changed"


@fact("What a row became can be asked for again by the row's sys_id", tag=PAGE)
async def test_a_result_can_be_read_again(http: httpx.AsyncClient) -> None:
    answer = await http.post(USERS, json=JOHN, auth=ADMIN)
    again = await http.get(answer.headers["location"], auth=ADMIN)
    assert (again.status_code, again.json()) == (200, answer.json())
    rows = await rows_of(http, "imp_user")
    assert [row["sys_import_state"] for row in rows] == ["inserted"]
    assert rows[0]["sys_target_table"] == "sys_user"


async def test_a_row_that_is_not_there_is_404(http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{USERS}/{'0' * 32}", auth=ADMIN)).status_code == 404


async def test_rows_of_one_day_share_an_import_set(http: httpx.AsyncClient, world: World) -> None:
    first, second = await imported(http, JOHN), await imported(http, {"user_id": "other"})
    assert first["import_set"] == second["import_set"]
    assert (await imported(http, {}, INCIDENTS))["import_set"] != first["import_set"]
    world.clock.advance(86_400)
    assert (await imported(http, {"user_id": "later"}))["import_set"] != first["import_set"]


async def test_references_and_choices_are_found_by_what_people_see(
    http: httpx.AsyncClient,
) -> None:
    values = {
        "u_correlation_id": "c-1",
        "u_short_description": "Imported",
        "u_caller": "Abel Tuter",
        "u_assignment_group": "Network",
        "u_impact": "1 - High",
        "u_urgency": "1",
        "u_comments": "From elsewhere",
    }
    result = await outcome(http, values, INCIDENTS)
    path = f"/api/now/table/incident/{result['sys_id']}"
    shown = {"sysparm_display_value": "all"}
    record = (await http.get(path, params=shown, auth=ADMIN)).json()["result"]
    assert record["caller_id"]["display_value"] == "Abel Tuter"
    assert record["assignment_group"]["display_value"] == "Network"
    assert (record["impact"]["value"], record["priority"]["value"]) == ("1", "1")
    assert "From elsewhere" in record["comments"]["display_value"]
    assert result["display_value"] == record["number"]["value"]


@pytest.mark.parametrize(
    ("action", "status", "caller"),
    [("ignore", "inserted", ""), ("reject", "ignored", None), ("create", "inserted", "A Stranger")],
)
@fact(
    "A field map says whether an unknown reference is left out, rejects the row or is made",
    tag="D Import sets",
)
async def test_an_unknown_reference_is_met_as_the_field_map_says(
    http: httpx.AsyncClient, action: str, status: str, caller: str | None
) -> None:
    await entry(http, "caller_id", choice_action=action)
    result = await outcome(http, {"u_caller": "A Stranger", "u_correlation_id": "c"}, INCIDENTS)
    assert result["status"] == status
    if caller is not None:
        path = f"/api/now/table/incident/{result['sys_id']}?sysparm_display_value=all"
        record = (await http.get(path, auth=ADMIN)).json()["result"]
        assert record["caller_id"]["display_value"] == caller


async def test_an_unknown_choice_may_be_made(http: httpx.AsyncClient) -> None:
    await entry(http, "category", choice_action="create")
    await outcome(http, {"u_category": "gardening"}, INCIDENTS)
    query = "name=incident^element=category^value=gardening"
    assert len(await rows_of(http, "sys_choice", sysparm_query=query)) == 1


async def test_a_reference_may_be_found_by_another_field(http: httpx.AsyncClient) -> None:
    await entry(http, "caller_id", reference_value_field="email")
    result = await outcome(http, {"u_caller": "beth.anglin@example.com"}, INCIDENTS)
    path = f"/api/now/table/incident/{result['sys_id']}?sysparm_fields=caller_id.user_name"
    record = (await http.get(path, auth=ADMIN)).json()["result"]
    assert record == {"caller_id.user_name": "beth.anglin"}


async def test_dates_are_read_by_the_format_of_the_field_map(http: httpx.AsyncClient) -> None:
    maps = await rows_of(http, "sys_transform_map", sysparm_query="source_table=u_incident_import")
    values = {"map": maps[0]["sys_id"], "source_field": "u_description", "target_field": "due_date"}
    await made(http, "sys_transform_entry", **values, date_format="dd.MM.yyyy HH:mm")
    for given, due in (("24.12.2026 18:30", "2026-12-24 18:30:00"), ("2026-12-25 10:00:00",) * 2):
        result = await outcome(http, {"u_description": given}, INCIDENTS)
        path = f"/api/now/table/incident/{result['sys_id']}"
        record = (await http.get(path, auth=ADMIN)).json()["result"]
        assert record["due_date"] == due


async def test_a_row_without_coalesce_values_is_ignored_where_the_map_says_so(
    http: httpx.AsyncClient,
) -> None:
    maps = await rows_of(http, "sys_transform_map", sysparm_query="source_table=imp_user")
    await changed(
        http,
        "sys_transform_map",
        maps[0]["sys_id"],
        create_new_record_on_empty_coalesce_fields="false",
    )
    assert (await outcome(http, {"first_name": "Nobody"}))["status"] == "ignored"


@fact("A rule that aborts the target makes the row an error, and the answer stays 201", tag="R")
async def test_a_rule_of_the_target_that_aborts_makes_an_error(http: httpx.AsyncClient) -> None:
    first = await outcome(http, {"u_correlation_id": "c-9"}, INCIDENTS)
    maps = await rows_of(http, "sys_transform_map", sysparm_query="source_table=u_incident_import")
    values = {"map": maps[0]["sys_id"], "source_field": "u_description", "target_field": "state"}
    await made(http, "sys_transform_entry", **values, choice_action="ignore")
    second = await outcome(http, {"u_correlation_id": "c-9", "u_description": "6"}, INCIDENTS)
    assert second["status"] == "error"
    assert "mandatory" in second["error_message"]
    assert first["status"] == "inserted"


async def test_each_active_map_of_a_table_is_applied(http: httpx.AsyncClient) -> None:
    values = {"name": "Company", "source_table": "imp_user", "target_table": "core_company"}
    second = await made(http, "sys_transform_map", **values, order="200")
    field = {"source_field": "last_name", "target_field": "name", "coalesce": "true"}
    await made(http, "sys_transform_entry", map=second["sys_id"], **field)
    answer = await http.post(USERS, json=JOHN, auth=ADMIN)
    outcomes = answer.json()["result"]
    assert [one["transform_map"] for one in outcomes] == ["User", "Company"]
    again = await http.get(answer.headers["location"], auth=ADMIN)
    assert again.json() == answer.json()
    await changed(http, "sys_transform_map", second["sys_id"], active="false")
    assert len((await imported(http, JOHN))["result"]) == 1


async def test_a_field_map_to_a_field_that_is_gone_is_passed_over(http: httpx.AsyncClient) -> None:
    await entry(http, "category", target_field="u_gone")
    assert (await outcome(http, {"u_category": "network"}, INCIDENTS))["status"] == "inserted"


async def test_a_reference_may_be_given_by_its_sys_id(http: httpx.AsyncClient) -> None:
    beth = "46d44a23a9fe19810012d100cca80666"
    result = await outcome(http, {"u_caller": beth}, INCIDENTS)
    path = f"/api/now/table/incident/{result['sys_id']}?sysparm_fields=caller_id.user_name"
    record = (await http.get(path, auth=ADMIN)).json()["result"]
    assert record == {"caller_id.user_name": "beth.anglin"}


async def test_no_script_identifies_a_record(http: httpx.AsyncClient, world: World) -> None:
    before = world.instance.count("incident")
    script = {"u_correlation_id": "javascript:gs.getUserID()"}
    assert (await outcome(http, script, INCIDENTS))["status"] == "inserted"
    assert world.instance.count("incident") == before + 1


async def test_an_unknown_choice_may_reject_the_row(http: httpx.AsyncClient) -> None:
    await entry(http, "category", choice_action="reject")
    assert (await outcome(http, {"u_category": "gardening"}, INCIDENTS))["status"] == "ignored"


async def test_a_log_that_somebody_else_wrote_has_no_results(http: httpx.AsyncClient) -> None:
    answer = await http.post(USERS, json=JOHN, auth=ADMIN)
    row = (await rows_of(http, "imp_user"))[0]["sys_id"]
    for log in ("not JSON", '[{"of": "another shape"}]', "[1]"):
        await changed(http, "imp_user", row, template_import_log=log)
        again = await http.get(answer.headers["location"], auth=ADMIN)
        assert (again.status_code, again.json()["result"]) == (200, [])


async def test_a_map_to_a_table_that_is_gone_is_an_error(http: httpx.AsyncClient) -> None:
    maps = await rows_of(http, "sys_transform_map", sysparm_query="source_table=imp_user")
    await changed(http, "sys_transform_map", maps[0]["sys_id"], target_table="u_gone")
    result = await outcome(http, JOHN)
    assert (result["status"], result["error_message"]) == ("error", "Invalid table u_gone")


@fact("Any table that extends Import Set Row can be loaded", tag="D Web service import sets")
async def test_a_staging_table_made_by_others_works(http: httpx.AsyncClient) -> None:
    rows = await rows_of(http, "sys_db_object", sysparm_query="name=sys_import_set_row")
    values = {"name": "u_staged", "label": "Staged", "super_class": rows[0]["sys_id"]}
    await made(http, "sys_db_object", **values)
    column = {"name": "u_staged", "element": "u_name", "internal_type": "string"}
    await made(http, "sys_dictionary", **column, column_label="Name", max_length="40")
    path = "/api/now/import/u_staged"
    without = await outcome(http, {"u_name": "Acme"}, path)
    assert without["status"] == "error"
    transform_map = await made(
        http,
        "sys_transform_map",
        name="Staged",
        source_table="u_staged",
        target_table="core_company",
    )
    field = {"source_field": "u_name", "target_field": "name"}
    await made(http, "sys_transform_entry", map=transform_map["sys_id"], **field)
    result = await outcome(http, {"u_name": "Acme"}, path)
    assert (result["status"], result["display_value"]) == ("inserted", "Acme")


@pytest.mark.parametrize("path", ["incident", "sys_import_set_row", "u_nope"])
async def test_other_tables_take_no_rows(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.post(f"/api/now/import/{path}", json=JOHN, auth=ADMIN)
    assert answer.status_code == 400


async def test_who_may_not_load_rows_is_refused_and_sees_none(
    http: httpx.AsyncClient, world: World
) -> None:
    made_one = await http.post(USERS, json=JOHN, auth=ADMIN)
    before = world.instance.count("sys_user")
    refused = await http.post(USERS, json={"user_id": "mine"}, auth=ABEL)
    assert (refused.status_code, refused.json()["error"]["message"]) == (403, "Operation Failed")
    assert world.instance.count("sys_user") == before
    assert (await http.get(made_one.headers["location"], auth=ABEL)).status_code == 404
    many = await http.post(f"{USERS}/insertMultiple", json={"records": [JOHN]}, auth=ABEL)
    assert many.status_code == 403


async def test_a_loader_sees_of_the_target_what_they_may_read(
    http: httpx.AsyncClient, world: World
) -> None:
    role = world.instance.query("sys_user_role", "name=import_set_loader")[0]["sys_id"]
    charlie = world.instance.find_user("charlie.whitherspoon") or {}
    world.instance.insert("sys_user_has_role", {"user": charlie["sys_id"], "role": role})
    who = ("charlie.whitherspoon", "demo")
    await imported(http, {"u_correlation_id": "secret", "u_caller": "Abel Tuter"}, INCIDENTS)
    values = {"u_correlation_id": "secret", "u_short_description": "Mine now"}
    answer = await http.post(INCIDENTS, json=values, auth=who)
    assert answer.json()["result"][0]["display_value"] == ""
    assert answer.json()["result"][0]["status"] == "updated"


async def test_a_row_cannot_say_what_became_of_it(http: httpx.AsyncClient) -> None:
    forged = {**JOHN, "sys_import_state": "error", "sys_target_sys_id": "x", "sys_import_row": "9"}
    await outcome(http, forged)
    row = (await rows_of(http, "imp_user"))[0]
    assert (row["sys_import_state"], row["sys_import_row"]) == ("inserted", "0")
