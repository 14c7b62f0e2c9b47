"""Who may write: the operator, the person and the credential each only narrow."""

import json

import pytest
from pytest_django import Settings
from starlette.applications import Starlette

from tests.mcp_app.clients import ERAS, Http, call, failure_in, request
from tests.mcp_app.people import RIGHTS, Person
from tests.mcp_app.records import the_only_record
from tools_app.catalog import CATALOG, TOOLSETS
from tools_app.models import ToolsetGrant, ToolSetting

WRITE = call("create_incident", {"short_description": "x"})
READING = [name for name, spec in CATALOG.items() if not spec.access.writes]
METADATA = "http://localhost:8080/.well-known/oauth-protected-resource/mcp"
STEP_UP = (
    f'Bearer error="insufficient_scope", scope="mcp:read mcp:write", resource_metadata="{METADATA}"'
)


ASKED_TO_READ = {"asked": "read", "access": "read"}
REFRESHED_FOR_LESS = {"asked": "write", "access": "write"}


async def names(mcp: Http, token: str) -> list[str]:
    answer = await mcp.modern(request("tools/list"), token=token)
    return [tool["name"] for tool in answer.json()["result"]["tools"]]


@ERAS
@pytest.mark.parametrize("consent", [ASKED_TO_READ, REFRESHED_FOR_LESS])
async def test_a_client_that_asked_for_less_than_it_may_have_is_told_what_to_ask_for(
    mcp: Http, abel: Person, simulator: Starlette, era: str, consent: dict[str, str]
):
    token = await abel.access_token(scope=RIGHTS["read"], **consent)
    assert await names(mcp, token) == list(CATALOG)
    answer = await mcp.in_era(era, WRITE, token=token)
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == STEP_UP
    assert answer.json()["error"]["data"]["code"] == "NOT_ALLOWED"
    assert not list(simulator.state.world.journal)
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.note) == ("refused", "ScopeMissing")


async def test_a_client_that_reads_only_streams_is_told_so_in_json(mcp: Http, abel: Person):
    token = await abel.access_token(scope=RIGHTS["read"], **ASKED_TO_READ)
    message = call("create_incident", {"short_description": "x"})
    headers = {"Accept": "text/event-stream"}
    answer = await mcp.post(message, token=token, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["message"]


async def test_what_it_asked_for_it_may_do(mcp: Http, abel: Person):
    token = await abel.access_token(scope=RIGHTS["read"], **ASKED_TO_READ)
    assert not (await mcp.call("get_my_profile", token=token))["isError"]


async def not_allowed(mcp: Http, token: str) -> bool:
    """Whether no writing tool is listed, and calling one is refused in the result."""
    listed = await names(mcp, token)
    result = await mcp.call("create_incident", {"short_description": "x"}, token=token)
    return listed == READING and failure_in(result)["code"] == "NOT_ALLOWED"


@pytest.mark.parametrize("scope", ["read", "write"])
async def test_where_the_person_allowed_reading_only_no_writing_tool_exists(
    mcp: Http, abel: Person, scope: str
):
    token = await abel.access_token(scope=RIGHTS[scope], access="read")
    assert await not_allowed(mcp, token)


async def test_a_reconnect_token_for_reading_has_no_writing_tool(mcp: Http, abel: Person):
    assert await not_allowed(mcp, await abel.reconnect_token(access="read"))


async def test_a_read_only_server_has_no_writing_tool_for_anybody(
    mcp: Http, abel: Person, settings: Settings
):
    settings.READ_ONLY = True
    assert await not_allowed(mcp, await abel.access_token())
    assert await not_allowed(mcp, await abel.reconnect_token())


async def test_an_operators_cap_counts_before_a_missing_scope(mcp: Http, abel: Person):
    for toolset in TOOLSETS:
        await ToolsetGrant.objects.acreate(toolset=toolset, reach=ToolsetGrant.Reach.READ)
    token = await abel.access_token(scope=RIGHTS["read"], **ASKED_TO_READ)
    assert await not_allowed(mcp, token)


async def test_a_tool_that_an_operator_turned_off_is_gone(mcp: Http, abel: Person):
    await ToolSetting.objects.acreate(tool="get_my_profile", is_on=False)
    token = await abel.access_token()
    assert "get_my_profile" not in await names(mcp, token)
    failure = failure_in(await mcp.call("get_my_profile", token=token))
    assert failure["code"] == "NOT_ALLOWED"
    assert failure["message"] == "This tool is turned off for you."


async def test_a_consent_may_leave_toolsets_out(mcp: Http, abel: Person):
    token = await abel.access_token(toolsets=["people"])
    assert await names(mcp, token) == [n for n, s in CATALOG.items() if s.toolset == "people"]
    result = await mcp.call("get_incident", {"incident": "INC0010001"}, token=token)
    failure = failure_in(result)
    assert failure["code"] == "NOT_ALLOWED"


async def test_the_list_is_always_in_the_same_order_and_private(mcp: Http, abel: Person):
    token = await abel.access_token()
    first, second = [
        (await mcp.modern(request("tools/list"), token=token)).json()["result"] for _ in range(2)
    ]
    assert first == second
    assert (first["cacheScope"], first["ttlMs"]) == ("private", 60_000)
    assert "nextCursor" not in first


async def test_every_tool_is_described_in_full(mcp: Http, abel: Person):
    answer = await mcp.modern(request("tools/list"), token=await abel.access_token())
    tools = answer.json()["result"]["tools"]
    for tool in tools:
        assert {"title", "description", "inputSchema", "outputSchema"} <= tool.keys()
        assert {
            "title",
            "readOnlyHint",
            "destructiveHint",
            "idempotentHint",
            "openWorldHint",
        } == tool["annotations"].keys()
    without_results = [
        {part: told for part, told in tool.items() if part != "outputSchema"} for tool in tools
    ]
    assert len(json.dumps(without_results, separators=(",", ":"))) < 48_000
    assert len(tools) <= 40
