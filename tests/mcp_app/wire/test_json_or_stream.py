"""Plain JSON where the answer comes first, a stream where something else does."""

import asyncio
import json

import pytest

from tests.mcp_app.clients import modern
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, calling, going_on, talkative

BOTH = "application/json, text/event-stream"
JSON_ONLY = ["application/json", "*/*", "", "text/html"]


@pytest.mark.parametrize("accept", [BOTH, *JSON_ONLY])
async def test_an_answer_that_comes_first_leaves_as_json(talk: Talk, accept: str):
    wire = await talk.call("answer", Accept=accept)
    assert wire.answered[b"content-type"] == b"application/json"
    assert wire.answered[b"content-length"] == str(len(wire.body)).encode()
    assert json.loads(wire.body)["result"]["content"][0]["text"] == "at once"


async def test_what_is_said_before_the_answer_makes_it_a_stream(talk: Talk):
    wire = await talk.call("say", token="p")
    assert wire.answered[b"content-type"] == b"text/event-stream"
    assert wire.answered[b"x-accel-buffering"] == b"no"
    half, whole, answer = wire.events()
    assert half["params"] == {"progressToken": "p", "progress": 1, "total": 2, "message": "half"}
    assert whole["params"] == {"progressToken": "p", "progress": 2, "total": 2}
    assert answer["result"]["content"][0]["text"] == "said"


async def test_progress_that_nobody_asked_for_is_not_told(talk: Talk):
    wire = await talk.call("say")
    assert wire.answered[b"content-type"] == b"application/json"


@pytest.mark.parametrize("accept", JSON_ONLY)
async def test_a_client_that_takes_json_gets_the_answer_alone(talk: Talk, accept: str):
    wire = await talk.call("say", token="p", Accept=accept)
    assert json.loads(wire.body)["result"]["content"][0]["text"] == "said"


async def test_a_client_that_takes_only_events_gets_events(talk: Talk):
    wire = await talk.call("answer", Accept="text/event-stream")
    assert wire.answered[b"content-type"] == b"text/event-stream"
    [answer] = wire.events()
    assert answer["id"] == 1


@pytest.mark.parametrize("accept", [BOTH, "application/json"])
async def test_a_fault_of_ours_says_nothing_of_itself(talk: Talk, accept: str):
    wire = await talk.call("fail", Accept=accept)
    assert "hunter2" not in wire.body
    error = json.loads(wire.body)["error"]
    assert (error["code"], error["message"]) == (-32603, "Internal server error")


async def test_an_error_of_a_handshake_revision_is_an_answer_like_any_other(talk: Talk):
    wire = await talk.call("refuse")
    assert wire.status == 200
    assert json.loads(wire.body)["error"] == {"code": -32602, "message": "Not like this"}


async def test_silence_is_commented_on(redis_url: str, abel: Person):
    async with talkative(comment_seconds=0.01) as (endpoint, tools):
        talk = Talk(endpoint, await abel.reconnect_token(), tools)
        wire = talk.wire(calling("wait"))
        async with going_on(wire):
            await wire.until(": still here\r\n\r\n: still here\r\n\r\n")
    assert wire.answered[b"content-type"] == b"text/event-stream"
    assert wire.status == 200


async def test_a_client_that_takes_json_hears_no_comments(redis_url: str, abel: Person):
    async with talkative(comment_seconds=0.001) as (endpoint, tools):
        talk = Talk(endpoint, await abel.reconnect_token(), tools)
        wire = talk.wire(calling("wait"), Accept="application/json")
        async with going_on(wire):
            await tools.began.wait()
    assert wire.sent == []


async def test_a_client_that_leaves_ends_the_work(talk: Talk):
    wire = talk.wire(calling("wait"))
    async with going_on(wire):
        await talk.tools.began.wait()
    assert talk.tools.was_cancelled
    assert wire.sent == []


@pytest.mark.parametrize("revision", ["2025-11-25", None])
async def test_the_head_of_an_answer_that_takes_long_does_not_wait_where_streams_are_read(
    redis_url: str, abel: Person, revision: str | None
):
    async with talkative(head_seconds=0.01) as (endpoint, tools):
        talk = Talk(endpoint, await abel.reconnect_token(), tools)
        message, headers = calling("wait"), {"MCP-Protocol-Version": revision or ""}
        if revision is None:
            message, headers = modern(message)
        wire = talk.wire(message, **headers)
        async with going_on(wire):
            await wire.until(": still here")


@pytest.mark.parametrize("revision", ["2025-03-26", "2025-06-18"])
async def test_the_head_waits_for_clients_that_may_not_read_streams(
    redis_url: str, abel: Person, revision: str
):
    async with talkative(head_seconds=0.001) as (endpoint, tools):
        talk = Talk(endpoint, await abel.reconnect_token(), tools)
        wire = talk.wire(calling("finish"), **{"MCP-Protocol-Version": revision})
        async with going_on(wire) as task:
            await tools.began.wait()
            await asyncio.sleep(0.01)
            tools.may_end.set()
            await task
    assert wire.answered[b"content-type"] == b"application/json"
