"""Sessions of the handshake revisions, as one worker serves them."""

import asyncio
import json

import pytest

from mcp_app.models import McpSession
from tests.mcp_app.clients import INITIALIZE, request
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, calling, going_on


async def test_initialize_opens_a_session_and_names_it_to_its_client_alone(talk: Talk):
    opened = await talk.open()
    kept = await McpSession.objects.aget()
    assert kept.protocol_version == "2025-11-25"
    assert kept.client_info == INITIALIZE["clientInfo"]
    assert kept.capabilities == {"elicitation": {}}
    assert opened.session not in str(vars(kept))


async def test_initialize_that_is_refused_opens_nothing(talk: Talk):
    wire = await talk.post(request("initialize", {"protocolVersion": 7}))
    assert "error" in json.loads(wire.body)
    assert b"mcp-session-id" not in wire.answered
    assert not await McpSession.objects.aexists()


async def test_initialize_inside_a_session_is_refused(talk: Talk):
    wire = await (await talk.open()).post(request("initialize", INITIALIZE))
    assert wire.status == 400
    assert await McpSession.objects.acount() == 1


async def test_a_client_that_describes_itself_too_long_is_refused(talk: Talk):
    wire = await talk.post(
        request(
            "initialize",
            INITIALIZE | {"capabilities": {"experimental": {"a": {"b": "x" * 20_000}}}},
        )
    )
    assert wire.status == 400
    assert not await McpSession.objects.aexists()


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_an_unknown_session_is_not_found(talk: Talk, method: str):
    talk.session = "A" * 43
    wire = talk.wire(calling("answer"), method=method)
    await wire.run()
    assert wire.status == 404


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_two_sessions_named_at_once_are_none(talk: Talk, method: str):
    opened = await talk.open()
    twice = opened.wire(b"", method=method, **{"mcp-session-id": opened.session})
    await twice.run()
    assert twice.status == 404
    assert (await opened.call("answer")).status == 200


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_another_persons_session_is_not_found_in_the_very_same_words(
    talk: Talk, beth: Person, method: str
):
    opened = await talk.open()
    thief = Talk(talk.endpoint, await beth.reconnect_token(), talk.tools, opened.session)
    stolen, unknown = thief.wire(calling("answer"), method=method), None
    await stolen.run()
    thief.session = "A" * 43
    unknown = thief.wire(calling("answer"), method=method)
    await unknown.run()
    assert stolen.status == 404
    headers, others = dict(stolen.answered), dict(unknown.answered)
    left = b"ratelimit-remaining"  # of messages: the thief's second one, whatever was stolen
    assert int(headers.pop(left)) == int(others.pop(left)) + 1
    assert (stolen.body, headers) == (unknown.body, others)
    assert (await opened.call("answer")).status == 200


async def test_another_client_of_the_same_person_has_no_part_in_a_session(talk: Talk, abel: Person):
    opened = await talk.open()
    opened.token = await abel.reconnect_token()
    assert (await opened.call("answer")).status == 404


async def test_delete_ends_a_session_with_all_that_is_open_in_it(talk: Talk):
    opened = await talk.open()
    running = opened.wire(calling("wait"))
    async with opened.standing() as stream, going_on(running) as task:
        await talk.tools.began.wait()
        wire = opened.wire(b"", method="DELETE")
        await wire.run()
        await task
        await stream.until("")
    assert wire.status == 200
    assert json.loads(running.body)["error"]["code"] == -32800
    assert stream.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert (await opened.call("answer")).status == 404


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_without_a_session_there_is_only_post(talk: Talk, method: str):
    wire = talk.wire(b"", method=method)
    await wire.run()
    assert (wire.status, wire.answered[b"allow"]) == (405, b"POST")


async def test_a_client_that_reads_no_streams_is_told_that_there_is_none(talk: Talk):
    wire = (await talk.open()).wire(b"", method="GET", Accept="application/json")
    await wire.run()
    assert (wire.status, wire.answered[b"allow"]) == (405, b"POST, DELETE")


