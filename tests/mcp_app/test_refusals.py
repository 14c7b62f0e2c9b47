"""Each tool, asked for by somebody who must be refused."""

import pytest
from pytest_django import Settings
from starlette.applications import Starlette

from audit_app.models import ToolCallOutcome
from oauth_app.models import Connection
from simulator.control.faults import Fault, FaultKind
from tests.mcp_app.clients import ERAS, Http, call, failure_in
from tests.mcp_app.people import Person
from tests.tools_app.catalog.each_tool import ARGUMENTS
from tools_app.catalog import CATALOG
from tools_app.models import ToolSetting


async def assert_refused(mcp: Http, person: Person, *, code: str) -> None:
    """Every call of this person ends with this code; the record says the same."""
    token = await person.access_token()
    for tool in CATALOG:
        result = await mcp.call(tool, ARGUMENTS[tool], token=token)
        assert failure_in(result)["code"] == code, tool
    on_record = ToolCallOutcome.objects.order_by("pk").values_list("code", flat=True)
    assert [code async for code in on_record] == [code] * len(CATALOG)


@pytest.fixture(autouse=True)
def _many_calls(settings: Settings) -> None:
    """One person calls every tool."""
    settings.RATE_LIMIT_PER_USER = 1_000


@ERAS
async def test_nobody_without_a_credential_calls_a_tool(
    mcp: Http, abel: Person, simulator: Starlette, era: str
):
    for tool in CATALOG:
        answer = await mcp.in_era(era, call(tool, ARGUMENTS[tool]), token="")
        assert answer.status_code == 401, tool
        assert "resource_metadata" in answer.headers["www-authenticate"], tool
    assert not list(simulator.state.world.journal)


async def test_charlie_without_a_connection_calls_no_tool(
    mcp: Http, abel: Person, charlie: Person, simulator: Starlette
):
    await Connection.objects.filter(user=charlie.user).adelete()
    await assert_refused(mcp, charlie, code="AUTH_REQUIRED")
    assert not list(simulator.state.world.journal)


async def test_charlie_calls_no_tool_that_an_operator_turned_off(
    mcp: Http, charlie: Person, simulator: Starlette
):
    await ToolSetting.objects.abulk_create(ToolSetting(tool=tool, is_on=False) for tool in CATALOG)
    await assert_refused(mcp, charlie, code="NOT_ALLOWED")
    assert not list(simulator.state.world.journal)


async def test_what_servicenow_refuses_charlie_every_tool_refuses(
    mcp: Http, charlie: Person, simulator: Starlette
):
    fault = Fault(kind=FaultKind.NOT_AUTHORIZED, path="/api/*", count=None)
    simulator.state.world.faults.add(fault)
    await assert_refused(mcp, charlie, code="INSUFFICIENT_PERMISSIONS")


async def test_a_token_over_its_limit_calls_no_tool(
    mcp: Http, charlie: Person, settings: Settings, simulator: Starlette
):
    settings.RATE_LIMIT_PER_USER = 1
    token = await charlie.access_token()
    await mcp.call("get_my_profile", token=token)
    simulator.state.world.journal.clear()
    for tool in CATALOG:
        answer = await mcp.modern(call(tool, ARGUMENTS[tool]), token=token)
        assert answer.status_code == 429, tool
    assert not list(simulator.state.world.journal)
