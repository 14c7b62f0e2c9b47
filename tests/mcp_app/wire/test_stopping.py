"""A worker that is told to stop: streams end, calls may finish, nobody new is let in."""

import asyncio
import json

from mcp_app.sessions.listening import MOST_OF_A_PERSON
from tests.mcp_app.clients import modern, request
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, calling, going_on, talkative


def listen() -> tuple[dict[str, object], dict[str, str]]:
    return modern(request("subscriptions/listen", {"notifications": {"toolsListChanged": True}}))


async def test_a_call_may_finish(redis_url: str, abel: Person):
    async with talkative(patience_seconds=5) as (endpoint, tools):
        talk = Talk(endpoint, await abel.reconnect_token(), tools)
        wire = talk.wire(calling("finish"))
        async with going_on(wire) as task:
            await tools.began.wait()
            stopping = asyncio.create_task(endpoint.stop())
            await asyncio.sleep(0)
            tools.may_end.set()
            await asyncio.gather(stopping, task)
    assert json.loads(wire.body)["result"]["content"][0]["text"] == "finished"


async def test_a_call_that_takes_too_long_is_cancelled_and_told(talk: Talk):
    wire = talk.wire(calling("wait"))
    async with going_on(wire) as task:
        await talk.tools.began.wait()
        await talk.endpoint.stop()
        await task
    assert talk.tools.was_cancelled
    assert json.loads(wire.body)["error"]["code"] == -32800


async def test_a_standing_stream_ends(talk: Talk):
    opened = await talk.open()
    async with opened.standing() as stream:
        await talk.endpoint.stop()
    assert stream.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_listening_stream_ends_with_its_result(talk: Talk):
    message, headers = listen()
    wire = talk.wire(message, **headers)
    async with going_on(wire) as task:
        await wire.until("acknowledged")
        await talk.endpoint.stop()
        await task
    assert wire.events()[-1]["id"] == 1
    assert wire.events()[-1]["result"]["resultType"] == "complete"


async def test_nobody_new_is_let_in_meanwhile(redis_url: str, abel: Person):
    async with talkative(patience_seconds=5) as (endpoint, tools):
        talk = Talk(endpoint, await abel.reconnect_token(), tools)
        async with going_on(talk.wire(calling("finish"))):
            await tools.began.wait()
            stopping = asyncio.create_task(endpoint.stop())
            await asyncio.sleep(0)
            late = await talk.call("answer")
            tools.may_end.set()
            await stopping
    assert late.status == 503
    assert late.answered[b"retry-after"] == b"2"


async def test_a_person_holds_a_bounded_number_of_listening_streams(talk: Talk, beth: Person):
    message, headers = listen()
    wires = [talk.wire(message, **headers) for _ in range(MOST_OF_A_PERSON)]
    tasks = [asyncio.create_task(wire.run()) for wire in wires]
    for wire in wires:
        await wire.until("acknowledged")
    refused = await talk.post(message, **headers)
    assert refused.status == 400
    other = Talk(talk.endpoint, await beth.reconnect_token(), talk.tools).wire(message, **headers)
    async with going_on(other):
        await other.until("acknowledged")
    for wire in wires:
        wire.leave()
    await asyncio.gather(*tasks)
    again = talk.wire(message, **headers)
    async with going_on(again):
        await again.until("acknowledged")
