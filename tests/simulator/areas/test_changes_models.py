"""Change models are records: what somebody adds or alters there is what changes go by."""

import pytest

from simulator.areas.changes.models import CANCELED, CLOSED, IMPLEMENT, MODELS, NEW, SCHEDULED
from tests.simulator.areas.changes_world import Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


@fact(
    "Change models and their states, transitions and conditions are rows of chg_model,"
    " sttrm_state, sttrm_state_transition and sttrm_transition_condition",
    tag="C nextstates clients",
)
async def test_the_base_systems_models_can_be_read(api: Changes) -> None:
    models = await api.result("/table/chg_model", sysparm_query="active=true", by=DANA)
    assert {row["name"] for row in models} >= {"Normal", "Standard", "Emergency"}
    assert len(models) == len(MODELS)
    ways = await api.result(
        "/table/sttrm_state_transition",
        sysparm_query="from_state.sttrm_model.name=Standard",
        sysparm_fields="sys_name,to_state.state_value,automatic_transition",
    )
    named = {(way["sys_name"], way["to_state.state_value"]) for way in ways}
    assert ("New to Scheduled", SCHEDULED) in named
    assert ("New to Canceled", CANCELED) in named


async def test_a_model_somebody_adds_is_followed(api: Changes) -> None:
    async def added(table: str, **values: str) -> str:
        response = await api.post(f"/table/{table}", values, by=DANA)
        assert response.status_code == 201
        return str(response.json()["result"]["sys_id"])

    model = await added("chg_model", name="Firmware", table_name="change_request")
    start = await added("sttrm_state", sttrm_model=model, state_value=NEW, initial_state="true")
    done = await added("sttrm_state", sttrm_model=model, state_value=CLOSED)
    way = await added("sttrm_state_transition", from_state=start, to_state=done)
    await added(
        "sttrm_transition_condition",
        sttrm_state_transition=way,
        name="Risk is low",
        condition="risk=4",
    )
    sys_id = await api.created(chg_model=model)
    closing = {"close_code": "successful", "close_notes": "Flashed"}
    assert (await api.moved(sys_id, CLOSED, **closing)).status_code == 403
    assert (await api.moved(sys_id, CLOSED, risk="4", **closing)).status_code == 200


async def test_a_transition_that_is_turned_off_is_no_way_any_more(api: Changes) -> None:
    sys_id = await api.in_state(SCHEDULED)
    way = api.instance.query(
        "sttrm_state_transition",
        "sys_name=Scheduled to Implement^from_state.sttrm_model.name=Normal",
    )[0]
    path = f"/table/sttrm_state_transition/{way['sys_id']}"
    assert (await api.patch(path, {"active": "false"}, by=DANA)).status_code == 200
    assert (await api.moved(sys_id, IMPLEMENT)).status_code == 403


@fact("Only administrators change a change model", tag="R")
async def test_models_are_for_administrators_to_change(api: Changes) -> None:
    refused = await api.post("/table/chg_model", {"name": "Mine"}, by=ABEL)
    assert refused.status_code == 403
    assert await api.result("/table/chg_model", by=CHARLIE) == []
