"""The states of a change: which ways there are, and what each takes."""

import pytest

from simulator.areas.changes.models import (
    ASSESS,
    AUTHORIZE,
    CANCELED,
    CLOSED,
    IMPLEMENT,
    NEW,
    REVIEW,
    SCHEDULED,
)
from tests.simulator.areas.changes_world import CHANGE, Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, NOW

CLOSING = {"close_code": "successful", "close_notes": "Went well"}


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


@fact("A new change is in state -5, of type normal, with the Normal model", tag="D Change API")
async def test_a_new_change_begins_as_normal_and_new(api: Changes) -> None:
    row = api.row(await api.created())
    expected = {
        "state": NEW,
        "type": "normal",
        "chg_model": "007c4001c343101035ae3f52c1d3aeb2",
        "approval": "not requested",
        "phase": "requested",
        "phase_state": "open",
        "category": "Other",
        "scope": "3",
        "risk": "3",
        "priority": "4",
        "impact": "3",
        "conflict_status": "Not Run",
        "requested_by": ABEL,
        "on_hold": "false",
        "unauthorized": "false",
        "cab_required": "false",
        "production_system": "false",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["number"].startswith("CHG")


@fact(
    "An illegal change of state over the Table API is 403 of 'Change Model: Check State"
    " Transition', whoever asks",
    tag="M",
)
@pytest.mark.parametrize("by", [ABEL, DANA])
async def test_an_illegal_transition_is_aborted(api: Changes, by: str) -> None:
    sys_id = await api.created()
    response = await api.moved(sys_id, IMPLEMENT, by=by)
    assert response.status_code == 403
    error = response.json()["error"]
    assert error["message"] == "Operation Failed"
    assert error["detail"].startswith(
        "Operation against file 'change_request' was aborted by Business Rule"
        " 'Change Model: Check State Transition^"
    )
    assert api.state(sys_id) == NEW


@fact(
    "'Change Model: Check State Transition' is sys_script b6dae9e15317101034d1ddeeff7b1278; while"
    " it is inactive a change goes anywhere",
    tag="C clients that turn it off",
)
async def test_the_check_can_be_turned_off(api: Changes) -> None:
    sys_id = await api.created()
    refused = (await api.moved(sys_id, IMPLEMENT)).json()["error"]["detail"]
    assert "^b6dae9e15317101034d1ddeeff7b1278'" in refused
    path = "/table/sys_script/b6dae9e15317101034d1ddeeff7b1278"
    assert (await api.patch(path, {"active": "false"}, by=DANA)).status_code == 200
    assert (await api.moved(sys_id, IMPLEMENT)).status_code == 200
    assert (await api.patch(path, {"active": "true"}, by=DANA)).status_code == 200
    assert (await api.moved(sys_id, NEW)).status_code == 403


@fact("A change cannot be inserted in a state in which its model does not begin", tag="M")
@pytest.mark.parametrize("state", [ASSESS, CLOSED, "1", "99"])
async def test_a_change_begins_where_its_model_does(api: Changes, state: str) -> None:
    response = await api.post(CHANGE, {"short_description": "Early", "state": state})
    assert response.status_code == 403
    assert "Check State Transition" in response.json()["error"]["detail"]


@fact("A change needs an assignment group before it can be assessed", tag="C ansible")
@pytest.mark.parametrize("missing", ["assignment_group", "short_description"])
async def test_assessing_takes_a_group_and_a_subject(api: Changes, missing: str) -> None:
    sys_id = await api.created(**{missing: ""})
    assert (await api.moved(sys_id, ASSESS)).status_code == 403
    assert (await api.moved(sys_id, ASSESS, **{missing: BETH})).status_code == 200


@fact("A normal change walks all states from New to Closed", tag="D c_ChangeStateModel")
async def test_a_normal_change_walks_all_states(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    assert api.state(sys_id) == ASSESS
    await api.decided(sys_id, "approved", by=BETH)
    assert api.state(sys_id) == AUTHORIZE
    await api.decided(sys_id, "approved", by=DANA)
    assert api.state(sys_id) == SCHEDULED
    await api.moved(sys_id, IMPLEMENT)
    await api.moved(sys_id, REVIEW)
    assert api.state(sys_id) == REVIEW
    assert (await api.moved(sys_id, CLOSED, **CLOSING)).status_code == 200
    row = api.row(sys_id)
    assert (row["state"], row["active"], row["approval"]) == (CLOSED, "false", "approved")
    assert (row["closed_by"], row["closed_at"]) == (ABEL, NOW.strftime("%Y-%m-%d %H:%M:%S"))
    assert row["work_start"]
    assert row["work_end"]


@fact("Nobody moves a change on by hand from a state that waits for approval", tag="M")
@pytest.mark.parametrize(("state", "target"), [(ASSESS, AUTHORIZE), (AUTHORIZE, SCHEDULED)])
async def test_what_waits_for_approval_is_not_moved_by_hand(
    api: Changes, state: str, target: str
) -> None:
    sys_id = await api.in_state(state)
    api.instance.update("change_request", sys_id, {"approval": "requested"})
    assert (await api.moved(sys_id, target)).status_code == 403


@fact(
    "A standard change goes from New to Scheduled without anybody's approval",
    tag="D c_ChangeStateModel",
)
async def test_a_standard_change_is_approved_beforehand(api: Changes) -> None:
    sys_id = await api.created(type="standard")
    assert (await api.moved(sys_id, ASSESS)).status_code == 403
    for state in (SCHEDULED, IMPLEMENT, REVIEW):
        assert (await api.moved(sys_id, state)).status_code == 200
        assert api.state(sys_id) == state
    assert api.row(sys_id)["approval"] == "approved"
    assert not api.asked(sys_id)


@fact(
    "An emergency change goes from New to Authorize and is not assessed",
    tag="D c_ChangeStateModel",
)
async def test_an_emergency_change_skips_assessment(api: Changes) -> None:
    sys_id = await api.created(type="emergency")
    assert (await api.moved(sys_id, ASSESS)).status_code == 403
    assert (await api.moved(sys_id, AUTHORIZE)).status_code == 200
    await api.decided(sys_id, "approved", by=ABEL)
    assert api.state(sys_id) == SCHEDULED


@fact("A change in Review or Closed cannot be canceled", tag="D c_ChangeStateModel")
@pytest.mark.parametrize(
    ("state", "status"),
    [
        (NEW, 200),
        (ASSESS, 200),
        (AUTHORIZE, 200),
        (SCHEDULED, 200),
        (IMPLEMENT, 200),
        (REVIEW, 403),
        (CLOSED, 403),
    ],
)
async def test_what_is_under_way_can_be_canceled(api: Changes, state: str, status: int) -> None:
    sys_id = await api.in_state(state)
    response = await api.moved(sys_id, CANCELED, work_notes="Not needed any more")
    assert response.status_code == status
    assert (api.row(sys_id)["active"] == "false") == (status == 200)


@fact("Closing a change takes a close code and close notes", tag="D Change form")
async def test_closing_takes_code_and_notes(api: Changes) -> None:
    sys_id = await api.in_state(REVIEW)
    response = await api.moved(sys_id, CLOSED)
    assert response.status_code == 403
    assert response.json()["error"]["detail"] == (
        "Data Policy Exception: The following fields are mandatory: Close code, Close notes"
    )
    assert (await api.moved(sys_id, CLOSED, close_code="successful_issues")).status_code == 403
    assert (await api.moved(sys_id, CLOSED, **CLOSING)).status_code == 200


@fact("A change of the Normal model may be implemented without planned dates", tag="M")
async def test_planned_dates_are_asked_for_where_the_property_says_so(api: Changes) -> None:
    api.instance.insert(
        "sys_properties",
        {"name": "com.snc.change_management.enforce_data_requirements", "value": "true"},
    )
    sys_id = await api.in_state(AUTHORIZE)
    await api.patch(f"{CHANGE}/{sys_id}", {"approval": "approved"}, by=DANA)
    assert api.state(sys_id) == AUTHORIZE
    planned = {"start_date": "2026-11-21 10:00:00", "end_date": "2026-11-21 12:00:00"}
    await api.patch(f"{CHANGE}/{sys_id}", planned)
    assert api.state(sys_id) == SCHEDULED


@fact("A change that is on hold needs a reason and does not move on", tag="C ansible")
async def test_a_change_on_hold_stays_where_it_is(api: Changes) -> None:
    sys_id = await api.in_state(SCHEDULED)
    held = await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "true"})
    assert "mandatory: On hold reason" in held.json()["error"]["detail"]
    await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "true", "on_hold_reason": "Parts"})
    assert (await api.moved(sys_id, IMPLEMENT)).status_code == 403
    await api.patch(f"{CHANGE}/{sys_id}", {"on_hold": "false"})
    assert api.row(sys_id)["on_hold_reason"] == ""
    assert (await api.moved(sys_id, IMPLEMENT)).status_code == 200


async def test_the_model_a_change_is_made_with_sets_its_type(api: Changes) -> None:
    standard = "e55d0bfec343101035ae3f52c1d3ae49"
    assert api.row(await api.created(chg_model=standard))["type"] == "standard"


async def test_without_models_the_type_decides(api: Changes) -> None:
    for model in api.instance.query("chg_model"):
        api.instance.delete("chg_model", model["sys_id"])
    sys_id = await api.created(type="standard")
    assert api.row(sys_id)["chg_model"] == ""
    assert (await api.moved(sys_id, ASSESS)).status_code == 403
    assert (await api.moved(sys_id, SCHEDULED)).status_code == 200
