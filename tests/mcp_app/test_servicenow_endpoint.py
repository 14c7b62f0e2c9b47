"""`/mcp/servicenow`: what ServiceNow's own MCP client needs, and no more."""

from typing import Any

import httpx
import pytest

from mcp_app.limits import rate_limit
from mcp_app.models import McpSession
from mcp_app.servicenow_endpoint import LARGEST_OF_STRANGERS, STRANGERS_A_MINUTE
from tests.mcp_app.clients import Http, call, request
from tests.mcp_app.people import Person
from tools_app.catalog import CATALOG

ALIAS = "http://localhost:8080/mcp/servicenow"
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
ITS_HEADERS = {"Accept": "application/json"}


def initialize(revision: object = "2025-06-18") -> dict[str, Any]:
    client = {"name": "Servicenow", "version": "1.0"}
    return request(
        "initialize", {"protocolVersion": revision, "capabilities": {}, "clientInfo": client}
    )


async def post(
    mcp: Http, message: object, *, token: str = "", path: str = ALIAS, **headers: str
) -> httpx.Response:
    return await mcp.post(message, token=token, address=path, headers=ITS_HEADERS | headers)


async def test_its_whole_way_without_a_session(mcp: Http, abel: Person):
    opened = await post(mcp, initialize())
    assert opened.status_code == 200
    assert opened.headers["content-type"] == "application/json"
    assert opened.json()["result"]["protocolVersion"] == "2025-06-18"
    assert "mcp-session-id" not in opened.headers
    assert (await post(mcp, INITIALIZED)).status_code == 200
    token = await abel.access_token()
    version = {"MCP-Protocol-Version": "2025-06-18"}
    tools = await post(mcp, request("tools/list"), token=token, **version)
    assert len(tools.json()["result"]["tools"]) == len(CATALOG)
    me = await post(mcp, call("get_my_profile"), token=token, **version)
    assert me.json()["result"]["structuredContent"]["user_name"] == "abel.tuter"
    assert not await McpSession.objects.aexists()


@pytest.mark.parametrize(
    ("asked", "agreed"),
    [
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-06-18"),
        ("2026-07-28", "2025-06-18"),
        ("2099-01-01", "2025-06-18"),
    ],
)
async def test_it_agrees_on_a_revision_that_the_client_can_speak(
    mcp: Http, abel: Person, asked: str, agreed: str
):
    for token in ("", await abel.reconnect_token()):
        answer = await post(mcp, initialize(asked), token=token)
        assert answer.json()["result"]["protocolVersion"] == agreed


@pytest.mark.parametrize(
    "message",
    [request("ping"), request("tools/list"), call("get_my_profile"), request("server/discover")],
)
async def test_everything_else_needs_a_credential(mcp: Http, message: dict[str, Any]):
    answer = await post(mcp, message)
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert "/.well-known/oauth-protected-resource/mcp/servicenow" in challenge
    assert "error=" not in challenge


@pytest.mark.parametrize("message", [initialize(), INITIALIZED, request("tools/list")])
async def test_a_credential_that_opens_nothing_is_refused_at_once(
    mcp: Http, message: dict[str, Any]
):
    answer = await post(mcp, message, token="snmcp_nothing")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_notifications_are_answered_200(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    cancelled = {"method": "notifications/cancelled", "params": {"requestId": 1}}
    for message in (INITIALIZED, {"jsonrpc": "2.0", **cancelled}):
        answer = await post(mcp, message, token=token)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_there_is_only_post(mcp: Http, abel: Person, method: str):
    token = await abel.reconnect_token()
    headers = {"Authorization": f"Bearer {token}"}
    answer = await mcp.web.request(method, ALIAS, headers=headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28", "2024-11-05", "nonsense"])
async def test_another_revision_is_not_spoken_here(mcp: Http, abel: Person, revision: str):
    token = await abel.reconnect_token()
    answer = await post(mcp, request("ping"), token=token, **{"MCP-Protocol-Version": revision})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32022


async def test_an_answer_is_refused_since_nothing_is_asked_here(mcp: Http, abel: Person):
    message = {"jsonrpc": "2.0", "id": 1, "result": {}}
    answer = await post(mcp, message, token=await abel.reconnect_token())
    assert answer.status_code == 400


@pytest.mark.parametrize("message", [b"{", b"[]", b'{"jsonrpc":"2.0","method":7}'])
async def test_strangers_are_told_what_is_wrong_with_their_message(mcp: Http, message: bytes):
    assert (await post(mcp, message)).status_code == 400


async def test_a_session_of_the_other_address_means_nothing_here(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    opened = await mcp.post(initialize(), token=token)
    session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
    assert (await post(mcp, request("ping"), token=token, **session)).status_code == 200
    assert (await post(mcp, request("ping"), token=token, **{"Mcp-Session-Id": "x"})).is_success


async def test_the_api_key_opens_it(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    answer = await post(mcp, call("get_my_profile"), **{"X-API-Key": token})
    assert answer.json()["result"]["structuredContent"]["user_name"] == "abel.tuter"


async def test_strangers_are_read_only_as_far_as_a_first_message_goes(mcp: Http, abel: Person):
    message = initialize()
    message["params"]["capabilities"] = {"experimental": {"a": {"b": "x" * LARGEST_OF_STRANGERS}}}
    assert (await post(mcp, message)).status_code == 401
    assert (await post(mcp, message, token=await abel.reconnect_token())).status_code == 200


async def test_strangers_at_one_address_are_held_off_and_people_are_not(mcp: Http, abel: Person):
    first = await post(mcp, initialize())
    assert first.headers["ratelimit-limit"] == str(STRANGERS_A_MINUTE)
    bucket = "snmcp:strangers:203.0.113.7"
    while (await rate_limit().spend_from(bucket, limit=STRANGERS_A_MINUTE)).is_allowed:
        pass
    # Ten refill in a second; several ask in a tenth of one.
    answers = [await post(mcp, initialize()) for _ in range(5)]
    refused = next(answer for answer in answers if answer.status_code != 200)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    token = await abel.reconnect_token()
    assert (await post(mcp, initialize(), token=token)).status_code == 200
