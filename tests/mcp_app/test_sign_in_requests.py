"""A client that opens addresses for its person is asked to have them sign in."""

from typing import Any

import pytest

from mcp_app.endpoint import verified_credentials
from mcp_app.sign_in_requests import _QUESTION
from oauth_app.models import Connection
from oauth_app.models.connections import State
from tests.mcp_app.clients import ENVELOPE, Http, call, failure_in, modern, request
from tests.mcp_app.people import Person

OPENS = {"elicitation": {"url": {}}}
ABLE = "io.modelcontextprotocol/clientCapabilities"


@pytest.fixture
async def token(abel: Person) -> str:
    """A credential of a person whose connection was ended."""
    raw = await abel.access_token()
    await Connection.objects.filter(pk=abel.connection.pk).aupdate(state=State.DISCONNECTED)
    return raw


async def called(
    mcp: Http, token: str, *, tool: str = "get_my_profile", able: object = OPENS, **more: Any
) -> dict[str, Any]:
    """Call a tool in 2026-07-28 and return the whole answer."""
    message, headers = modern(call(tool))
    message["params"] |= {"_meta": {**ENVELOPE, ABLE: able}, **more}
    answer = await mcp.post(message, token=token, headers=headers)
    return {"status": answer.status_code, **answer.json()}


async def test_it_is_asked_for_the_address_where_the_person_signs_in(mcp: Http, token: str):
    result = (await called(mcp, token))["result"]
    assert result["resultType"] == "input_required"
    asked = result["inputRequests"][_QUESTION]
    assert asked["method"] == "elicitation/create"
    assert asked["params"]["mode"] == "url"
    assert asked["params"]["url"].startswith("http://localhost:8080/oauth/authorize")
    assert _QUESTION not in result["requestState"]


@pytest.mark.parametrize("action", ["accept", "decline", "cancel"])
async def test_it_is_asked_once_and_then_told(mcp: Http, token: str, action: str):
    state = (await called(mcp, token))["result"]["requestState"]
    answers = {_QUESTION: {"action": action}}
    again = await called(mcp, token, requestState=state, inputResponses=answers)
    assert failure_in(again["result"])["code"] == "AUTH_REQUIRED"
    assert "sign_in_url" in failure_in(again["result"])


async def test_after_the_sign_in_the_call_is_made(mcp: Http, abel: Person, token: str):
    state = (await called(mcp, token))["result"]["requestState"]
    await Connection.objects.filter(pk=abel.connection.pk).aupdate(state=State.ACTIVE)
    verified_credentials.forget()
    fresh = await called(
        mcp, token, requestState=state, inputResponses={_QUESTION: {"action": "accept"}}
    )
    assert fresh["result"]["structuredContent"]["user_name"] == "abel.tuter"


@pytest.mark.parametrize("able", [{}, {"elicitation": {}}, {"elicitation": {"form": {}}}])
async def test_a_client_that_opens_no_addresses_is_told(mcp: Http, token: str, able: object):
    result = (await called(mcp, token, able=able))["result"]
    assert failure_in(result)["code"] == "AUTH_REQUIRED"
    assert result["isError"]


async def test_a_state_for_another_tool_is_refused(mcp: Http, token: str):
    state = (await called(mcp, token))["result"]["requestState"]
    other = await called(mcp, token, tool="search_incidents", requestState=state)
    assert other["status"] == 400
    assert other["error"]["message"] == "Invalid or expired requestState"


async def test_a_state_for_other_arguments_is_refused(mcp: Http, token: str):
    state = (await called(mcp, token))["result"]["requestState"]
    other = await called(mcp, token, requestState=state, arguments={"verbose": True})
    assert other["status"] == 400


async def test_a_state_of_somebody_else_is_refused(mcp: Http, token: str, beth: Person):
    state = (await called(mcp, token))["result"]["requestState"]
    stolen = await called(mcp, await beth.access_token(), requestState=state)
    assert stolen["status"] == 400


@pytest.mark.parametrize("state", ["", "v1.", "v1.AAAA", "sign_in", "x" * 5000])
async def test_a_state_that_was_never_sealed_is_refused(mcp: Http, token: str, state: str):
    assert (await called(mcp, token, requestState=state))["status"] == 400


async def test_a_changed_state_is_refused(mcp: Http, token: str):
    state = (await called(mcp, token))["result"]["requestState"]
    other = "A" if state[40] != "A" else "B"
    assert (await called(mcp, token, requestState=state[:40] + other + state[41:]))["status"] == 400


async def in_session(mcp: Http, token: str, able: dict[str, Any], revision: str) -> dict[str, Any]:
    """Call a tool in a session of a handshake revision."""
    asked = {
        "protocolVersion": revision,
        "capabilities": able,
        "clientInfo": {"name": "c", "version": "1"},
    }
    opened = await mcp.post(request("initialize", asked), token=token)
    headers = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
    answer = await mcp.post(call("get_my_profile"), token=token, headers=headers)
    body: dict[str, Any] = answer.json()
    return body


async def test_a_client_of_2025_11_25_is_asked_by_its_error(mcp: Http, token: str):
    error = (await in_session(mcp, token, OPENS, "2025-11-25"))["error"]
    assert error["code"] == -32042
    [asked] = error["data"]["elicitations"]
    assert asked["mode"] == "url"
    assert asked["elicitationId"]
    assert "/oauth/authorize" in asked["url"]


@pytest.mark.parametrize("able", [{}, {"elicitation": {}}])
async def test_a_session_that_opens_no_addresses_is_told(
    mcp: Http, token: str, able: dict[str, Any]
):
    result = (await in_session(mcp, token, able, "2025-11-25"))["result"]
    assert failure_in(result)["code"] == "AUTH_REQUIRED"
