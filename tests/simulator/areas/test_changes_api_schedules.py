"""Conflicts and free time of changes over the Change Management API."""

import pytest

from simulator.areas.changes.models import SCHEDULED
from simulator.switches import Switches
from tests.simulator.areas.changes_world import CHANGE, Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, FIRST, MAIL

CHG = "/api/sn_chg_rest/change"
PLANNED = {
    "cmdb_ci": MAIL,
    "start_date": "2026-11-21 10:00:00",
    "end_date": "2026-11-21 12:00:00",
}


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


def schedule(api: Changes, table: str, *, start: str, end: str, repeats: str = "") -> str:
    """A maintenance or blackout schedule for servers; its sys_id."""
    made = {"name": "Hours", "time_zone": "UTC", "condition": "name=mail-01"}
    sys_id = api.instance.insert(table, made)
    span = {"schedule": sys_id, "start_date_time": start, "end_date_time": end}
    api.instance.insert("cmn_schedule_span", span | {"repeat_type": repeats})
    return sys_id


async def kinds(api: Changes, sys_id: str) -> list[str]:
    """What a check of a change finds."""
    assert (await api.call("POST", f"{CHG}/{sys_id}/conflict")).status_code == 200
    result = await api.result(f"{CHG}/{sys_id}/conflict")
    return [one["type"]["value"] for one in result["conflicts"]]


@fact("Before any check the conflict status of a change is 'Not Run'", tag="D Change API")
async def test_nothing_was_checked_yet(api: Changes) -> None:
    sys_id = await api.created(**PLANNED)
    result = await api.result(f"{CHG}/{sys_id}/conflict")
    assert (result["status"], result["conflicts"]) == ("Not Run", [])


@fact(
    "A conflict check answers with the sys_id of its process; its status says 'Conflict' even"
    " where there is none",
    tag="D Change API",
)
async def test_a_check_without_conflicts(api: Changes) -> None:
    sys_id = await api.created(**PLANNED)
    started = await api.call("POST", f"{CHG}/{sys_id}/conflict")
    assert started.status_code == 200
    assert len(started.json()["result"]) == 32
    assert await api.result(f"{CHG}/{sys_id}/conflict") == {
        "status": "Conflict",
        "last_run": "2026-11-20 09:00:00",
        "record_count": "1",
        "job_status": "2",
        "conflicts": [],
    }
    row = api.row(sys_id)
    assert (row["conflict_status"], row["conflict_last_run"]) == (
        "No Conflict",
        "2026-11-20 09:00:00",
    )


@fact("Two changes of one item, or of one person, at one time are conflicts", tag="D c_Conflict")
async def test_changes_at_the_same_time_collide(api: Changes) -> None:
    other = await api.in_state(SCHEDULED, **PLANNED, assigned_to=BETH)
    sys_id = await api.created(**PLANNED, assigned_to=BETH)
    assert await kinds(api, sys_id) == ["assigned_to_already_scheduled", "ci_already_scheduled"]
    found = (await api.result(f"{CHG}/{sys_id}/conflict"))["conflicts"]
    assert {one["conflicting_change"]["value"] for one in found} == {other}
    assert {one["change"]["value"] for one in found} == {sys_id}
    assert found[1]["type"]["display_value"] == "CI Already Scheduled"
    assert api.row(sys_id)["conflict_status"] == "Conflict"
    await api.patch(f"{CHANGE}/{sys_id}", {"start_date": "2026-11-21 12:00:00"})
    await api.patch(f"{CHANGE}/{sys_id}", {"end_date": "2026-11-21 13:00:00"})
    assert await kinds(api, sys_id) == []


