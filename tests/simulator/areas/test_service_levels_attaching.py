"""Service levels follow the incident they are attached to."""

from datetime import datetime, timedelta

import pytest

from simulator.areas.service_levels.definitions import children, entries, schedules
from simulator.instance import Instance
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, NOW, Api, small_instance

DEFINITION = {
    "sys_id": "5" * 32,
    "name": "Priority 1 resolution",
    "type": "SLA",
    "collection": "incident",
    "duration": "1970-01-01 04:00:00",
    "schedule_source": "no_schedule",
    "start_condition": "active=true^priority=1",
    "pause_condition": "state=3",
    "stop_condition": "stateIN6,7",
}
URGENT = {"impact": "1", "urgency": "1", "caller_id": ABEL}
SOLVED = {"close_code": "Solution provided", "close_notes": "Done"}


class Scene:
    """A small instance with one definition, and a clock to move."""

    def __init__(self, **definition: str) -> None:
        self.now = NOW
        self.instance: Instance = small_instance(clock=self.clock)
        self.api = Api(self.instance)
        self.instance.insert("contract_sla", {**DEFINITION, **definition})

    def clock(self) -> datetime:
        return self.now

    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    async def incident(self, **values: str) -> str:
        response = await self.api.post("/table/incident", {**URGENT, **values})
        assert response.status_code == 201, response.text
        sys_id: str = response.json()["result"]["sys_id"]
        return sys_id

    async def change(self, sys_id: str, **values: str) -> dict[str, str]:
        response = await self.api.patch(f"/table/incident/{sys_id}", values)
        assert response.status_code == 200, response.text
        record: dict[str, str] = response.json()["result"]
        return record

    def levels(self, sys_id: str) -> list[dict[str, str]]:
        return self.instance.query("task_sla", f"task={sys_id}^ORDERBYstage")

    def level(self, sys_id: str) -> dict[str, str]:
        (found,) = self.levels(sys_id)
        return found


@fact(
    "An SLA is attached to a task that meets its start condition", tag="D service-level-management"
)
async def test_an_sla_is_attached_to_what_meets_its_start_condition() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    level = scene.level(sys_id)
    expected = {
        "stage": "in_progress",
        "active": "true",
        "has_breached": "false",
        "start_time": "2026-11-20 09:00:00",
        "planned_end_time": "2026-11-20 13:00:00",
        "original_breach_time": "2026-11-20 13:00:00",
        "end_time": "",
        "percentage": "0.0",
        "time_left": "1970-01-01 04:00:00",
    }
    assert {name: level[name] for name in expected} == expected
    assert scene.levels(await scene.incident(urgency="2")) == []


@pytest.mark.parametrize(
    "change",
    [
        {"active": "false"},
        {"collection": "problem"},
        {"start_condition": ""},
        {"start_condition": "active=true^priority=1^stop_condition=1^123TEXTQUERY321=x"},
        {"stop_condition": "state=1"},
        {"when_to_cancel": "on_condition", "cancel_condition": "state=1"},
    ],
)
async def test_otherwise_it_is_not(change: dict[str, str]) -> None:
    scene = Scene(**change)
    assert scene.levels(await scene.incident()) == []


async def test_conditions_may_follow_references() -> None:
    scene = Scene(start_condition="caller_id.vip=true")
    assert scene.levels(await scene.incident()) == []
    assert len(scene.levels(await scene.incident(caller_id=BETH))) == 1


@fact(
    "An SLA that starts retroactively counts from the moment its definition names",
    tag="D r_SLARetroactive",
)
async def test_a_retroactive_sla_counts_from_the_beginning() -> None:
    scene = Scene(retroactive="true", set_start_to="opened_at")
    sys_id = await scene.incident(opened_at="2026-11-20 08:00:00", urgency="2")
    await scene.change(sys_id, urgency="1")
    level = scene.level(sys_id)
    assert level["start_time"] == "2026-11-20 08:00:00"
    assert level["planned_end_time"] == "2026-11-20 12:00:00"
    assert level["percentage"] == level["business_percentage"] == "25.0"
    odd = scene.level(await scene.incident(opened_at="soon"))
    assert odd["start_time"] == "2026-11-20 09:00:00"


