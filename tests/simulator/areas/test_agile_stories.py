"""Stories, sprints and scrum tasks: their states, what they count, who may do what."""

from typing import Any

import pytest

from simulator.instance import Instance
from simulator.seed.ids import person_id
from simulator.switches import Switches
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA, Api, small_instance

STORY, SPRINT, TASK = "/table/rm_story", "/table/rm_sprint", "/table/rm_scrum_task"
ROLES = ("scrum_user", "scrum_team_member", "scrum_story_editor", "scrum_master")


@pytest.fixture
def api() -> Api:
    """A small instance whose Abel is in a scrum team."""
    instance = small_instance()
    for role in ROLES:
        instance.insert("sys_user_role", {"sys_id": f"role-{role}", "name": role})
    instance.insert("sys_user_has_role", {"user": ABEL, "role": "role-scrum_team_member"})
    return Api(instance)


async def made(api: Api, path: str, *, by: str = ABEL, **values: str) -> dict[str, Any]:
    """A new record, as it is answered."""
    response = await api.post(path, values, by=by, sysparm_exclude_reference_link="true")
    assert response.status_code == 201, response.text
    record: dict[str, Any] = response.json()["result"]
    return record


@fact("A new story is a draft in state -6, of type Development and class Feature", tag="D Agile")
async def test_a_new_story_is_a_draft(api: Api) -> None:
    story = await made(api, STORY, short_description="As a user I sleep")
    assert story["number"] == "STRY0010001"
    expected = {
        "state": "-6",
        "type": "Development",
        "classification": "Feature",
        "story_points": "0",
        "blocked": "false",
        "active": "true",
    }
    assert {name: story[name] for name in expected} == expected


@fact(
    "Stories are Draft -6, Ready 1, Work in progress 2, Ready for testing -7, Testing -8,"
    " Complete 3 or Cancelled 4",
    tag="D Agile properties",
)
async def test_the_states_of_a_story(api: Api) -> None:
    labels = api.instance.choices.labels("rm_story", "state")
    assert list(labels.items()) == [
        ("-6", "Draft"),
        ("1", "Ready"),
        ("2", "Work in progress"),
        ("-7", "Ready for testing"),
        ("-8", "Testing"),
        ("3", "Complete"),
        ("4", "Cancelled"),
    ]


async def test_a_complete_story_is_closed(api: Api) -> None:
    story = await made(api, STORY, short_description="x")
    response = await api.patch(f"{STORY}/{story['sys_id']}", {"state": "3"})
    result = response.json()["result"]
    assert (result["active"], result["percent_complete"]) == ("false", "100.0")
    assert result["closed_at"]
    assert result["work_end"]


@fact("A blocked story says why", tag="R")
@pytest.mark.parametrize("path", [STORY, TASK])
async def test_what_is_blocked_says_why(api: Api, path: str) -> None:
    refused = await api.post(path, {"blocked": "true"})
    assert refused.json()["error"]["detail"].endswith(": Blocked reason")
    story = await made(api, path, blocked="true", blocked_reason="No licence")
    answer = await api.patch(f"{path}/{story['sys_id']}", {"blocked": "false"})
    assert answer.json()["result"]["blocked_reason"] == ""


async def test_a_story_is_about_what_its_epic_is_about(api: Api) -> None:
    product = "7" * 32
    theme = api.instance.insert("scrum_theme", {"short_description": "Speed"})
    epic = await made(api, "/table/rm_epic", product=product, theme=theme)
    story = await made(api, STORY, epic=epic["sys_id"])
    assert (story["product"], story["theme"]) == (product, theme)
    other = await made(api, STORY, epic=epic["sys_id"], product="8" * 32)
    assert other["product"] == "8" * 32


@fact("A sprint sums up the points of its stories, and of those that are complete", tag="R")
async def test_a_sprint_counts_points(api: Api) -> None:
    sprints = [(await made(api, SPRINT, by=DANA))["sys_id"] for _ in range(2)]
    story = await made(api, STORY, story_points="5", sprint=sprints[0])
    await made(api, STORY, story_points="3", sprint=sprints[0], state="3")
    await made(api, STORY, story_points="8", sprint=sprints[0], state="4")

    def points(sprint: str) -> tuple[str, str]:
        row = api.instance.row("rm_sprint", sprint)
        assert row is not None
        return row["story_points"], row["actual_points"]

    assert points(sprints[0]) == ("8", "3")
    await api.patch(f"{STORY}/{story['sys_id']}", {"sprint": sprints[1], "story_points": "13"})
    assert (points(sprints[0]), points(sprints[1])) == (("3", "3"), ("13", "0"))
    await api.call("DELETE", f"{STORY}/{story['sys_id']}", by=DANA)
    assert points(sprints[1]) == ("0", "0")


