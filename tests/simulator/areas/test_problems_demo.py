"""The problems of the demo data: all states, their tasks, their incidents."""

import pytest

from simulator.areas.problems.seed import PROPERTIES
from simulator.areas.tasks.priorities import PRIORITIES
from simulator.instance import Instance
from simulator.seed.ids import person_id
from simulator.world import World
from tests.simulator.small_instance import Api


@pytest.fixture
def instance(world: World) -> Instance:
    """The demo data of a fresh instance."""
    return world.instance


def test_there_are_problems_in_all_states_ended_in_all_ways(instance: Instance) -> None:
    rows = instance.query("problem")
    assert len(rows) == 15
    assert {row["state"] for row in rows} == {"101", "102", "103", "104", "106", "107"}
    codes = {row["resolution_code"] for row in rows if row["state"] == "107"}
    assert codes == {"fix_applied", "risk_accepted", "duplicate", "canceled"}


def test_a_problem_has_what_its_state_takes(instance: Instance) -> None:
    for row in instance.query("problem"):
        ended = row["state"] in ("106", "107")
        assert row["problem_state"] == row["state"]
        assert row["priority"] == PRIORITIES[row["impact"], row["urgency"]]
        assert bool(row["resolution_code"]) == bool(row["resolved_at"]) == ended
        assert (row["active"] == "false") == bool(row["closed_at"]) == (row["state"] == "107")
        assert bool(row["assigned_to"]) or row["state"] == "101"
        assert bool(row["duplicate_of"]) == (row["resolution_code"] == "duplicate")
        if row["state"] == "104" or row["resolution_code"] == "fix_applied":
            assert row["cause_notes"]
            assert row["fix_notes"]


def test_problems_are_linked_to_incidents_of_their_category(instance: Instance) -> None:
    linked = instance.query("incident", "problem_idISNOTEMPTY")
    assert len(linked) >= 10
    for incident in linked:
        problem = instance.row("problem", incident["problem_id"])
        assert problem is not None
        assert problem["category"] == incident["category"]
    for problem in instance.query("problem"):
        related = instance.count("incident", f"problem_id={problem['sys_id']}")
        assert problem["related_incidents"] == str(related)


def test_linking_left_the_incidents_as_they_were(instance: Instance) -> None:
    for incident in instance.query("incident", "problem_idISNOTEMPTY"):
        assert incident["sys_updated_by"] != "system"
        assert incident["active"] == "true"


def test_tasks_of_the_demo_are_in_all_states(instance: Instance) -> None:
    rows = instance.query("problem_task")
    assert {row["state"] for row in rows} == {"151", "152", "154", "157"}
    for row in rows:
        assert instance.row("problem", row["problem"]) is not None
        assert (row["active"] == "false") == bool(row["close_code"]) == (row["state"] == "157")


async def test_the_problems_of_the_demo_can_be_worked_on(instance: Instance) -> None:
    api, david = Api(instance), person_id("david.loo")
    problem = instance.query("problem", "number=PRB0010001")[0]["sys_id"]
    values = {"state": "104", "cause_notes": "A timer", "fix_notes": "Raise it"}
    answer = await api.patch(f"/table/problem/{problem}", values, by=david)
    assert answer.status_code == 200
    made = await api.post("/table/problem", {"short_description": "Next"}, by=david)
    assert made.json()["result"]["number"] == "PRB0010016"


@pytest.mark.parametrize(("name", "value"), PROPERTIES.items())
def test_its_properties_can_be_read_and_changed(instance: Instance, name: str, value: str) -> None:
    assert instance.property(name) == value
    assert instance.count("sys_properties", f"name={name}") == 1


async def test_charlie_sees_none_of_it(instance: Instance) -> None:
    api, charlie = Api(instance), person_id("charlie.whitherspoon")
    for table in ("problem", "problem_task"):
        assert await api.result(f"/table/{table}", by=charlie) == []