@pytest.mark.parametrize("opened", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
async def test_an_absurd_beginning_breaks_nothing(opened: str) -> None:
    scene = Scene(retroactive="true", schedule_source="sla_definition", schedule="9" * 32)
    level = scene.level(await scene.incident(opened_at=opened))
    assert level["has_breached"] == ("true" if opened.startswith("0") else "false")


@fact(
    "An SLA pauses while its pause condition is met, and its breach is put off by that",
    tag="D service-level-management",
)
async def test_an_sla_pauses_and_goes_on() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    scene.wait(1)
    await scene.change(sys_id, state="3", hold_reason="4")
    paused = scene.level(sys_id)
    assert (paused["stage"], paused["pause_time"]) == ("paused", "2026-11-20 10:00:00")
    assert paused["percentage"] == "25.0"
    scene.wait(2)
    await scene.change(sys_id, state="2")
    level = scene.level(sys_id)
    assert (level["stage"], level["pause_time"]) == ("in_progress", "")
    assert level["pause_duration"] == "1970-01-01 02:00:00"
    assert level["planned_end_time"] == "2026-11-20 15:00:00"
    assert level["original_breach_time"] == "2026-11-20 13:00:00"
    assert (level["percentage"], level["business_percentage"]) == ("25.0", "25.0")


async def test_an_sla_may_wait_for_a_condition_of_its_own_to_go_on() -> None:
    scene = Scene(when_to_resume="on_condition", resume_condition="urgency=2")
    scene.instance.update("contract_sla", "5" * 32, {"when_to_cancel": "never"})
    sys_id = await scene.incident(state="3", hold_reason="4")
    assert scene.level(sys_id)["stage"] == "paused"
    await scene.change(sys_id, state="2")
    assert scene.level(sys_id)["stage"] == "paused"
    await scene.change(sys_id, urgency="2")
    assert scene.level(sys_id)["stage"] == "in_progress"


@fact("An SLA is completed when its stop condition is met", tag="D service-level-management")
async def test_an_sla_is_completed() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    scene.wait(1)
    await scene.change(sys_id, state="6", **SOLVED)
    level = scene.level(sys_id)
    assert (level["stage"], level["active"]) == ("completed", "false")
    assert level["end_time"] == "2026-11-20 10:00:00"
    assert level["duration"] == level["business_duration"] == "1970-01-01 01:00:00"
    assert level["has_breached"] == "false"


async def test_a_paused_sla_is_completed_without_the_pause() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    await scene.change(sys_id, state="3", hold_reason="4")
    scene.wait(10)
    record = await scene.change(sys_id, state="6", **SOLVED)
    level = scene.level(sys_id)
    assert (level["stage"], level["has_breached"]) == ("completed", "false")
    assert level["pause_duration"] == "1970-01-01 10:00:00"
    assert record["made_sla"] == "true"


@fact(
    "An SLA whose start condition is no longer met is cancelled", tag="D service-level-management"
)
async def test_an_sla_is_cancelled_when_the_priority_changes() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    await scene.change(sys_id, urgency="3")
    level = scene.level(sys_id)
    assert (level["stage"], level["active"]) == ("cancelled", "false")
    await scene.change(sys_id, urgency="1")
    assert [one["stage"] for one in scene.levels(sys_id)] == ["cancelled", "in_progress"]


async def test_an_sla_may_be_cancelled_by_a_condition_or_never() -> None:
    scene = Scene(when_to_cancel="on_condition", cancel_condition="urgency=3")
    sys_id = await scene.incident()
    await scene.change(sys_id, urgency="2")
    assert scene.level(sys_id)["stage"] == "in_progress"
    await scene.change(sys_id, urgency="3")
    assert scene.level(sys_id)["stage"] == "cancelled"
    never = Scene(when_to_cancel="never")
    kept = await never.incident()
    await never.change(kept, urgency="3")
    assert never.level(kept)["stage"] == "in_progress"


@pytest.mark.parametrize(("action", "stage"), [("cancel", "cancelled"), ("complete", "completed")])
async def test_an_sla_is_started_anew_by_its_reset_condition(action: str, stage: str) -> None:
    scene = Scene(reset_condition="assignment_groupVALCHANGES", reset_action=action)
    sys_id = await scene.incident()
    scene.wait(1)
    await scene.change(sys_id, assignment_group="1" * 32)
    assert sorted(one["stage"] for one in scene.levels(sys_id)) == sorted([stage, "in_progress"])


@fact(
    "made_sla of a task becomes false when one of its SLAs is breached; an OLA does not count",
    tag="R",
)
@pytest.mark.parametrize(("kind", "made"), [("SLA", "false"), ("OLA", "true")])
async def test_a_late_resolution_has_not_made_its_sla(kind: str, made: str) -> None:
    scene = Scene(type=kind)
    sys_id = await scene.incident()
    scene.wait(5)
    await scene.change(sys_id, state="6", **SOLVED)
    assert scene.level(sys_id)["has_breached"] == "true"
    assert scene.level(sys_id)["percentage"] == "125.0"
    assert (scene.instance.row("incident", sys_id) or {})["made_sla"] == made


async def test_service_levels_of_a_deleted_task_go_with_it() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    await scene.api.call("DELETE", f"/table/incident/{sys_id}", by=DANA)
    assert scene.levels(sys_id) == []


async def test_working_hours_are_those_of_the_callers_time_zone() -> None:
    scene = Scene(schedule_source="sla_definition", schedule="08fcd0830a0a0b2600079f56b1adb9ae")
    for table, rows in (
        ("cmn_schedule", schedules()),
        ("cmn_schedule_span", entries()),
        ("cmn_other_schedule", children()),
    ):
        scene.instance.insert_many(table, rows)
    scene.now = datetime.fromisoformat("2026-12-24 16:30:00+00:00")
    # Berlin is an hour ahead; then come two holidays and a Sunday.
    planned = {
        BETH: "2026-12-28 11:00:00",
        ABEL: "2026-12-28 11:30:00",
        CHARLIE: "2026-12-28 11:30:00",
    }
    for caller, expected in planned.items():
        level = scene.level(await scene.incident(caller_id=caller))
        assert level["planned_end_time"] == expected, caller


async def test_the_schedule_may_be_that_of_a_field() -> None:
    scene = Scene(schedule_source="task_field", schedule_source_field="correlation_id")
    scene.instance.insert_many("cmn_schedule", schedules())
    level = scene.level(await scene.incident(correlation_id="090eecae0a0a0b260077e1dfa71da828"))
    # It has no entries: nothing counts, and no breach is planned.
    assert level["planned_end_time"] == ""
    assert level["percentage"] == "0.0"


@fact("Service levels of tasks are read with the role itil", tag="R")
async def test_callers_do_not_see_service_levels() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    assert len(await scene.api.result("/table/task_sla", by=ABEL)) == 1
    assert await scene.api.result("/table/task_sla", by=CHARLIE) == []
    path = f"/table/task_sla/{scene.level(sys_id)['sys_id']}"
    assert (await scene.api.patch(path, {"stage": "completed"}, by=ABEL)).status_code == 403
