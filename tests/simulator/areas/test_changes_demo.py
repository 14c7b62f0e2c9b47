"""The changes of the demo data: all types, all states, and what belongs to them."""

from collections import Counter

import pytest

from simulator.areas.changes.conflict_detection import detect
from simulator.areas.changes.seed.planting import PROPERTIES
from simulator.areas.changes.transitions import ways_from
from simulator.instance import Instance
from simulator.seed.ids import person_id
from simulator.world import World
from tests.simulator.small_instance import Api


@pytest.fixture
def instance(world: World) -> Instance:
    """The demo data of a fresh instance."""
    return world.instance


def test_there_are_changes_of_all_types_in_all_states(instance: Instance) -> None:
    rows = instance.query("change_request")
    assert len(rows) >= 30
    assert {row["state"] for row in rows} == {"-5", "-4", "-3", "-2", "-1", "0", "3", "4"}
    assert set(Counter(row["type"] for row in rows)) == {"normal", "standard", "emergency"}


def test_a_change_has_what_its_state_takes(instance: Instance) -> None:
    for row in instance.query("change_request"):
        assert instance.row("chg_model", row["chg_model"]) is not None
        assert instance.row("cmdb_ci", row["cmdb_ci"]) is not None
        assert instance.row("sys_user", row["requested_by"]) is not None
        assert bool(row["close_code"] and row["close_notes"]) == (row["state"] == "3")
        assert (row["active"] == "false") == (row["state"] in ("3", "4"))
        assert bool(row["work_start"]) == (row["state"] in ("-1", "0", "3"))
        assert (row["on_hold"] == "true") == bool(row["on_hold_reason"])
        assert row["start_date"] < row["end_date"]


def test_no_change_would_move_on_by_itself(instance: Instance) -> None:
    for row in instance.query("change_request", "state=-4^ORstate=-3"):
        assert row["approval"] == "requested"
        assert ways_from(instance, row, state=row["state"])


@pytest.mark.parametrize("name", ["beth.anglin", "fred.luddy", "david.loo"])
def test_approvals_wait_for_people_of_the_board(instance: Instance, name: str) -> None:
    waiting = (
        f"approver={person_id(name)}^state=requested^sysapproval.sys_class_name=change_request"
    )
    assert instance.count("sysapproval_approver", waiting) >= 4


def test_there_are_tasks_conflicts_and_templates(instance: Instance) -> None:
    assert instance.count("change_task", "active=true") >= 4
    conflicts = instance.query("conflict")
    assert len(conflicts) == 2
    assert {row["change"] for row in conflicts} == {row["conflicting_change"] for row in conflicts}
    assert instance.count("std_change_record_producer", "active=true") == 5
    assert instance.count("cab_agenda_item") == 4


async def test_numbers_go_on_after_the_demos(instance: Instance) -> None:
    api = Api(instance)
    admin = person_id("admin")
    taken = {row["number"] for row in instance.query("task")}
    for table in ("change_request", "change_task"):
        made = await api.post(f"/table/{table}", {"short_description": "One more"}, by=admin)
        assert made.status_code == 201
        assert made.json()["result"]["number"] not in taken


async def test_beth_approves_a_change_of_the_demo(instance: Instance) -> None:
    api, beth = Api(instance), person_id("beth.anglin")
    waiting = f"approver={beth}^state=requested^sysapproval.number=CHG0010001"
    change = instance.query("sysapproval_approver", waiting)[0]["sysapproval"]
    path = f"/api/sn_chg_rest/change/{change}/approvals"
    answer = await api.patch(path, {"state": "approved"}, by=beth)
    assert answer.json()["result"]["state"]["display_value"] == "Authorize"


async def test_a_change_comes_from_a_template_of_the_demo(instance: Instance) -> None:
    api, abel = Api(instance), person_id("abel.tuter")
    templates = await api.result("/api/sn_chg_rest/change/standard/template", by=abel)
    first = templates[0]["sys_id"]["value"]
    made = await api.post(f"/api/sn_chg_rest/change/standard/{first}", {}, by=abel)
    result = made.json()["result"]
    assert result["short_description"]["value"] == templates[0]["name"]["value"]
    assert result["implementation_plan"]["value"]
    assert result["__meta"]["ignoredFields"] == []


@pytest.mark.parametrize(("name", "value"), PROPERTIES.items())
def test_its_properties_can_be_read_and_changed(instance: Instance, name: str, value: str) -> None:
    assert instance.property(name) == value
    assert instance.count("sys_properties", f"name={name}") == 1


async def test_charlie_sees_none_of_it(instance: Instance) -> None:
    api, charlie = Api(instance), person_id("charlie.whitherspoon")
    for table in ("change_request", "change_task", "conflict", "std_change_record_producer"):
        assert await api.result(f"/table/{table}", by=charlie) == []


def test_a_conflict_check_of_the_demo_finds_the_same(instance: Instance) -> None:
    change = instance.query("change_request", "conflict_status=Conflict^ORDERBYnumber")[0]
    assert "ci_already_scheduled" in {one.kind for one in detect(instance, change)}
