"""What a task tells of its service levels."""

import pytest

from simulator.areas.service_levels.telling import escalation, told
from simulator.instance import Instance
from simulator.seed.planting import seeded
from tests.simulator.areas.test_service_levels_attaching import SOLVED, Scene
from tests.simulator.facts import fact
from tests.simulator.small_instance import NOW

RESPONSE = {
    "sys_id": "6" * 32,
    "name": "Priority 1 response",
    "type": "SLA",
    "target": "response",
    "collection": "incident",
    "duration": "1970-01-01 01:00:00",
    "schedule_source": "no_schedule",
    "start_condition": "active=true^priority=1",
    "stop_condition": "state!=1",
}


async def shown(scene: Scene, sys_id: str) -> tuple[str, str, str]:
    """When an incident is due, and how far it has escalated."""
    record = await scene.api.result(f"/table/incident/{sys_id}")
    return record["sla_due"], record["activity_due"], record["escalation"]


@fact("`sla_due` of a task is the planned end of its running resolution SLA", tag="R")
async def test_a_task_is_due_when_its_resolution_is() -> None:
    scene = Scene(target="resolution")
    scene.instance.insert("contract_sla", RESPONSE)
    sys_id = await scene.incident()
    assert await shown(scene, sys_id) == ("2026-11-20 13:00:00", "2026-11-20 10:00:00", "0")
    record = await scene.change(sys_id, state="2")
    assert record["activity_due"] == "2026-11-20 13:00:00"
    assert record["sys_mod_count"] == "1"


@fact("A task escalates at 50, 75 and 100 per cent of the time of an SLA", tag="R")
async def test_a_task_escalates_with_the_clock_and_is_not_updated() -> None:
    scene = Scene(target="resolution")
    sys_id = await scene.incident()
    escalations = []
    for _ in range(4):
        scene.wait(1)
        escalations.append((await shown(scene, sys_id))[2])
    assert escalations == ["0", "1", "2", "3"]
    row = scene.instance.row("incident", sys_id) or {}
    assert (row["made_sla"], row["sys_mod_count"]) == ("false", "1")  # the breach alone


async def test_a_resolved_task_goes_on_telling_what_it_told() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    await scene.change(sys_id, state="6", **SOLVED)
    assert await shown(scene, sys_id) == ("2026-11-20 13:00:00", "2026-11-20 13:00:00", "0")


async def test_an_ola_is_not_told() -> None:
    scene = Scene(type="OLA")
    sys_id = await scene.incident()
    assert await shown(scene, sys_id) == ("", "", "0")


async def test_a_task_without_service_levels_keeps_what_clients_write() -> None:
    scene = Scene(start_condition="priority=5")
    sys_id = await scene.incident(sla_due="2026-12-01 00:00:00")
    assert (await shown(scene, sys_id))[0] == "2026-12-01 00:00:00"


@pytest.mark.parametrize(
    ("used", "expected"),
    [("", "0"), ("49.99", "0"), ("50.0", "1"), ("75", "2"), ("99.9", "2"), ("100.0", "3")],
)
def test_the_steps_of_escalation(used: str, expected: str) -> None:
    assert escalation(used) == expected


def test_a_level_that_never_ends_tells_no_time() -> None:
    level = {"sla": "a", "planned_end_time": "", "business_percentage": "0.0"}
    assert told([level], {}) == {"sla_due": "", "activity_due": "", "escalation": "0"}
    assert told([], {}) == {}


def test_incidents_of_the_demo_tell_their_levels_as_if_they_always_had() -> None:
    demo = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    due = demo.query("incident", "sla_dueISNOTEMPTY")
    assert len(due) > 20
    assert {row["escalation"] for row in due} >= {"0", "3"}
    for row in due:
        levels = demo.query("task_sla", f"task={row['sys_id']}^active=true")
        assert row["sla_due"] in {level["planned_end_time"] for level in levels}
    assert demo.count("sys_audit", "fieldname=sla_due") == 0
