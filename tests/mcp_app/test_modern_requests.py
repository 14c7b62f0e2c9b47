"""What revision 2026-07-28 says about single messages, beside what its headers must repeat."""

import pytest

from tests.mcp_app.clients import ENVELOPE, MODERN, Http, modern, request
from tests.mcp_app.people import Person

EVENTS_TOO = {"Accept": "application/json, text/event-stream"}
LISTEN = request("subscriptions/listen", {"notifications": {"toolsListChanged": True}})


def notification(method: str) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": method, "params": {"_meta": ENVELOPE}}


async def test_a_client_must_not_send_responses(mcp: Http, abel: Person):
    headers = {"MCP-Protocol-Version": MODERN}
    message = {"jsonrpc": "2.0", "id": 1, "result": {}}
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert answer.status_code == 400
    assert (answer.json()["id"], answer.json()["error"]["code"]) == (None, -32600)


async def test_a_notification_is_taken_without_an_answer(mcp: Http, abel: Person):
    method = "notifications/cancelled"
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
    message = notification(method)
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert (answer.status_code, answer.content) == (202, b"")


async def test_a_notification_of_an_unknown_revision_is_refused(mcp: Http, abel: Person):
    headers = {"MCP-Protocol-Version": "2030-01-01"}
    message = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32022
    assert answer.json()["error"]["data"]["supported"] == [MODERN]


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
async def test_a_client_that_reads_no_stream_cannot_listen(mcp: Http, abel: Person, accept: str):
    answer = await mcp.modern(LISTEN, token=await abel.access_token(), headers={"Accept": accept})
    assert answer.status_code == 406
    assert "allow" not in answer.headers
    assert answer.json()["id"] == LISTEN["id"]


@pytest.mark.parametrize("method", ["ping", "initialize", "logging/setLevel", "tasks/list"])
async def test_a_method_that_this_revision_or_server_does_not_have_is_not_found(
    mcp: Http, abel: Person, method: str
):
    answer = await mcp.modern(request(method), token=await abel.access_token())
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == -32601


async def test_a_client_of_a_handshake_revision_learns_of_an_unknown_method_in_the_answer(
    mcp: Http, abel: Person
):
    answer = await mcp.post(request("tasks/list"), token=await abel.access_token())
    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == -32601


@pytest.mark.parametrize("id_", [2**53 - 1, -(2**53) + 1, "ü\U0001f600", ""])
async def test_an_id_comes_back_as_it_was_sent(mcp: Http, abel: Person, id_: object):
    message = request("tools/list", id_=id_)
    answer = await mcp.modern(message, token=await abel.access_token(), headers=EVENTS_TOO)
    assert answer.status_code == 200
    assert answer.json()["id"] == id_
    assert "tools" in answer.json()["result"]


async def test_every_result_says_what_it_is_and_who_answers(mcp: Http, abel: Person):
    for method in ("server/discover", "tools/list"):
        message, headers = modern(request(method))
        answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
        result = answer.json()["result"]
        assert result["resultType"] == "complete"
        assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "snmcp"
        assert (result["cacheScope"], result["ttlMs"]) == ("private", 60_000)
