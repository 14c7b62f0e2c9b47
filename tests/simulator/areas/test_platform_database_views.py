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