async def test_a_scrum_task_counts_hours(api: Api) -> None:
    story = await made(api, STORY, short_description="x")
    task = await made(api, TASK, story=story["sys_id"], planned_hours="6")
    assert (task["remaining_hours"], task["parent"]) == ("6", story["sys_id"])
    assert task["number"] == "STSK0010001"
    answer = await api.patch(f"{TASK}/{task['sys_id']}", {"state": "3", "actual_hours": "7"})
    assert answer.json()["result"]["remaining_hours"] == "0"


@fact("A scrum user reads agile records and makes none", tag="D Agile roles")
async def test_a_scrum_user_only_reads(api: Api) -> None:
    story = await made(api, STORY, short_description="x")
    assert await api.result(STORY, by=CHARLIE) == []
    api.instance.insert("sys_user_has_role", {"user": CHARLIE, "role": "role-scrum_user"})
    assert len(await api.result(STORY, by=CHARLIE)) == 1
    assert (await api.post(STORY, {}, by=CHARLIE)).status_code == 403
    path = f"{STORY}/{story['sys_id']}"
    assert (await api.patch(path, {"state": "1"}, by=CHARLIE)).status_code == 403
    assert (await api.call("DELETE", path, by=ABEL)).status_code == 403


@fact("A story editor changes stories but makes none; a master plans sprints", tag="D Agile roles")
async def test_roles_make_their_own_part(api: Api) -> None:
    story = await made(api, STORY, short_description="x")
    assert (await api.post(SPRINT, {})).status_code == 403
    api.instance.insert("sys_user_has_role", {"user": CHARLIE, "role": "role-scrum_story_editor"})
    path = f"{STORY}/{story['sys_id']}"
    assert (await api.patch(path, {"state": "1"}, by=CHARLIE)).status_code == 200
    assert (await api.post(STORY, {}, by=CHARLIE)).status_code == 403
    api.instance.insert("sys_user_has_role", {"user": CHARLIE, "role": "role-scrum_master"})
    sprint = await made(api, SPRINT, by=CHARLIE)
    assert sprint["number"] == "SPNT0010001"


@fact("Without the plugin of Agile Development 2.0 there is no rm_story", tag="D Agile")
async def test_without_the_plugin_there_are_no_stories() -> None:
    switches = Switches(absent_plugins=("com.snc.sdlc.agile.2.0",))
    api = Api(small_instance(switches=switches))
    for table in ("rm_story", "rm_sprint", "rm_epic", "scrum_theme"):
        response = await api.get(f"/table/{table}", by=DANA)
        assert response.status_code == 400
        assert response.json()["error"]["message"] == f"Invalid table {table}"
    for table in ("planned_task", "pm_project"):
        assert (await api.get(f"/table/{table}", by=DANA)).status_code == 200


@pytest.fixture
def instance(world: World) -> Instance:
    """The demo data of a fresh instance."""
    return world.instance


def test_the_demo_has_a_backlog(instance: Instance) -> None:
    stories = instance.query("rm_story")
    assert len(stories) == 40
    assert {row["state"] for row in stories} == {"-6", "1", "2", "-7", "-8", "3", "4"}
    for row in stories:
        assert instance.row("rm_epic", row["epic"]) is not None
        assert instance.row("cmdb_application_product_model", row["product"]) is not None
        assert (row["active"] == "false") == bool(row["closed_at"]) == (row["state"] in "34")
    for sprint in instance.query("rm_sprint"):
        kept = instance.query("rm_story", f"sprint={sprint['sys_id']}^state!=4")
        assert sprint["story_points"] == str(sum(int(row["story_points"]) for row in kept))
    assert instance.count("rm_scrum_task") > 20
    assert instance.count("rm_defect") == 3


async def test_people_of_the_demo_work_on_stories(instance: Instance) -> None:
    api = Api(instance)
    abel, charlie = person_id("abel.tuter"), person_id("charlie.whitherspoon")
    story = await made(api, STORY, by=abel, short_description="One more")
    assert story["number"] == "STRY0010041"
    for table in ("rm_story", "rm_sprint", "rm_scrum_task", "rm_defect", "scrum_pp_team"):
        assert await api.result(f"/table/{table}", by=charlie) == []
        assert await api.result(f"/table/{table}", by=abel)
