"""Projects, their tasks and demands."""

from typing import Any

import pytest

from simulator.instance import Instance
from simulator.seed.ids import person_id
from simulator.switches import Switches
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA, Api, small_instance

PROJECT, TASK = "/table/pm_project", "/table/pm_project_task"


@pytest.fixture
def api() -> Api:
    """A small instance whose Abel manages projects."""
    instance = small_instance()
    for role in ("it_project_manager", "it_project_user"):
        instance.insert("sys_user_role", {"sys_id": f"role-{role}", "name": role})
    instance.insert("sys_user_has_role", {"user": ABEL, "role": "role-it_project_manager"})
    return Api(instance)


async def made(api: Api, path: str, **values: str) -> dict[str, Any]:
    """A new record, as it is answered."""
    response = await api.post(path, values, sysparm_exclude_reference_link="true")
    assert response.status_code == 201, response.text
    record: dict[str, Any] = response.json()["result"]
    return record


def project_of(api: Api, sys_id: str) -> dict[str, str]:
    """The project as it is stored."""
    row = api.instance.row("pm_project", sys_id)
    assert row is not None
    return row


@fact("A new project is Pending, and its states are those of tasks", tag="D Project states")
async def test_a_new_project_is_pending(api: Api) -> None:
    project = await made(api, PROJECT, short_description="Move")
    assert (project["number"], project["state"], project["phase"]) == (
        "PRJ0010001",
        "-5",
        "initiating",
    )
    labels = api.instance.choices.labels("pm_project", "state")
    assert labels["-5"] == "Pending"
    assert labels["7"] == "Closed Skipped"


async def test_tasks_hang_below_their_project(api: Api) -> None:
    project = await made(api, PROJECT, short_description="Move")
    task = await made(api, TASK, parent=project["sys_id"], short_description="Pack")
    below = await made(api, TASK, parent=task["sys_id"], short_description="Buy boxes")
    assert task["number"] == "PRJTASK0010001"
    assert (task["top_task"], task["level"]) == (project["sys_id"], "1")
    assert (below["top_task"], below["level"]) == (project["sys_id"], "2")
    alone = await made(api, TASK, short_description="Nobody's")
    assert alone["top_task"] == ""


@fact("A project is as complete as its tasks are, and begins with the first of them", tag="R")
async def test_a_project_follows_its_tasks(api: Api) -> None:
    project = await made(api, PROJECT, short_description="Move")
    first, second = [
        await made(api, TASK, parent=project["sys_id"], short_description=name)
        for name in ("Pack", "Drive")
    ]
    answer = await api.patch(f"{TASK}/{first['sys_id']}", {"state": "2"})
    assert answer.json()["result"]["work_start"]
    assert project_of(api, project["sys_id"])["state"] == "2"
    answer = await api.patch(f"{TASK}/{first['sys_id']}", {"state": "3"})
    assert answer.json()["result"]["percent_complete"] == "100.0"
    assert project_of(api, project["sys_id"])["percent_complete"] == "50.0"
    await api.patch(f"{TASK}/{second['sys_id']}", {"percent_complete": "50"})
    assert project_of(api, project["sys_id"])["percent_complete"] == "75.0"


@fact("Project users read projects and work on tasks; managers make them", tag="R")
async def test_who_may_do_what(api: Api) -> None:
    project = await made(api, PROJECT, short_description="Move")
    task = await made(api, TASK, parent=project["sys_id"], short_description="Pack")
    for path in (PROJECT, TASK, "/table/planned_task", "/table/pm_program", "/table/dmn_demand"):
        assert await api.result(path, by=CHARLIE) == []
        assert (await api.post(path, {}, by=CHARLIE)).status_code == 403
    api.instance.insert("sys_user_has_role", {"user": CHARLIE, "role": "role-it_project_user"})
    assert len(await api.result(PROJECT, by=CHARLIE)) == 1
    assert (await api.post(PROJECT, {}, by=CHARLIE)).status_code == 403
    path = f"{TASK}/{task['sys_id']}"
    assert (await api.patch(path, {"state": "2"}, by=CHARLIE)).status_code == 200
    refused = await api.patch(f"{PROJECT}/{project['sys_id']}", {"phase": "closing"}, by=CHARLIE)
    assert refused.status_code == 403


@fact("Without the plugin of project management there is no pm_project", tag="D Project")
async def test_without_the_plugin_there_are_no_projects() -> None:
    switches = Switches(absent_plugins=("com.snc.project_management_v3",))
    api = Api(small_instance(switches=switches))
    for table in ("pm_project", "pm_project_task", "pm_program", "dmn_demand"):
        response = await api.get(f"/table/{table}", by=DANA)
        assert response.status_code == 400
        assert response.json()["error"]["message"] == f"Invalid table {table}"
    assert (await api.get("/table/rm_story", by=DANA)).status_code == 200


@pytest.fixture
def instance(world: World) -> Instance:
    """The demo data of a fresh instance."""
    return world.instance


def test_the_demo_has_projects(instance: Instance) -> None:
    projects = instance.query("pm_project")
    assert {row["state"] for row in projects} == {"1", "2", "3"}
    for project in projects:
        tasks = instance.query("pm_project_task", f"top_task={project['sys_id']}")
        assert len(tasks) >= 3
        average = sum(float(task["percent_complete"]) for task in tasks) / len(tasks)
        assert float(project["percent_complete"]) == round(average, 2)
        assert project["start_date"] < project["end_date"]
    assert instance.count("dmn_demand") == 3


async def test_people_of_the_demo_work_on_projects(instance: Instance) -> None:
    api, charlie = Api(instance), person_id("charlie.whitherspoon")
    found = await api.result(PROJECT, by=person_id("abel.tuter"))
    assert len(found) == 3
    for table in ("pm_project", "pm_project_task", "pm_program", "dmn_demand", "planned_task"):
        assert await api.result(f"/table/{table}", by=charlie) == []
    given = {"short_description": "Paint the walls"}
    answer = await api.post(PROJECT, given, by=person_id("rosa.delgado"))
    assert answer.json()["result"]["number"] == "PRJ0010004"
