"""Many rows at once: `insertMultiple`, asynchronous unless somebody says otherwise."""

from typing import Any

import httpx
import pytest

from tests.simulator.admin import ADMIN, made, rows_of
from tests.simulator.facts import fact

PAGE = "D Import Set API"
PATH = "/api/now/import/imp_user/insertMultiple"
TWO = {
    "records": [
        {"User ID": "tom", "First name": "Tom", "Last name": "One"},
        {"User ID": "irene", "First name": "Irene", "Last name": "Two"},
    ]
}


async def many(http: httpx.AsyncClient, body: object, **params: str) -> dict[str, Any]:
    answer = await http.post(PATH, json=body, params=params, auth=ADMIN)
    assert answer.status_code == 201, answer.text
    ids: dict[str, Any] = answer.json()
    return ids


async def names(http: httpx.AsyncClient) -> list[str]:
    rows = await rows_of(http, "sys_user", sysparm_query="user_nameINtom,irene^ORDERBYuser_name")
    return [row["name"] for row in rows]


@fact(
    "insertMultiple answers with an import set and a multi import set, and transforms later",
    tag=PAGE,
)
async def test_many_rows_are_loaded_into_one_set(http: httpx.AsyncClient) -> None:
    ids = await many(http, TWO)
    assert ids.keys() == {"import_set_id", "multi_import_set_id"}
    assert await names(http) == ["Irene Two", "Tom One"]
    query = f"sys_import_set={ids['import_set_id']}^ORDERBYsys_import_row"
    rows = await rows_of(http, "imp_user", sysparm_query=query)
    assert [(row["user_id"], row["sys_import_state"]) for row in rows] == [
        ("tom", "inserted"),
        ("irene", "inserted"),
    ]
    (kept,) = await rows_of(http, "sys_import_set", sysparm_query=f"sys_id={ids['import_set_id']}")
    assert (kept["state"], kept["mode"]) == ("processed", "asynchronous")
    (run,) = await rows_of(http, "sys_import_set_run")
    assert (run["total"], run["inserts"], run["state"]) == ("2", "2", "complete")


@fact("insertMultiple names columns by their labels, or by name where a setting says so", tag=PAGE)
async def test_columns_are_named_by_label_or_by_name(http: httpx.AsyncClient) -> None:
    setting = {"source_table": "imp_user", "column_mapping": "column_name"}
    await made(http, "sys_rest_insert_multiple", **setting, transformation="synchronous")
    await many(http, TWO)
    assert await names(http) == []
    by_name = {"records": [{"user_id": "tom", "first_name": "Tom", "last_name": "One"}]}
    await many(http, by_name)
    assert await names(http) == ["Tom One"]


async def test_sets_may_be_grouped_and_follow_one_another(http: httpx.AsyncClient) -> None:
    first = await many(http, TWO)
    second = await many(
        http,
        {"records": []},
        multi_import_set_id=first["multi_import_set_id"],
        run_after=first["import_set_id"],
    )
    assert second["multi_import_set_id"] == first["multi_import_set_id"]
    assert second["import_set_id"] != first["import_set_id"]


@pytest.mark.parametrize("name", ["multi_import_set_id", "run_after"])
async def test_a_set_that_is_not_there_is_refused(http: httpx.AsyncClient, name: str) -> None:
    answer = await http.post(PATH, json=TWO, params={name: "0" * 32}, auth=ADMIN)
    assert answer.status_code == 400
    assert await names(http) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"records": {}}',
        b'{"records": [1]}',
        b'{"records": null}',
        b"\xff",
    ],
)
async def test_a_body_without_records_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await http.post(PATH, content=body, headers=headers, auth=ADMIN)
    assert answer.status_code == 400


async def test_the_body_must_be_json(http: httpx.AsyncClient) -> None:
    answer = await http.post(PATH, data={"records": "x"}, auth=ADMIN)
    assert answer.status_code == 415
    assert (await http.post(PATH, content=b"{}", auth=ADMIN)).status_code == 400
    large = b'{"records": [' + b" " * (10 * 1024 * 1024) + b"]}"
    headers = {"Content-Type": "application/json"}
    assert (await http.post(PATH, content=large, headers=headers, auth=ADMIN)).status_code == 413


async def test_a_failing_row_does_not_stop_the_others(http: httpx.AsyncClient) -> None:
    maps = await rows_of(http, "sys_transform_map", sysparm_query="source_table=imp_user")
    field = {"source_field": "title", "target_field": "sys_id"}
    await made(http, "sys_transform_entry", map=maps[0]["sys_id"], **field)
    taken = (await rows_of(http, "sys_user", sysparm_query="user_name=admin"))[0]["sys_id"]
    records = [{"User ID": "tom", "Title": taken, "First name": "Tom"}, TWO["records"][1]]
    await many(http, {"records": records})
    assert await names(http) == ["Irene Two"]
    (run,) = await rows_of(http, "sys_import_set_run")
    assert (run["errors"], run["state"]) == ("1", "complete_with_errors")


@pytest.mark.parametrize("records", [[{"User ID": "eve"}], []])
async def test_who_may_not_load_rows_leaves_no_import_set_behind(
    http: httpx.AsyncClient, records: list[dict[str, str]]
) -> None:
    joe = ("joe.employee", "demo")
    many_rows = await http.post(PATH, json={"records": records}, auth=joe)
    one_row = await http.post("/api/now/import/imp_user", json={"user_id": "eve"}, auth=joe)
    for answer in (many_rows, one_row):
        assert answer.status_code == 403
        assert "Insert Failed" in answer.json()["error"]["detail"]
    for table in ("sys_import_set", "sys_multi_import_set", "sys_import_set_run"):
        assert await rows_of(http, table) == []
