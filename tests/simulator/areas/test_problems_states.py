"""The states of a problem: which ways there are, what each takes, and what it does."""

from typing import Any

import pytest

from simulator.areas.problems.states import ANALYSIS, ASSESS, CLOSED, FIX, NEW, RESOLVED
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, Api

PROBLEM = "/table/problem"
FIXED = {"cause_notes": "A loose cable", "fix_notes": "Plugged in"}
AT = "2026-11-20 09:00:00"


@pytest.fixture
def api() -> Api:
    """A fresh small instance."""
    return Api()


async def created(api: Api, **values: str) -> str:
    """A new problem; its sys_id."""
    response = await api.post(PROBLEM, {"short_description": "It fails", **values})
    assert response.status_code == 201, response.text
    return str(response.json()["result"]["sys_id"])


async def in_state(api: Api, state: str, **values: str) -> str:
    """A problem that was put into a state past all rules; its sys_id."""
    sys_id = await created(api)
    given = {"state": state, "problem_state": state, "assigned_to": ABEL}
    api.instance.update("problem", sys_id, given | values)
    return sys_id


async def moved(api: Api, sys_id: str, state: str, *, by: str = ABEL, **values: str) -> Any:
    """Try to move a problem; the answer."""
    return await api.patch(f"{PROBLEM}/{sys_id}", {"state": state, **values}, by=by)


def row(api: Api, sys_id: str) -> dict[str, str]:
    """The problem as it is stored."""
    stored = api.instance.row("problem", sys_id)
    assert stored is not None
    return stored


@fact("A new problem is in state 101, and problem_state says the same", tag="C ansible")
async def test_a_new_problem_is_new(api: Api) -> None:
    stored = row(api, await created(api, impact="1", urgency="2", priority="5"))
    expected = {
        "state": NEW,
        "problem_state": NEW,
        "priority": "2",
        "known_error": "false",
        "major_problem": "false",
        "related_incidents": "0",
        "reopen_count": "0",
        "active": "true",
    }
    assert {name: stored[name] for name in expected} == expected
    assert stored["number"] == "PRB0010001"


@fact(
    "A problem walks New, Assess, Root Cause Analysis, Fix in Progress, Resolved, Closed", tag="D"
)
async def test_a_problem_walks_all_states(api: Api) -> None:
    sys_id = await created(api)
    steps: list[tuple[str, dict[str, str]]] = [
        (ASSESS, {"assigned_to": ABEL}),
        (ANALYSIS, {}),
        (FIX, FIXED),
        (RESOLVED, {}),
        (CLOSED, {}),
    ]
    for state, values in steps:
        assert (await moved(api, sys_id, state, **values)).status_code == 200
        stored = row(api, sys_id)
        assert (stored["state"], stored["problem_state"]) == (state, state)
    stored = row(api, sys_id)
    assert (stored["confirmed_by"], stored["confirmed_at"]) == (ABEL, AT)
    assert (stored["fix_by"], stored["fix_at"]) == (ABEL, AT)
    assert (stored["resolved_by"], stored["resolved_at"]) == (ABEL, AT)
    assert (stored["closed_by"], stored["closed_at"]) == (ABEL, AT)
    assert (stored["resolution_code"], stored["active"]) == ("fix_applied", "false")


@fact(
    "An illegal change of a problem's state is 403 of 'Problem Model: Check State Transition'",
    tag="M",
)
@pytest.mark.parametrize(
    ("state", "target"),
    [
        (NEW, ANALYSIS),
        (NEW, CLOSED),
        (ASSESS, FIX),
        (ASSESS, NEW),
        (ASSESS, RESOLVED),
        (ANALYSIS, RESOLVED),
        (FIX, CLOSED),
        (RESOLVED, FIX),
        (CLOSED, NEW),
        (NEW, "105"),
    ],
)
async def test_an_illegal_transition_is_aborted(api: Api, state: str, target: str) -> None:
    sys_id = await in_state(api, state)
    response = await moved(api, sys_id, target, by=DANA)
    assert response.status_code == 403
    detail = response.json()["error"]["detail"]
    assert "'Problem Model: Check State Transition^" in detail
    assert row(api, sys_id)["state"] == state


async def test_a_problem_begins_as_new(api: Api) -> None:
    response = await api.post(PROBLEM, {"state": FIX})
    assert response.status_code == 403