async def test_a_client_is_asked_on_its_request_and_answers_on_another(talk: Talk):
    opened = await talk.open()
    asking = opened.wire(calling("ask"))
    async with going_on(asking) as task:
        await asking.until("elicitation/create")
        [question] = asking.events()
        answer = {"action": "accept", "content": {"name": "Abel"}}
        wire = await opened.post({"jsonrpc": "2.0", "id": question["id"], "result": answer})
        await task
    assert wire.status == 202
    assert asking.events()[-1]["result"]["content"][0]["text"] == "accept {'name': 'Abel'}"


async def test_an_answer_from_another_session_is_none(talk: Talk, beth: Person):
    opened = await talk.open()
    other = await Talk(talk.endpoint, await beth.reconnect_token(), talk.tools).open()
    asking = opened.wire(calling("ask"))
    async with going_on(asking) as task:
        await asking.until("elicitation/create")
        question = asking.events()[0]["id"]
        forged = {"jsonrpc": "2.0", "id": question, "result": {"action": "accept"}}
        assert (await other.post(forged)).status == 202
        await asyncio.sleep(0)
        assert not task.done()


async def test_a_clients_error_is_an_answer_too(talk: Talk):
    opened = await talk.open()
    asking = opened.wire(calling("ask"))
    async with going_on(asking) as task:
        await asking.until("elicitation/create")
        error = {"code": -1, "message": "Not now"}
        await opened.post({"jsonrpc": "2.0", "id": asking.events()[0]["id"], "error": error})
        await task
    assert asking.events()[-1]["error"] == error


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
async def test_a_client_that_reads_no_stream_is_asked_nothing(talk: Talk, accept: str):
    wire = await (await talk.open()).call("ask", Accept=accept)
    assert json.loads(wire.body)["error"]["code"] == -32600


async def test_a_request_without_a_session_asks_nothing(talk: Talk):
    wire = await talk.call("ask")
    assert json.loads(wire.body)["error"]["code"] == -32600


def cancelled(id_: object) -> dict[str, object]:
    return {
        "jsonrpc": "2.0",
        "method": "notifications/cancelled",
        "params": {"requestId": id_},
    }


@pytest.mark.parametrize("id_", [1, "1", "", 0])
async def test_a_request_is_cancelled_by_its_very_id(talk: Talk, id_: object):
    opened = await talk.open()
    running = opened.wire(calling("wait", id_=id_))
    async with going_on(running) as task:
        await talk.tools.began.wait()
        assert (await opened.post(cancelled(id_))).status == 202
        await task
    assert json.loads(running.body)["error"]["code"] == -32800


@pytest.mark.parametrize(("id_", "named"), [("1", 1), (1, "1"), (1, 2), (1, True), (1, None)])
async def test_an_id_that_only_looks_like_it_cancels_nothing(
    talk: Talk, id_: object, named: object
):
    opened = await talk.open()
    running = opened.wire(calling("wait", id_=id_))
    async with going_on(running):
        await talk.tools.began.wait()
        assert (await opened.post(cancelled(named))).status == 202
        assert not talk.tools.was_cancelled


async def test_another_session_cancels_nothing(talk: Talk):
    opened, other = await talk.open(), await talk.open()
    running = opened.wire(calling("wait"))
    async with going_on(running):
        await talk.tools.began.wait()
        await other.post(cancelled(1))
        assert not talk.tools.was_cancelled


async def test_what_the_server_says_by_itself_goes_to_the_standing_stream(talk: Talk):
    opened = await talk.open()
    async with opened.standing() as stream:
        await opened.call("tell")
        await stream.until("list_changed")
        await opened.call("change")
        await stream.until('list_changed"}\r\n\r\nevent')
    assert [event["method"] for event in stream.events()] == [
        "notifications/tools/list_changed",
        "notifications/tools/list_changed",
    ]


async def test_the_newest_stream_of_a_session_wins(talk: Talk):
    opened = await talk.open()
    async with opened.standing() as older, opened.standing() as newer:
        await opened.call("tell")
        await newer.until("list_changed")
        assert older.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