@fact("A change in a blackout or outside its maintenance window is a conflict", tag="D c_Conflict")
async def test_windows_and_blackouts_count(api: Changes) -> None:
    sys_id = await api.created(**PLANNED)
    blackout = schedule(
        api, "cmn_schedule_blackout", start="20261121T113000Z", end="20261121T140000Z"
    )
    assert await kinds(api, sys_id) == ["blackout"]
    window = schedule(
        api, "cmn_schedule_maintenance", start="20261121T090000Z", end="20261121T113000Z"
    )
    assert await kinds(api, sys_id) == ["blackout", "not_in_maintenance_window"]
    named = {row["schedule"] for row in api.instance.query("conflict", f"change={sys_id}")}
    assert named == {blackout, window}
    await api.patch(f"{CHANGE}/{sys_id}", {"end_date": "2026-11-21 11:00:00"})
    assert await kinds(api, sys_id) == []


async def test_affected_items_are_checked_in_the_advanced_mode_only(api: Changes) -> None:
    await api.in_state(SCHEDULED, **PLANNED)
    sys_id = await api.created(**PLANNED | {"cmdb_ci": "7" * 32})
    api.instance.insert("cmdb_ci_service", {"sys_id": "7" * 32, "name": "Post"})
    api.instance.insert("task_ci", {"task": sys_id, "ci_item": MAIL})
    assert await kinds(api, sys_id) == ["ci_already_scheduled"]
    mode = {"name": "change.conflict.mode", "value": "basic"}
    api.instance.insert("sys_properties", mode)
    assert await kinds(api, sys_id) == []


@fact("A conflict check takes an item and planned dates", tag="D Change API")
@pytest.mark.parametrize(
    "wrong", [{"cmdb_ci": ""}, {"start_date": ""}, {"end_date": ""}, {"end_date": "soon"}]
)
async def test_a_check_takes_an_item_and_dates(api: Changes, wrong: dict[str, str]) -> None:
    sys_id = await api.created(**PLANNED | wrong)
    assert (await api.call("POST", f"{CHG}/{sys_id}/conflict")).status_code == 400


@fact("Only a conflict check that is running can be canceled", tag="D Change API")
async def test_a_running_check_is_canceled() -> None:
    api = Changes(Switches(change_worker_seconds=30))
    sys_id = await api.created(**PLANNED)
    path = f"{CHG}/{sys_id}/conflict"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 400
    await api.call("POST", path)
    running = await api.result(path)
    assert (running["job_status"], running["conflicts"]) == ("1", [])
    canceled = await api.call("DELETE", path, by=DANA)
    assert (canceled.status_code, canceled.content) == (200, b"")
    assert (await api.result(path))["status"] == "Not Run"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 400


async def spans(api: Changes, path: str, **asked: str) -> list[tuple[str, str]]:
    """The free time that the worker of a request found."""
    response = await api.get(f"{CHG}{path}", **asked)
    assert response.status_code == 202, response.text
    assert response.json()["result"]["state"]["display_value"] == "Waiting"
    worker = response.json()["result"]["worker"]["sysId"]
    progress = await api.result(f"{CHG}/worker/{worker}")
    return [
        (one["start"]["value"], one["end"]["value"])
        for one in progress.get("payload", {"spans": []})["spans"]
    ]


@fact(
    "Free time for an item is found by a worker, from a planned start on, around other changes",
    tag="D Change API",
)
async def test_free_time_of_an_item(api: Changes) -> None:
    await api.in_state(SCHEDULED, **PLANNED)
    found = await spans(
        api,
        f"/ci/{MAIL}/schedule",
        duration_in_seconds="3600",
        planned_start_time="2026-11-21 09:30:00",
    )
    assert found[:2] == [
        ("2026-11-21 12:00:00", "2026-11-21 13:00:00"),
        ("2026-11-22 12:00:00", "2026-11-22 13:00:00"),
    ]
    assert len(found) == 10