@fact("Assessing a problem takes somebody it is assigned to", tag="C ansible")
async def test_assessing_takes_an_assignee(api: Api) -> None:
    sys_id = await created(api)
    response = await moved(api, sys_id, ASSESS)
    assert response.json()["error"]["detail"] == (
        "Data Policy Exception: The following fields are mandatory: Assigned to"
    )
    assert (await moved(api, sys_id, ASSESS, assigned_to=BETH)).status_code == 200


@fact("Beginning to fix a problem takes cause notes and fix notes", tag="C ansible")
async def test_fixing_takes_notes(api: Api) -> None:
    sys_id = await in_state(api, ANALYSIS)
    response = await moved(api, sys_id, FIX)
    assert response.json()["error"]["detail"].endswith(": Cause notes, Fix notes")
    assert (await moved(api, sys_id, FIX, **FIXED)).status_code == 200


@fact("problem_state may be written, and state follows it", tag="M")
async def test_problem_state_moves_the_problem(api: Api) -> None:
    sys_id = await in_state(api, ASSESS)
    response = await api.patch(f"{PROBLEM}/{sys_id}", {"problem_state": ANALYSIS})
    assert response.json()["result"]["state"] == ANALYSIS


@fact("A problem is canceled from New, Assess or Root Cause Analysis, into Closed", tag="D")
@pytest.mark.parametrize("state", [NEW, ASSESS, ANALYSIS])
async def test_a_problem_is_canceled(api: Api, state: str) -> None:
    sys_id = await in_state(api, state)
    refused = await moved(api, sys_id, CLOSED, resolution_code="canceled")
    assert refused.json()["error"]["detail"].endswith(": Close notes")
    ended = {"resolution_code": "canceled", "close_notes": "Not ours"}
    assert (await moved(api, sys_id, CLOSED, **ended)).status_code == 200


@fact("A duplicate is closed, and its incidents and tasks move to the original", tag="D properties")
async def test_a_duplicate_gives_its_records_away(api: Api) -> None:
    original, sys_id = await created(api), await in_state(api, ASSESS)
    incident = await api.post("/table/incident", {"short_description": "x", "problem_id": sys_id})
    incident_id = incident.json()["result"]["sys_id"]
    assert row(api, sys_id)["related_incidents"] == "1"
    refused = await moved(api, sys_id, CLOSED, resolution_code="duplicate")
    assert refused.json()["error"]["detail"].endswith(": Duplicate of")
    ended = {"resolution_code": "duplicate", "duplicate_of": original}
    assert (await moved(api, sys_id, CLOSED, **ended)).status_code == 200
    stored = api.instance.row("incident", incident_id)
    assert stored is not None
    assert stored["problem_id"] == original
    counts = [row(api, one)["related_incidents"] for one in (original, sys_id)]
    assert counts == ["1", "0"]


@fact("Accepting the risk of a problem ends it from analysis or while it is fixed", tag="D")
@pytest.mark.parametrize("state", [ANALYSIS, FIX])
@pytest.mark.parametrize("target", [RESOLVED, CLOSED])
async def test_the_risk_of_a_problem_is_accepted(api: Api, state: str, target: str) -> None:
    sys_id = await in_state(api, state)
    accepted = {"resolution_code": "risk_accepted"}
    refused = await moved(api, sys_id, target, **accepted)
    assert refused.json()["error"]["detail"].endswith(": Cause notes, Close notes")
    accepted |= {"cause_notes": "Old hardware", "close_notes": "Too dear to replace"}
    assert (await moved(api, sys_id, target, **accepted)).status_code == 200


def manager(api: Api) -> str:
    """Somebody who manages problems; their sys_id."""
    sys_id = "e" * 32
    api.instance.insert("sys_user", {"sys_id": sys_id, "user_name": "pia.manager"})
    api.instance.insert("sys_user_role", {"sys_id": "role-pm", "name": "problem_manager"})
    api.instance.insert("sys_user_has_role", {"user": sys_id, "role": "role-pm"})
    return sys_id


