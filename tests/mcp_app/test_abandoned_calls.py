"""Calls whose client closes the connection before the answer is there."""

import asyncio
import json

import pytest
from starlette.applications import Starlette

from mcp_app.dispatch import attempt
from mcp_app.routing import endpoint
from simulator.control.faults import Fault, FaultKind
from tests.mcp_app.clients import ERAS, Http, Wire, call, modern
from tests.mcp_app.people import Person
from tests.mcp_app.records import the_only_record


def wire(message: dict, *, token: str, era: str) -> Wire:
    headers = {"Authorization": f"Bearer {token}"}
    if era == "modern":
        message, repeated = modern(message)
        headers |= repeated
    return Wire(json.dumps(message).encode(), headers=headers)


async def left_alone(
    message: dict, *, era: str, person: Person, simulator: Starlette, while_it: str
) -> None:
    """Send a call and close the connection while ServiceNow holds this kind of request."""
    faults = simulator.state.world.faults
    faults.add(Fault(kind=FaultKind.HOLD, method=while_it, path="/api/now/table/*"))
    request = wire(message, token=await person.access_token(), era=era)
    served = asyncio.create_task(request.run())
    await faults.holding.wait()
    request.leave()
    await served
    await endpoint.stop()  # waits for what is being recorded
    faults.release()


@ERAS
async def test_a_read_whose_client_goes_away_is_recorded(
    mcp: Http, abel: Person, simulator: Starlette, era: str
):
    message = call("get_my_profile")
    await left_alone(message, era=era, person=abel, simulator=simulator, while_it="GET")
    _, ended = await the_only_record()
    assert (ended.outcome, ended.code) == ("failed", "")
    assert ended.note == "The client went away."


@ERAS
async def test_a_write_whose_client_goes_away_is_in_doubt(
    mcp: Http, abel: Person, simulator: Starlette, era: str
):
    message = call("create_incident", {"short_description": "x"})
    await left_alone(message, era=era, person=abel, simulator=simulator, while_it="POST")
    record, ended = await the_only_record()
    assert record.tool == "create_incident"
    assert (ended.outcome, ended.code) == ("in_doubt", "OUTCOME_UNKNOWN")


async def test_everything_but_cancellation_is_caught():
    async def fail() -> None:
        raise ZeroDivisionError

    async def leave() -> None:
        raise asyncio.CancelledError

    assert isinstance(await attempt(fail()), ZeroDivisionError)
    with pytest.raises(asyncio.CancelledError):
        await attempt(leave())
