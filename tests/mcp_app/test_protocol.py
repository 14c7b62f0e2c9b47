"""Both eras through the SDK's own client and over plain HTTP."""

import json

import pytest

from tests.mcp_app.clients import HANDSHAKE, MODERN, Http, request, sdk_client
from tests.mcp_app.people import Person
from tools_app.catalog import CATALOG


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_sdk_client_lists_and_calls_tools(mcp: Http, abel: Person, mode: str):
    async with sdk_client(await abel.access_token(), mode=mode) as client:
        tools = (await client.list_tools()).tools
        me = await client.call_tool("get_my_profile", {})
    assert [tool.name for tool in tools] == list(CATALOG)
    assert me.structured_content["user_name"] == "abel.tuter"
    assert json.loads(me.content[0].text) == me.structured_content
    assert not me.is_error


async def test_discover_says_who_this_is_and_how_to_work(mcp: Http, abel: Person):
    answer = await mcp.modern(request("server/discover"), token=await abel.access_token())
    result = answer.json()["result"]
    assert result["supportedVersions"] == [MODERN]
    assert list(result["capabilities"]) == ["completions", "prompts", "resources", "tools"]
    assert "next_step" in result["instructions"]
    assert (result["cacheScope"], result["ttlMs"]) == ("private", 60_000)


@pytest.mark.parametrize("revision", ["2024-11-05", *HANDSHAKE])
async def test_initialize_settles_on_the_clients_revision(mcp: Http, abel: Person, revision: str):
    asked = {
        "protocolVersion": revision,
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    answer = await mcp.post(request("initialize", asked), token=await abel.access_token())
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    result = answer.json()["result"]
    assert result["protocolVersion"] == revision
    can = result["capabilities"]
    assert {name: can[name]["listChanged"] for name in can if name != "completions"} == {
        "prompts": True,
        "resources": True,
        "tools": True,
    }
    assert len(answer.headers["mcp-session-id"]) == 43
