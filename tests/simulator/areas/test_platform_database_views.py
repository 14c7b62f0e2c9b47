"""Database views: tables joined for reading."""

import pytest

from simulator.instance import Instance
from simulator.seed.planting import seeded
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA, FIRST, NOW, SECOND, Api

LEVEL = "5" * 32


@pytest.fixture
def api() -> Api:
    """The Table API of a small instance with a service level on its first incident."""
    api = Api()
    row = {"sys_id": LEVEL, "task": FIRST, "stage": "in_progress", "has_breached": "false"}
    api.instance.insert("task_sla", row)
    return api


@fact(
    "A database view has the fields of its tables with their prefixes, and can be queried by them",
    tag="D Database views",
)
async def test_a_view_joins_its_tables(api: Api) -> None:
    rows = await api.result(
        "/table/incident_sla",
        sysparm_query="inc_active=true^taskslatable_stage=in_progress^ORDERBYinc_number",
        sysparm_fields="inc_number,inc_caller_id.name,taskslatable_has_breached,inc_state",
        sysparm_display_value="true",
    )
    assert rows == [
        {
            "inc_number": "INC0000001",
            "inc_caller_id.name": "Abel Tuter",
            "taskslatable_has_breached": "false",
            "inc_state": "1",
        }
    ]


async def test_a_view_follows_its_tables(api: Api) -> None:
    api.instance.insert("task_sla", {"task": SECOND, "stage": "paused"})
    assert len(await api.result("/table/incident_sla")) == 2
    await api.patch(f"/table/incident/{FIRST}", {"short_description": "Out"})
    record = await api.result(f"/table/incident_sla/{LEVEL}")
    assert record["inc_short_description"] == "Out"


@fact("A database view is read-only", tag="D Table API")
async def test_nobody_writes_to_a_view(api: Api) -> None:
    body = {"inc_number": "INC1"}
    path = f"/table/incident_sla/{LEVEL}"
    for response in (
        await api.post("/table/incident_sla", body, by=DANA),
        await api.patch(path, body, by=DANA),
        await api.call("DELETE", path, by=DANA),
    ):
        assert response.status_code == 403
        assert response.json()["error"]["message"] == "Operation Failed"


async def test_charlie_sees_nothing_of_the_view(api: Api) -> None:
    assert await api.result("/table/incident_sla", by=CHARLIE) == []
    assert (await api.get(f"/table/incident_sla/{LEVEL}", by=CHARLIE)).status_code == 404
    assert len(await api.result("/table/incident_sla", by=ABEL)) == 1


async def test_columns_may_be_added_and_dropped_beside_a_view(api: Api) -> None:
    body = {"name": "incident", "element": "u_colour"}
    made = (await api.post("/table/sys_dictionary", body, by=DANA)).json()["result"]
    path = f"/table/sys_dictionary/{made['sys_id']}"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 204
    assert len(await api.result("/table/incident_sla")) == 1


def test_the_demo_describes_its_view_and_can_be_marked_and_rewound() -> None:
    demo = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    assert demo.count("sys_db_view_table", "view.name=incident_sla") == 2
    assert demo.count("incident_sla") == demo.count("task_sla", "task.sys_class_name=incident")
    demo.mark()
    demo.insert("task_sla", {"task": FIRST})
    demo.rewind()
    assert demo.count("task_sla", f"task={FIRST}") == 0


async def add_view(api: Api, *tables: dict[str, str], fields: str = "") -> str:
    """A view `u_view` over tables that an administrator adds; its sys_id."""
    made = await api.post("/table/sys_db_view", {"name": "u_view", "label": "Mine"}, by=DANA)
    view = str(made.json()["result"]["sys_id"])
    for order, row in enumerate(tables):
        body = {"view": view, "order": str(order), **row}
        added = await api.post("/table/sys_db_view_table", body, by=DANA)
        assert added.status_code == 201
        for field in filter(None, fields.split(",")):
            named = {"view_table": added.json()["result"]["sys_id"], "field": field}
            await api.post("/table/sys_db_view_table_field", named, by=DANA)
    return view


INCIDENTS = {"table": "incident", "variable_prefix": "inc"}
CALLERS = {
    "table": "sys_user",
    "variable_prefix": "usr",
    "where_clause": "usr_sys_id = inc_caller_id && inc_active = true",
}


