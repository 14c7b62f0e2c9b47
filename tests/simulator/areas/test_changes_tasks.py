"""Tasks of changes: what a change makes of them, and what they make of a change."""

import pytest

from simulator.areas.changes.models import CANCELED, IMPLEMENT, NEW, REVIEW, SCHEDULED
from tests.simulator.areas.changes_world import CHANGE, Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, MAIL, NETWORK

TASK = "/table/change_task"
DONE = {"state": "3", "close_code": "successful", "close_notes": "Done"}


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


async def under_way(api: Changes, **values: str) -> str:
    """A change that is being implemented; its sys_id."""
    sys_id = await api.in_state(SCHEDULED, **values)
    assert (await api.moved(sys_id, IMPLEMENT)).status_code == 200
    return sys_id


def tasks(api: Changes, sys_id: str) -> list[dict[str, str]]:
    """The tasks of a change, as stored."""
    return api.instance.query("change_task", f"change_request={sys_id}^ORDERBYnumber")


@fact("A change being implemented gets a task to implement it and one to test it", tag="D")
async def test_implementing_makes_two_tasks(api: Changes) -> None:
    planned = {"start_date": "2026-11-21 10:00:00", "end_date": "2026-11-21 12:00:00"}
    sys_id = await under_way(api, cmdb_ci=MAIL, **planned)
    made = tasks(api, sys_id)
    assert [(row["short_description"], row["change_task_type"]) for row in made] == [
        ("Implement", "implementation"),
        ("Post implementation testing", "testing"),
    ]
    for row in made:
        assert row["number"].startswith("CTASK")
        assert (row["state"], row["created_from"], row["parent"]) == ("1", "workflow", sys_id)
        assert (row["assignment_group"], row["cmdb_ci"]) == (NETWORK, MAIL)
        assert row["planned_start_date"] == planned["start_date"]


@fact("When its last task is closed a change goes to Review by itself", tag="D nextstates")
async def test_the_last_task_moves_the_change(api: Changes) -> None:
    sys_id = await under_way(api)
    first, second = tasks(api, sys_id)
    await api.patch(f"{TASK}/{first['sys_id']}", DONE)
    assert api.state(sys_id) == IMPLEMENT
    await api.patch(f"{TASK}/{second['sys_id']}", {"state": "4"})
    assert api.state(sys_id) == REVIEW
    assert all(row["active"] == "false" and row["work_end"] for row in tasks(api, sys_id))


@fact("Closing a change task takes a close code and close notes", tag="C ansible")
async def test_closing_a_task_takes_code_and_notes(api: Changes) -> None:
    sys_id = await under_way(api)
    path = f"{TASK}/{tasks(api, sys_id)[0]['sys_id']}"
    response = await api.patch(path, {"state": "3"})
    assert response.status_code == 403
    assert response.json()["error"]["detail"].endswith(": Close code, Close notes")
    assert (await api.patch(path, {"state": "2"})).status_code == 200
    assert tasks(api, sys_id)[0]["work_start"]
    assert (await api.patch(path, DONE)).status_code == 200
    assert (await api.patch(path, {"state": "1"})).status_code == 200
    assert tasks(api, sys_id)[0]["active"] == "true"


@fact("Canceling a change cancels its open tasks", tag="D")
async def test_open_tasks_end_with_the_change(api: Changes) -> None:
    sys_id = await under_way(api)
    await api.patch(f"{TASK}/{tasks(api, sys_id)[0]['sys_id']}", DONE)
    await api.moved(sys_id, CANCELED)
    assert [row["state"] for row in tasks(api, sys_id)] == ["3", "4"]
    assert api.state(sys_id) == CANCELED


@fact("The open tasks of a change are on hold with it", tag="M")
async def test_tasks_are_on_hold_with_their_change(api: Changes) -> None:
    sys_id = await under_way(api)
    await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "true", "on_hold_reason": "Strike"})
    assert {(row["on_hold"], row["on_hold_reason"]) for row in tasks(api, sys_id)} == {
        ("true", "Strike")
    }
    await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "false"})
    assert {(row["on_hold"], row["on_hold_reason"]) for row in tasks(api, sys_id)} == {
        ("false", "")
    }


@fact("A change task that is on hold needs a reason", tag="C ansible")
async def test_a_task_on_hold_needs_a_reason(api: Changes) -> None:
    sys_id = await api.created()
    response = await api.post(TASK, {"change_request": sys_id, "on_hold": "true"})
    assert response.json()["error"]["detail"].endswith(": On hold reason")


async def test_a_task_made_by_hand_belongs_to_its_change(api: Changes) -> None:
    sys_id = await api.created()
    response = await api.post(TASK, {"change_request": sys_id, "short_description": "Dig"})
    task = response.json()["result"]
    assert task["parent"]["value"] == sys_id
    assert (task["created_from"], task["state"]) == ("manual", "1")
    await api.patch(f"{TASK}/{task['sys_id']}", DONE)
    assert api.state(sys_id) == NEW


async def test_a_change_sent_back_makes_its_tasks_once(api: Changes) -> None:
    sys_id = await under_way(api)
    api.instance.update("change_request", sys_id, {"state": SCHEDULED})
    await api.moved(sys_id, IMPLEMENT)
    assert len(tasks(api, sys_id)) == 2


async def test_charlie_sees_no_tasks_and_makes_none(api: Changes) -> None:
    sys_id = await under_way(api)
    assert await api.result(TASK, by=CHARLIE) == []
    refused = await api.post(TASK, {"change_request": sys_id}, by=CHARLIE)
    assert refused.status_code == 403
    assert len(await api.result(TASK, by=ABEL)) == 2
