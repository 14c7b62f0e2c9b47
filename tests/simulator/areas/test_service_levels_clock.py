"""Service levels as the clock of the instance goes on, and those of the demo."""

from collections import Counter
from datetime import timedelta

import pytest

from simulator.areas.service_levels.refreshing import refresh
from simulator.instance import Instance
from simulator.jobs import Job, Jobs
from simulator.seed.planting import seeded
from tests.simulator.areas.test_service_levels_attaching import Scene
from tests.simulator.facts import fact
from tests.simulator.small_instance import NOW


@pytest.fixture
def demo() -> Instance:
    """An instance with the demo data."""
    return Instance(clock=lambda: NOW, snapshot=seeded(NOW))


@fact(
    "Elapsed times and percentages of running SLAs are brought up to date by a scheduled job",
    tag="D service-level-management",
)
async def test_a_running_sla_follows_the_clock() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    path = f"/table/task_sla/{scene.level(sys_id)['sys_id']}"
    scene.wait(0.001)
    assert (await scene.api.result(path))["percentage"] == "0.0"
    scene.wait(1)
    level = await scene.api.result(path)
    assert float(level["percentage"]) == pytest.approx(25, abs=0.1)
    assert level["has_breached"] == "false"


@fact(
    "An SLA is breached when its time is over, whether or not anybody does anything",
    tag="D service-level-management",
)
async def test_a_breach_happens_by_itself() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    scene.wait(4)
    record = await scene.api.result(f"/table/incident/{sys_id}")
    assert record["made_sla"] == "false"
    level = scene.level(sys_id)
    assert (level["has_breached"], level["stage"]) == ("true", "in_progress")
    assert level["time_left"] == "1970-01-01 00:00:00"
    count = record["sys_mod_count"]
    scene.wait(1)
    assert (await scene.api.result(f"/table/incident/{sys_id}"))["sys_mod_count"] == count


async def test_a_paused_sla_does_not_follow_the_clock() -> None:
    scene = Scene()
    sys_id = await scene.incident(state="3", hold_reason="4")
    scene.wait(100)
    await scene.api.result("/table/task_sla")
    assert scene.level(sys_id)["has_breached"] == "false"


async def test_slas_whose_definition_or_table_is_gone_are_left_alone() -> None:
    scene = Scene()
    sys_id = await scene.incident()
    scene.instance.update("contract_sla", "5" * 32, {"collection": "u_gone"})
    scene.wait(1)
    await scene.api.result("/table/task_sla")
    assert scene.level(sys_id)["percentage"] == "25.0"
    scene.instance.delete("contract_sla", "5" * 32)
    scene.wait(1)
    await scene.api.result("/table/task_sla")
    assert scene.level(sys_id)["percentage"] == "25.0"


def test_jobs_are_due_after_their_interval_even_if_the_clock_is_put_back() -> None:
    job = Job(name="Nothing", every=timedelta(minutes=1), action=lambda *_: None)
    jobs = Jobs([job], now=NOW)
    assert jobs.due(NOW) == []
    assert jobs.due(NOW + timedelta(days=1)) == [job]
    assert jobs.due(NOW + timedelta(days=1)) == []
    assert jobs.due(NOW) == []
    assert jobs.due(NOW + timedelta(minutes=1)) == [job]
    assert Jobs([], now=NOW).due(NOW + timedelta(days=9)) == []


def test_the_demo_has_service_levels_of_every_kind(demo: Instance) -> None:
    rows = demo.query("task_sla")
    assert 100 < len(rows) < 300
    assert {row["stage"] for row in rows} == {"in_progress", "paused", "completed"}
    assert Counter(row["has_breached"] for row in rows).keys() == {"true", "false"}
    for row in rows:
        assert demo.row("incident", row["task"]) is not None
        assert (row["active"] == "true") == (row["stage"] != "completed")
    assert demo.count("contract_sla") == 8
    assert {row["made_sla"] for row in demo.query("incident")} == {"true"}


def test_refreshing_the_demo_changes_no_incident(demo: Instance) -> None:
    before = demo.query("incident")
    refresh(demo, NOW)
    assert demo.query("incident") == before


@fact(
    "Business elapsed time of an SLA leaves out what its schedule leaves out",
    tag="D service-level-management",
)
def test_business_time_is_less_than_all_time(demo: Instance) -> None:
    scheduled = demo.query("task_sla", "scheduleISNOTEMPTY^stage=in_progress")
    assert scheduled
    assert all(row["business_duration"] <= row["duration"] for row in scheduled)
    assert any(row["business_duration"] < row["duration"] for row in scheduled)
