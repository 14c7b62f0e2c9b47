"""Next states, approvals and risk over the Change Management API."""

from typing import Any

import pytest

from simulator.areas.changes.models import (
    ASSESS,
    AUTHORIZE,
    CANCELED,
    IMPLEMENT,
    NEW,
    REVIEW,
    SCHEDULED,
)
from tests.simulator.areas.changes_world import Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA

CHG = "/api/sn_chg_rest/change"


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


def way(result: dict[str, Any], target: str, *, automatic: bool) -> dict[str, Any]:
    """One described transition of a nextstates answer."""
    return next(
        one
        for group in result["state_transitions"]
        for one in group
        if one["to_state"] == target and one["automatic_transition"] is automatic
    )


@fact(
    "nextstates lists the states a change can reach and the one it is in, transitions grouped by"
    " the state they lead to, and a label for each state",
    tag="D Change API",
)
async def test_the_next_states_of_a_change_being_implemented(api: Changes) -> None:
    sys_id = await api.in_state(SCHEDULED)
    await api.moved(sys_id, IMPLEMENT)
    result = await api.result(f"{CHG}/{sys_id}/nextstates")
    assert result["available_states"] == [REVIEW, CANCELED, IMPLEMENT]
    assert result["state_label"] == {"0": "Review", "4": "Canceled", "-1": "Implement"}
    targets = [{one["to_state"] for one in group} for group in result["state_transitions"]]
    assert targets == [{REVIEW}, {CANCELED}]
    by_hand = way(result, REVIEW, automatic=False)
    assert by_hand["display_value"] == "Implement to Review"
    assert by_hand["from_state"] == IMPLEMENT
    assert by_hand["transition_available"] is True
    condition = by_hand["conditions"][0]
    assert condition["passed"] is True
    assert condition["condition"]["name"] == "Not On hold"
    assert condition["condition"]["description"] is None


@fact("nextstates says which condition of a transition is not met", tag="D Change API")
async def test_conditions_say_whether_they_are_met(api: Changes) -> None:
    sys_id = await api.in_state(SCHEDULED)
    await api.moved(sys_id, IMPLEMENT)
    alone = way(await api.result(f"{CHG}/{sys_id}/nextstates"), REVIEW, automatic=True)
    assert alone["transition_available"] is False
    passed = {one["condition"]["name"]: one["passed"] for one in alone["conditions"]}
    assert passed == {"Not On hold": True, "No active Change Tasks": False}
    known = api.instance.row("sttrm_state_transition", alone["sys_id"])
    assert known is not None
    assert known["sys_name"] == "Implement to Review"


@fact("A change without a model has next states but no described transitions", tag="D Change API")
async def test_without_a_model_transitions_are_not_described(api: Changes) -> None:
    sys_id = await api.created()
    api.instance.update("change_request", sys_id, {"chg_model": ""})
    result = await api.result(f"{CHG}/{sys_id}/nextstates")
    assert result["available_states"] == [ASSESS, CANCELED, NEW]
    assert result["state_transitions"] == []


@fact("An approver decides with PATCH on approvals, for themselves only", tag="D Change API")
async def test_an_approver_approves_and_the_change_moves_on(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    refused = await api.patch(f"{CHG}/{sys_id}/approvals", {"state": "approved"}, by=ABEL)
    assert refused.status_code == 400
    assert "authority" in refused.json()["error"]["detail"]
    approved = await api.patch(f"{CHG}/{sys_id}/approvals", {"state": "approved"}, by=BETH)
    assert approved.status_code == 200
    assert approved.json()["result"]["state"]["display_value"] == "Authorize"


@fact("An administrator may decide an approval that waits for somebody else", tag="M")
async def test_an_administrator_approves_step_by_step(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    for state in (AUTHORIZE, SCHEDULED):
        answer = await api.patch(f"{CHG}/{sys_id}/approvals", {"state": "approved"}, by=DANA)
        assert answer.status_code == 200
        assert api.state(sys_id) == state


@fact("Rejecting a change takes comments and sends it back to New", tag="D Change API")
async def test_a_rejection_needs_comments(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    path = f"{CHG}/{sys_id}/approvals"
    assert (await api.patch(path, {"state": "rejected"}, by=BETH)).status_code == 400
    assert api.state(sys_id) == ASSESS
    rejected = {"state": "rejected", "comments": "Not this week"}
    assert (await api.patch(path, rejected, by=BETH)).status_code == 200
    assert (api.state(sys_id), api.row(sys_id)["approval"]) == (NEW, "rejected")


@pytest.mark.parametrize("given", [{}, {"state": "maybe"}, {"state": 7}, {"state": None}])
async def test_a_decision_is_approved_or_rejected(api: Changes, given: object) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    assert (await api.patch(f"{CHG}/{sys_id}/approvals", given, by=BETH)).status_code == 400


async def test_charlie_decides_nothing(api: Changes) -> None:
    sys_id = await api.created()
    await api.moved(sys_id, ASSESS)
    path = f"{CHG}/{sys_id}/approvals"
    assert (await api.patch(path, {"state": "approved"}, by=CHARLIE)).status_code == 403
    assert api.state(sys_id) == ASSESS


@fact("Calculating the risk of a change sets its risk and impact", tag="D Change API")
@pytest.mark.parametrize(
    ("values", "risk", "impact"),
    [
        ({}, "Low", "3 - Low"),
        ({"type": "emergency"}, "Moderate", "2 - Medium"),
        ({"start_date": "2026-11-20 18:00:00"}, "Moderate", "2 - Medium"),
        ({"start_date": "2026-12-20 18:00:00"}, "Low", "3 - Low"),
        ({"cmdb_ci": "7" * 32}, "High", "1 - High"),
    ],
)
async def test_risk_is_calculated(
    api: Changes, values: dict[str, str], risk: str, impact: str
) -> None:
    critical = {"sys_id": "7" * 32, "name": "Pay", "busines_criticality": "1 - most critical"}
    api.instance.insert("cmdb_ci_service", critical)
    sys_id = await api.created(**values)
    for path in (f"{CHG}/{sys_id}/risk", f"{CHG}/standard/{sys_id}/risk"):
        answer = await api.call("PATCH", path)
        assert answer.status_code == 200
        result = answer.json()["result"]
        assert result["risk"]["display_value"] == risk
        assert result["impact"]["display_value"] == impact