async def test_free_time_lies_in_maintenance_windows_and_out_of_blackouts(api: Changes) -> None:
    schedule(
        api,
        "cmn_schedule_maintenance",
        start="20261101T010000Z",
        end="20261101T050000Z",
        repeats="weekends",
    )
    schedule(api, "cmn_schedule_blackout", start="20261121T000000Z", end="20261121T030000Z")
    found = await spans(api, f"/ci/{MAIL}/schedule", duration_in_seconds="7200")
    assert found[:2] == [
        ("2026-11-21 03:00:00", "2026-11-21 05:00:00"),
        ("2026-11-22 03:00:00", "2026-11-22 05:00:00"),
    ]


@fact("A worker that finds no free time says for how many days it looked", tag="D Change API")
async def test_no_free_time_is_said(api: Changes) -> None:
    schedule(api, "cmn_schedule_maintenance", start="20261101T010000Z", end="20261101T020000Z")
    response = await api.get(f"{CHG}/ci/{MAIL}/schedule", duration_in_seconds="7200")
    worker = response.json()["result"]["worker"]["sysId"]
    progress = await api.result(f"{CHG}/worker/{worker}")
    assert progress["messages"]["infoMessages"] == ["No slots found for 90 days from now"]
    assert "payload" not in progress


@pytest.mark.parametrize(
    ("item", "asked"),
    [
        (MAIL, {}),
        (MAIL, {"duration_in_seconds": "soon"}),
        (MAIL, {"duration_in_seconds": "-5"}),
        (MAIL, {"duration_in_seconds": "9" * 40}),
        (MAIL, {"duration_in_seconds": "60", "planned_start_time": "tomorrow"}),
        (FIRST, {"duration_in_seconds": "60"}),
    ],
)
async def test_a_schedule_of_an_item_that_makes_no_sense_is_400(
    api: Changes, item: str, asked: dict[str, str]
) -> None:
    assert (await api.get(f"{CHG}/ci/{item}/schedule", **asked)).status_code == 400


@fact("The schedule of a change takes an item and planned dates", tag="D Change API")
async def test_free_time_of_a_change(api: Changes) -> None:
    sys_id = await api.created(**PLANNED)
    found = await spans(api, f"/{sys_id}/schedule")
    assert found[0] == ("2026-11-21 10:00:00", "2026-11-21 12:00:00")
    for missing in PLANNED:
        other = await api.created(**{**PLANNED, missing: ""})
        assert (await api.get(f"{CHG}/{other}/schedule")).status_code == 400
    backwards = await api.created(**PLANNED | {"end_date": "2026-11-01 10:00:00"})
    assert (await api.get(f"{CHG}/{backwards}/schedule")).status_code == 400


@fact("first_available plans a change for the first free time", tag="D Change API")
async def test_a_change_takes_the_first_free_time(api: Changes) -> None:
    await api.in_state(SCHEDULED, **PLANNED | {"start_date": "2026-11-20 08:00:00"})
    sys_id = await api.created(cmdb_ci=MAIL)
    path = f"{CHG}/{sys_id}/schedule/first_available"
    response = await api.patch(path, {"duration_in_seconds": "1800"})
    assert response.status_code == 202
    worker = response.json()["result"]["worker"]["sysId"]
    progress = await api.result(f"{CHG}/worker/{worker}")
    assert progress["messages"]["infoMessages"] == ["Change has been updated"]
    row = api.row(sys_id)
    assert (row["start_date"], row["end_date"]) == ("2026-11-21 12:00:00", "2026-11-21 12:30:00")


@pytest.mark.parametrize(
    "given",
    [{}, {"duration_in_seconds": True}, {"duration_in_seconds": 5, "planned_start_time": 5}],
)
async def test_first_available_takes_a_duration(api: Changes, given: object) -> None:
    sys_id = await api.created(cmdb_ci=MAIL)
    path = f"{CHG}/{sys_id}/schedule/first_available"
    assert (await api.patch(path, given)).status_code == 400
    bare = await api.created()
    path = f"{CHG}/{bare}/schedule/first_available"
    assert (await api.patch(path, {"duration_in_seconds": 60}, by=ABEL)).status_code == 400