@fact(
    "A database view that an administrator adds joins tables where its clauses hold",
    tag="D Database views",
)
async def test_an_administrator_adds_a_view(api: Api) -> None:
    await add_view(api, INCIDENTS, CALLERS)
    rows = await api.result(
        "/table/u_view",
        sysparm_query="usr_nameSTARTSWITHAbel^ORDERBYinc_number",
        sysparm_fields="sys_id,inc_number,usr_name,inc_assignment_group.name",
    )
    assert [row["inc_number"] for row in rows] == ["INC0000001", "INC0000004"]
    assert rows[0] == {
        "sys_id": FIRST,
        "inc_number": "INC0000001",
        "usr_name": "Abel Tuter",
        "inc_assignment_group.name": "Network",
    }
    one = await api.result(f"/table/u_view/{FIRST}")
    assert (one["usr_user_name"], one["inc_caller_id"]["value"]) == ("abel.tuter", ABEL)
    refused = await api.patch(f"/table/u_view/{FIRST}", {"inc_number": "X"}, by=DANA)
    assert refused.status_code == 403


async def test_a_view_shows_what_may_be_read_of_all_its_tables(api: Api) -> None:
    await add_view(api, INCIDENTS, CALLERS)
    assert await api.result("/table/u_view", by=CHARLIE) == []
    record = await api.result(f"/table/u_view/{FIRST}", by=ABEL)
    assert "inc_number" in record
    assert "usr_failed_attempts" not in record
    assert "usr_failed_attempts" in await api.result(f"/table/u_view/{FIRST}", by=DANA)
    response = await api.get("/table/u_view", sysparm_query="usr_failed_attempts=2")
    assert response.status_code == 403


async def test_a_view_has_the_fields_that_are_named(api: Api) -> None:
    await add_view(api, INCIDENTS, {**CALLERS, "left_join": "true"}, fields="active,sys_id")
    rows = await api.result("/table/u_view", sysparm_query="inc_active=false")
    assert {name for name in rows[0] if "_" in name and not name.startswith("sys_")} == {
        *("inc_active", "inc_sys_id", "usr_active", "usr_sys_id")
    }
    assert rows[0]["usr_active"] == ""


async def test_a_view_follows_its_rows(api: Api) -> None:
    view = await add_view(api, INCIDENTS, CALLERS)
    (joined,) = api.instance.query("sys_db_view_table", f"view={view}^table=sys_user")
    path = f"/table/sys_db_view_table/{joined['sys_id']}"
    await api.patch(path, {"where_clause": "usr_sys_id = inc_opened_by"}, by=DANA)
    assert len(await api.result("/table/u_view")) == 5
    await api.patch(path, {"where_clause": "nonsense"}, by=DANA)
    assert (await api.get("/table/u_view")).status_code == 400
    await api.patch(path, {"where_clause": "usr_sys_id = inc_opened_by"}, by=DANA)
    assert (await api.call("DELETE", f"/table/sys_db_view/{view}", by=DANA)).status_code == 204
    assert (await api.get("/table/u_view")).status_code == 400
    assert len(await api.result("/table/incident_sla")) == 1


async def test_a_view_gets_and_loses_columns_with_its_tables(api: Api) -> None:
    await add_view(api, INCIDENTS, CALLERS)
    body = {"name": "incident", "element": "u_colour"}
    made = (await api.post("/table/sys_dictionary", body, by=DANA)).json()["result"]
    await api.patch(f"/table/incident/{FIRST}", {"u_colour": "red"})
    assert (await api.result(f"/table/u_view/{FIRST}"))["inc_u_colour"] == "red"
    path = f"/table/sys_dictionary/{made['sys_id']}"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 204
    assert "inc_u_colour" not in await api.result(f"/table/u_view/{FIRST}")


@pytest.mark.parametrize(
    "second",
    [
        {"where_clause": ""},
        {"where_clause": "usr_sys_id = inc_nope"},
        {"where_clause": "usr_sys_id = (SELECT 1)"},
        {"where_clause": "usr_sys_id == inc_caller_id; DROP TABLE task"},
        {"variable_prefix": "inc"},
        {"variable_prefix": 'a"b'},
        {"table": "u_nope"},
        {"table": "incident_sla"},
        {"active": "false", "table": "u_nope"},
    ],
)
async def test_a_view_of_nothing_possible_is_none(api: Api, second: dict[str, str]) -> None:
    await add_view(api, INCIDENTS, {**CALLERS, **second})
    expected = 200 if second.get("active") == "false" else 400
    assert (await api.get("/table/u_view")).status_code == expected
    assert len(await api.result("/table/incident")) == 5


async def test_a_view_cannot_take_the_name_of_a_table(api: Api) -> None:
    row = {"name": "incident", "label": "Mine"}
    view = (await api.post("/table/sys_db_view", row, by=DANA)).json()["result"]["sys_id"]
    await api.post("/table/sys_db_view_table", {**INCIDENTS, "view": view}, by=DANA)
    assert "inc_number" not in await api.result(f"/table/incident/{FIRST}")


async def test_quotes_in_a_clause_stay_in_it(api: Api) -> None:
    clause = 'usr_sys_id = inc_caller_id and usr_name != "O\'Brien"'
    await add_view(api, INCIDENTS, {**CALLERS, "where_clause": clause})
    assert len(await api.result("/table/u_view")) == 4