@fact("A closed problem is analyzed again by a problem manager only", tag="D properties")
@pytest.mark.parametrize("code", ["fix_applied", "risk_accepted", "canceled"])
async def test_a_closed_problem_is_analyzed_again(api: Api, code: str) -> None:
    ended = FIXED | {"resolution_code": code, "close_notes": "Done", "active": "false"}
    sys_id = await in_state(api, CLOSED, **ended)
    assert (await moved(api, sys_id, ANALYSIS, by=ABEL)).status_code == 403
    assert (await moved(api, sys_id, ANALYSIS, by=manager(api))).status_code == 200
    stored = row(api, sys_id)
    assert (stored["reopen_count"], stored["active"]) == ("1", "true")
    assert (stored["resolution_code"], stored["closed_at"], stored["resolved_at"]) == ("", "", "")


@fact("Who may analyze a completed problem again is a property", tag="D properties")
async def test_a_property_names_who_analyzes_again(api: Api) -> None:
    name = "problem.closed.role.reanalyze_from_completed"
    api.instance.insert("sys_properties", {"name": name, "value": "admin"})
    ended = FIXED | {"resolution_code": "fix_applied", "active": "false"}
    sys_id = await in_state(api, CLOSED, **ended)
    assert (await moved(api, sys_id, ANALYSIS, by=manager(api))).status_code == 403
    assert (await moved(api, sys_id, ANALYSIS, by=DANA)).status_code == 200


async def test_a_duplicate_is_not_analyzed_again(api: Api) -> None:
    sys_id = await in_state(api, CLOSED, resolution_code="duplicate")
    assert (await moved(api, sys_id, ANALYSIS, by=DANA)).status_code == 403


@fact("A resolved problem may be analyzed again by whoever works on it", tag="R")
async def test_a_resolved_problem_goes_back(api: Api) -> None:
    sys_id = await in_state(api, RESOLVED, resolution_code="fix_applied", **FIXED)
    assert (await moved(api, sys_id, ANALYSIS)).status_code == 200
    assert row(api, sys_id)["reopened_by"] == ABEL


@fact(
    "Incidents on hold for a problem are resolved with it, with its fix notes",
    tag="D quick start tests",
)
async def test_waiting_incidents_are_resolved(api: Api) -> None:
    sys_id = await in_state(api, FIX, **FIXED)
    waiting = {"short_description": "x", "problem_id": sys_id}
    made = [await api.post("/table/incident", waiting) for _ in range(2)]
    first, second = (one.json()["result"]["sys_id"] for one in made)
    await api.patch(f"/table/incident/{first}", {"state": "3", "hold_reason": "3"})
    await moved(api, sys_id, RESOLVED)
    stored = api.instance.row("incident", first)
    assert stored is not None
    assert (stored["state"], stored["close_code"], stored["close_notes"]) == (
        "6",
        "Resolved by problem",
        "Plugged in",
    )
    other = api.instance.row("incident", second)
    assert other is not None
    assert other["state"] == "1"


async def test_related_incidents_are_counted(api: Api) -> None:
    sys_id = await created(api)
    incident = await api.post("/table/incident", {"problem_id": sys_id})
    incident_id = incident.json()["result"]["sys_id"]
    await api.post("/table/incident", {"problem_id": "9" * 32})
    assert row(api, sys_id)["related_incidents"] == "1"
    await api.call("DELETE", f"/table/incident/{incident_id}", by=DANA)
    assert row(api, sys_id)["related_incidents"] == "0"


async def test_charlie_sees_and_makes_no_problem(api: Api) -> None:
    sys_id = await created(api)
    assert await api.result(PROBLEM, by=CHARLIE) == []
    assert (await api.get(f"{PROBLEM}/{sys_id}", by=CHARLIE)).status_code == 404
    assert (await api.post(PROBLEM, {}, by=CHARLIE)).status_code == 403
    assert (await api.post("/table/problem_task", {}, by=CHARLIE)).status_code == 403
    assert (await moved(api, sys_id, ASSESS, by=CHARLIE, assigned_to=CHARLIE)).status_code == 404


@fact("A closed problem is for those who coordinate problems to change", tag="R")
async def test_closed_problems_are_not_for_everybody(api: Api) -> None:
    sys_id = await in_state(api, CLOSED, resolution_code="canceled", close_notes="x")
    given = {"work_notes": "Late"}
    assert (await api.patch(f"{PROBLEM}/{sys_id}", given)).status_code == 403
    assert (await api.patch(f"{PROBLEM}/{sys_id}", given, by=manager(api))).status_code == 200
