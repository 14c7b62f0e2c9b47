"""Two workers over a real Redis: what concerns an open request finds it on the other one."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import redis
from mcp.server.subscriptions import ResourceUpdated, ToolsListChanged
from pytest_django import Settings

from mcp_app.endpoint import verified_credentials
from mcp_app.sessions.changes import Change, announce
from mcp_app.sessions.relay import channel
from tests.mcp_app.clients import modern, request
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, calling, going_on, talkative


@dataclass
class Two:
    """One client and two workers: what it sends to the one does not reach the other."""

    here: Talk
    there: Talk

    async def open(self) -> "Two":
        """Open a session on one worker; both serve it."""
        opened = await self.here.open()
        return Two(
            opened, Talk(self.there.endpoint, opened.token, self.there.tools, opened.session)
        )


@pytest.fixture
async def two(redis_url: str, abel: Person) -> AsyncIterator[Two]:
    verified_credentials.forget()
    token = await abel.reconnect_token()
    async with talkative() as (one, tools), talkative() as (other, others):
        for endpoint in (one, other):
            service = await endpoint.services.current()
            await service.worker.relay.tried(within=10)
            assert service.worker.relay.is_listening
        yield Two(Talk(one, token, tools), Talk(other, token, others))


async def test_any_worker_serves_a_session(two: Two):
    opened = await two.open()
    assert (await opened.there.call("answer")).status == 200


async def test_an_answer_reaches_the_worker_that_asked(two: Two):
    opened = await two.open()
    asking = opened.here.wire(calling("ask"))
    async with going_on(asking) as task:
        await asking.until("elicitation/create")
        answer = {"id": asking.events()[0]["id"], "result": {"action": "decline"}}
        assert (await opened.there.post({"jsonrpc": "2.0", **answer})).status == 202
        await task
    assert asking.events()[-1]["result"]["content"][0]["text"] == "decline None"


async def test_a_request_is_cancelled_on_the_worker_where_it_runs(two: Two):
    opened = await two.open()
    running = opened.here.wire(calling("wait"))
    async with going_on(running) as task:
        await opened.here.tools.began.wait()
        told = {"method": "notifications/cancelled", "params": {"requestId": 1}}
        await opened.there.post({"jsonrpc": "2.0", **told})
        await asyncio.wait_for(task, 1)
    assert opened.here.tools.was_cancelled


async def test_what_is_said_on_one_worker_is_heard_on_the_stream_at_another(two: Two):
    opened = await two.open()
    async with opened.there.standing() as stream:
        await opened.here.call("tell")
        await stream.until("list_changed")


async def test_a_newer_stream_ends_the_older_one_on_another_worker(two: Two):
    opened = await two.open()
    older = opened.here.wire(b"", method="GET")
    async with going_on(older) as task:
        await older.until(": still here")
        async with opened.there.standing() as newer:
            await task
            await opened.here.call("tell")
            await newer.until("list_changed")
    assert older.sent[-1]["more_body"] is False


async def test_a_session_ends_on_every_worker(two: Two):
    opened = await two.open()
    running, stream = opened.here.wire(calling("wait")), opened.here.wire(b"", method="GET")
    async with going_on(running) as call, going_on(stream) as standing:
        await opened.here.tools.began.wait()
        await stream.until(": still here")
        await opened.there.wire(b"", method="DELETE").run()
        await asyncio.gather(call, standing)
    assert (await opened.here.call("answer")).status == 404


async def test_a_change_is_heard_by_listeners_of_both_eras_on_every_worker(two: Two):
    opened = await two.open()
    listen, headers = modern(
        request("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    )
    listening = two.there.wire(listen, **headers)
    async with opened.there.standing() as stream, going_on(listening):
        await listening.until("acknowledged")
        await opened.here.call("change")
        await stream.until("tools/list_changed")
        await listening.until("tools/list_changed")


async def test_a_change_for_one_person_is_told_to_nobody_else(two: Two, abel: Person, beth: Person):
    abels = await two.there.open()
    beths = await Talk(two.there.endpoint, await beth.reconnect_token(), two.there.tools).open()
    async with abels.standing() as hers, beths.standing() as his:
        await asyncio.to_thread(announce, Change(ToolsListChanged(), beth.user.pk))
        await his.until("list_changed")
        assert hers.events() == []


async def test_a_worker_that_is_told_nonsense_goes_on_listening(two: Two, redis_url: str):
    opened = await two.open()
    with redis.Redis.from_url(redis_url) as connection:
        for word in (
            b"{",
            b"[]",
            b'{"kind":"changed","method":"x","told":null,"user":null}',
            b"{}",
        ):
            connection.publish(channel(), word)
    async with opened.there.standing() as stream:
        await opened.here.call("tell")
        await stream.until("list_changed")


def test_a_change_tells_the_same_to_every_worker():
    for event in (ToolsListChanged(), ResourceUpdated("servicenow://me")):
        change = Change(event, 7)
        assert Change.of_word(change.as_word()) == change


def test_deployments_that_share_a_redis_do_not_hear_one_another(settings: Settings):
    here = channel("w")
    settings.PUBLIC_BASE_URL = "https://other.example.com"
    assert channel("w") != here


async def test_only_what_may_be_an_id_is_passed_on_to_all_workers(two: Two, redis_url: str):
    opened = await two.open()
    with redis.Redis.from_url(redis_url) as client, client.pubsub() as heard:
        heard.subscribe(channel())
        for named in ("x" * 10_000, {"a": []}, [1], None, True, 1.5, "nobody's"):
            told = {"method": "notifications/cancelled", "params": {"requestId": named}}
            assert (await opened.here.post({"jsonrpc": "2.0", **told})).status == 202
        words = []
        while message := heard.get_message(timeout=0.2):
            words.append(message)
    assert [json.loads(each["data"])["request"] for each in words[1:]] == ["nobody's"]
