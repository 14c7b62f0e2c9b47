"""Tasks of problems."""

from typing import Any

import pytest

from simulator.areas.problems.states import TASK_ASSESS, TASK_CLOSED, TASK_NEW, TASK_WORK
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, DANA, Api

TASK = "/table/problem_task"
DONE = {"close_code": "completed", "close_notes": "Found it"}


@pytest.fixture
def api() -> Api:
    """A fresh small instance."""
    return Api()


async def created(api: Api, **values: str) -> dict[str, Any]:
    """A new problem and a task of it."""
    problem = (await api.post("/table/problem", {"short_description": "x"})).json()["result"]
    given = {"problem": problem["sys_id"], "short_description": "Look into it", **values}
    response = await api.post(TASK, given, sysparm_exclude_reference_link="true")
    assert response.status_code == 201, response.text
    task: dict[str, Any] = response.json()["result"]
    return task


async def moved(api: Api, sys_id: str, state: str, *, by: str = ABEL, **values: str) -> Any:
    """Try to move a task; the answer."""
    return await api.patch(f"{TASK}/{sys_id}", {"state": state, **values}, by=by)


@fact(
    "A problem task has a PTASK number, states 151, 152, 154 and 157, and a type", tag="C ansible"
)
async def test_a_task_walks_its_states(api: Api) -> None:
    task = await created(api)
    assert task["number"] == "PTASK0010001"
    assert (task["state"], task["problem_task_type"]) == (TASK_NEW, "general")
    assert task["parent"] == task["problem"]
    steps: list[tuple[str, dict[str, str]]] = [
        (TASK_ASSESS, {"assigned_to": ABEL}),
        (TASK_WORK, {}),
        (TASK_CLOSED, DONE),
    ]
    for state, values in steps:
        assert (await moved(api, task["sys_id"], state, **values)).status_code == 200
    stored = api.instance.row("problem_task", task["sys_id"])
    assert stored is not None
    assert (stored["active"], stored["started_by"]) == ("false", ABEL)


@pytest.mark.parametrize(
    ("state", "target", "values"),
    [
        (TASK_NEW, TASK_WORK, {}),
        (TASK_NEW, TASK_CLOSED, DONE),
        (TASK_ASSESS, TASK_CLOSED, DONE),
        (TASK_WORK, TASK_NEW, {}),
        (TASK_NEW, "3", {}),
    ],
)
async def test_an_illegal_transition_is_aborted(
    api: Api, state: str, target: str, values: dict[str, str]
) -> None:
    task = await created(api, assigned_to=ABEL)
    api.instance.update("problem_task", task["sys_id"], {"state": state})
    response = await moved(api, task["sys_id"], target, **values)
    assert response.status_code == 403
    assert "Problem Task Model: Check State Transition" in response.json()["error"]["detail"]


@fact("Assessing a problem task takes an assignee, closing it a code and notes", tag="C ansible")
async def test_states_of_a_task_take_fields(api: Api) -> None:
    task = await created(api)
    response = await moved(api, task["sys_id"], TASK_ASSESS)
    assert response.json()["error"]["detail"].endswith(": Assigned to")
    await moved(api, task["sys_id"], TASK_ASSESS, assigned_to=ABEL)
    await moved(api, task["sys_id"], TASK_WORK)
    response = await moved(api, task["sys_id"], TASK_CLOSED)
    assert response.json()["error"]["detail"].endswith(": Close code, Close notes")


@pytest.mark.parametrize("state", [TASK_NEW, TASK_ASSESS, TASK_WORK])
async def test_a_task_is_canceled(api: Api, state: str) -> None:
    task = await created(api, assigned_to=ABEL)
    api.instance.update("problem_task", task["sys_id"], {"state": state})
    ended = {"close_code": "canceled", "close_notes": "No need"}
    assert (await moved(api, task["sys_id"], TASK_CLOSED, **ended)).status_code == 200


@fact("A closed problem task is re-assessed by a coordinator, a property says", tag="D properties")
async def test_a_closed_task_is_reassessed(api: Api) -> None:
    task = await created(api, assigned_to=ABEL)
    ended = {"state": TASK_CLOSED, "active": "false", **DONE}
    api.instance.update("problem_task", task["sys_id"], ended)
    assert (await moved(api, task["sys_id"], TASK_ASSESS)).status_code == 403
    assert (await moved(api, task["sys_id"], TASK_ASSESS, by=DANA)).status_code == 200
    stored = api.instance.row("problem_task", task["sys_id"])
    assert stored is not None
    assert (stored["active"], stored["reopen_count"], stored["close_code"]) == ("true", "1", "")


@fact("Closing a problem cancels its open tasks", tag="D properties")
@pytest.mark.parametrize(("cancels", "state"), [("true", TASK_CLOSED), ("false", TASK_NEW)])
async def test_open_tasks_end_with_the_problem(api: Api, cancels: str, state: str) -> None:
    name = "problem.closed.cancel_open_tasks"
    api.instance.insert("sys_properties", {"name": name, "value": cancels})
    task = await created(api)
    ended = {"state": "107", "resolution_code": "canceled", "close_notes": "No"}
    await api.patch(f"/table/problem/{task['problem']}", ended)
    stored = api.instance.row("problem_task", task["sys_id"])
    assert stored is not None
    assert stored["state"] == state


@fact("A closed problem gets no new tasks unless a property allows it", tag="D properties")
async def test_a_closed_problem_gets_no_tasks(api: Api) -> None:
    task = await created(api)
    api.instance.update("problem", task["problem"], {"state": "107"})
    given = {"problem": task["problem"]}
    assert (await api.post(TASK, given)).status_code == 403
    name = "problem.closed.can_create_tasks"
    api.instance.insert("sys_properties", {"name": name, "value": "true"})
    assert (await api.post(TASK, given)).status_code == 201


async def test_a_task_begins_as_new(api: Api) -> None:
    assert (await api.post(TASK, {"state": TASK_WORK})).status_code == 403
