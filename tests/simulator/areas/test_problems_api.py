"""Problems whose state the Table API leaves alone, and the scripted API that moves them."""

import pytest

from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, Api, small_instance

PROBLEM = "/table/problem"
SCRIPTED = "/api/x_rhtpp_ansible/problem"


@pytest.fixture
def api() -> Api:
    """An instance whose Table API does not write the state of a problem."""
    return Api(small_instance(switches=Switches(problem_states_over_table_api=False)))


async def created(api: Api) -> tuple[str, str]:
    """A new problem; its sys_id and its number."""
    response = await api.post(PROBLEM, {"short_description": "It fails", "assigned_to": ABEL})
    record = response.json()["result"]
    return record["sys_id"], record["number"]


@fact("The Table API may answer 200 and leave the state of a problem as it was", tag="M")
async def test_the_table_api_leaves_the_state_alone(api: Api) -> None:
    sys_id, _ = await created(api)
    given = {"state": "102", "impact": "1"}
    response = await api.patch(f"{PROBLEM}/{sys_id}", given)
    assert response.status_code == 200
    result = response.json()["result"]
    assert (result["state"], result["impact"]) == ("101", "1")


@fact("A store application moves problems by number and new state", tag="C ansible")
async def test_the_scripted_api_moves_a_problem(api: Api) -> None:
    _, number = await created(api)
    for state, given in (
        ("102", {}),
        ("103", {"state": "103"}),
        ("104", {"state": "104", "cause_notes": "A", "fix_notes": "B"}),
    ):
        path = f"{SCRIPTED}/{number}/new_state/{state}"
        response = await api.patch(path, given, sysparm_exclude_reference_link="true")
        assert response.status_code == 200
        assert response.json()["result"]["state"] == state
    assert response.json()["result"]["assigned_to"] == ABEL
    assert response.json()["result"]["fix_notes"] == "B"


@fact("The store application names the states between which there is no way", tag="C ansible")
async def test_an_impossible_transition_is_said(api: Api) -> None:
    sys_id, number = await created(api)
    path = f"{SCRIPTED}/{number}/new_state/106"
    response = await api.patch(path, {"cause_notes": "Not written"})
    assert response.status_code == 400
    assert response.json()["error"]["message"] == (
        "Problem state transition from state 101 to 106 is not possible"
    )
    row = api.instance.row("problem", sys_id)
    assert row is not None
    assert (row["state"], row["cause_notes"]) == ("101", "")


async def test_what_a_state_takes_is_asked_for(api: Api) -> None:
    sys_id, number = await created(api)
    api.instance.update("problem", sys_id, {"state": "103", "problem_state": "103"})
    response = await api.patch(f"{SCRIPTED}/{number}/new_state/104", {})
    assert response.status_code == 403
    assert "mandatory: Cause notes" in response.json()["error"]["detail"]


async def test_others_move_nothing(api: Api) -> None:
    sys_id, number = await created(api)
    path = f"{SCRIPTED}/{number}/new_state/102"
    assert (await api.patch(path, {}, by=CHARLIE)).status_code == 404
    assert (await api.patch(f"{SCRIPTED}/PRB9/new_state/102", {})).status_code == 404
    assert (await api.patch(f"{SCRIPTED}/^ORactive=true/new_state/102", {})).status_code == 404
    closed = {"state": "107", "problem_state": "107", "resolution_code": "canceled"}
    api.instance.update("problem", sys_id, closed)
    assert (await api.patch(f"{SCRIPTED}/{number}/new_state/103", {})).status_code == 403


async def test_without_the_application_there_is_no_such_api() -> None:
    api = Api(small_instance(switches=Switches(absent_plugins=("x_rhtpp_ansible",))))
    response = await api.patch(f"{SCRIPTED}/PRB1/new_state/102", {})
    assert response.status_code == 400
