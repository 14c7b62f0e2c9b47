"""Each tool, asked for by somebody who must be refused."""

import pytest
from pytest_django import Settings
from starlette.applications import Starlette

from oauth_app.models import Connection
from simulator.control.faults import Fault, FaultKind
from tests.mcp_app.clients import ERAS, Http, call, failure_in
from tests.mcp_app.people import Person
from tests.mcp_app.records import the_only_record
from tests.tools_app.catalog.each_tool import ARGUMENTS
from tools_app.catalog import CATALOG
from tools_app.models import ToolSetting

EVERY_TOOL = pytest.mark.parametrize("tool", CATALOG)


@ERAS
@EVERY_TOOL
async def test_nobody_without_a_credential_calls_a_tool(
    mcp: Http, abel: Person, simulator: Starlette, era: str, tool: str
):
    answer = await mcp.in_era(era, call(tool, ARGUMENTS[tool]), token="")
    assert answer.status_code == 401
    assert "resource_metadata" in answer.headers["www-authenticate"]
    assert not list(simulator.state.world.journal)


async def refusal(mcp: Http, person: Person, tool: str) -> str:
    """The code with which a call ends; the record says the same."""
    result = await mcp.call(tool, ARGUMENTS[tool], token=await person.access_token())
    _, outcome = await the_only_record()
    assert outcome.code == failure_in(result)["code"]
    return str(outcome.code)


@EVERY_TOOL
async def test_charlie_without_a_connection_calls_no_tool(
    mcp: Http, abel: Person, charlie: Person, simulator: Starlette, tool: str
):
    await Connection.objects.filter(user=charlie.user).adelete()
    assert await refusal(mcp, charlie, tool) == "AUTH_REQUIRED"
    assert not list(simulator.state.world.journal)


@EVERY_TOOL
async def test_charlie_calls_no_tool_that_an_operator_turned_off(
    mcp: Http, charlie: Person, simulator: Starlette, tool: str
):
    await ToolSetting.objects.acreate(tool=tool, is_on=False)
    assert await refusal(mcp, charlie, tool) == "NOT_ALLOWED"
    assert not list(simulator.state.world.journal)


@EVERY_TOOL
async def test_what_servicenow_refuses_charlie_every_tool_refuses(
    mcp: Http, charlie: Person, simulator: Starlette, tool: str
):
    simulator.state.world.faults.add(Fault(kind=FaultKind.NOT_AUTHORIZED, path="/api/*", count=50))
    assert await refusal(mcp, charlie, tool) == "INSUFFICIENT_PERMISSIONS"


@EVERY_TOOL
async def test_a_token_over_its_limit_calls_no_tool(
    mcp: Http, charlie: Person, settings: Settings, simulator: Starlette, tool: str
):
    settings.RATE_LIMIT_PER_USER = 1
    token = await charlie.access_token()
    await mcp.modern(call(tool, ARGUMENTS[tool]), token=token)
    simulator.state.world.journal.clear()
    answer = await mcp.modern(call(tool, ARGUMENTS[tool]), token=token)
    assert answer.status_code == 429
    assert not list(simulator.state.world.journal)
