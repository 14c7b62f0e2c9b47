"""The limit on calls as a client meets it: the headers of every answer, and 429."""

import asyncio
from collections import Counter

import pytest
from pytest_django import Settings
from starlette.applications import Starlette

from audit_app.services import Opening
from mcp_app.refused_calls import SINGLY, RefusedCalls, refused_calls
from tests.mcp_app.clients import ERAS, Http, call, request, sdk_client
from tests.mcp_app.people import Person
from tests.mcp_app.records import recorded
from tests.mcp_app.test_unrecorded_calls import without_table
from tools_app.models import ToolSetting


async def test_the_limit_is_told_with_every_answer(mcp: Http, abel: Person):
    answer = await mcp.modern(call("get_my_profile"), token=await abel.access_token())
    assert answer.headers["ratelimit-limit"] == "60"
    assert answer.headers["ratelimit-remaining"] == "59"
    assert answer.headers["ratelimit-reset"] == "1"
    assert "retry-after" not in answer.headers


@ERAS
async def test_over_the_limit_is_429_with_the_time_to_wait(
    mcp: Http, abel: Person, settings: Settings, simulator: Starlette, era: str
):
    settings.RATE_LIMIT_PER_USER = 1
    token = await abel.access_token()
    await mcp.in_era(era, call("get_my_profile"), token=token)
    simulator.state.world.journal.clear()
    answer = await mcp.in_era(era, call("get_my_profile", id_=9), token=token)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert answer.headers["ratelimit-remaining"] == "0"
    error = answer.json()["error"]
    assert answer.json()["id"] == 9
    assert error["data"]["code"] == "RATE_LIMITED"
    assert error["data"]["retry_after"] == 60
    assert error["message"] == error["data"]["message"]
    assert not list(simulator.state.world.journal)
    _, [refusal] = (await recorded())[1]
    assert (refusal.outcome, refusal.code) == ("refused", "RATE_LIMITED")


async def test_a_tools_own_limit_counts_too(mcp: Http, abel: Person):
    await ToolSetting.objects.acreate(tool="get_my_profile", calls_per_minute=1)
    token = await abel.access_token()
    first = await mcp.modern(call("get_my_profile"), token=token)
    second = await mcp.modern(call("get_my_profile"), token=token)
    other = await mcp.modern(call("lookup_user", {"query": "beth"}), token=token)
    assert [answer.status_code for answer in (first, second, other)] == [200, 429, 200]


async def test_without_redis_reading_works_and_writing_waits(
    mcp: Http, abel: Person, settings: Settings, tmp_path: object
):
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    token = await abel.access_token()
    read = await mcp.modern(call("get_my_profile"), token=token)
    write = await mcp.modern(call("create_incident", {"short_description": "x"}), token=token)
    assert read.status_code == 200
    assert (write.status_code, write.headers["retry-after"]) == (429, "5")
    assert "reading works" in write.json()["error"]["message"]


async def test_the_sdk_client_learns_why_it_was_stopped(
    mcp: Http, abel: Person, settings: Settings
):
    settings.RATE_LIMIT_PER_USER = 1
    async with sdk_client(await abel.access_token()) as client:
        await client.call_tool("get_my_profile", {})
        with pytest.raises(Exception, match="1 calls a minute"):
            await client.call_tool("get_my_profile", {})


@pytest.mark.parametrize(
    ("tool", "access"), [("delete_everything", "write"), ("create_incident", "read")]
)
async def test_calls_that_are_refused_count_too(
    mcp: Http, abel: Person, settings: Settings, tool: str, access: str
):
    settings.RATE_LIMIT_PER_USER = 2
    token = await abel.reconnect_token(access=access)
    asked = call(tool, {"short_description": "x"})
    answers = [await mcp.modern(asked, token=token) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_messages_of_every_kind_have_a_limit_of_their_own_and_say_what_is_left(
    mcp: Http, abel: Person, beth: Person, settings: Settings
):
    settings.RATE_LIMIT_PER_USER = 1
    token = await abel.access_token()
    kinds = [request("ping"), request("tools/list"), request("nothing/at_all"), b"{", b"[1]"]
    answers = [await mcp.post(kind, token=token) for kind in [*kinds, *kinds]]
    assert {answer.status_code for answer in answers} == {200, 400}
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"10"}
    assert [int(answer.headers["ratelimit-remaining"]) for answer in answers] == [*range(9, -1, -1)]
    refused = await mcp.post(b"x" * 2_000_000, token=token)  # not read at all
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "6")
    assert refused.json()["error"]["code"] == -32010
    assert (await mcp.post(request("ping"), token=await beth.access_token())).status_code == 200


async def test_who_goes_on_calling_far_over_the_limit_leaves_ten_records_and_one_number(
    mcp: Http, abel: Person, settings: Settings
):
    settings.RATE_LIMIT_PER_USER = 2
    token = await abel.access_token()
    answers = [await mcp.modern(call("get_my_profile"), token=token) for _ in range(22)]
    assert Counter(answer.status_code for answer in answers) == {200: 2, 429: 20}
    assert len(await recorded()) == 2 + SINGLY
    await refused_calls().end()
    *singly, (together, [outcome]) = await recorded()
    assert (together.tool, together.arguments) == ("get_my_profile", {})
    assert (outcome.outcome, outcome.code) == ("refused", "RATE_LIMITED")
    assert outcome.note == "8 more calls refused within a minute, and 2 messages that were not read"
    # What an answer names is on record, whether alone or with others.
    told = [answer.json()["error"]["data"]["reference_id"] for answer in answers[2:20]]
    assert told[:SINGLY] == [record.reference_id for record, _ in singly[2:]]
    assert set(told[SINGLY:]) == {together.reference_id}


async def test_the_common_record_is_written_when_the_minute_is_over(mcp: Http, abel: Person):
    refused = RefusedCalls(window_seconds=0)
    openings = [
        Opening(user_id=abel.user.pk, user_name="abel.tuter", tool="x", arguments={}, credential="")
        for _ in range(SINGLY + 2)
    ]
    assert [refused.counted(opening) is None for opening in openings] == [True] * SINGLY + [
        False
    ] * 2
    await asyncio.sleep(0)  # the event loop ends the minute
    await refused.end()
    [(_, [outcome])] = await recorded()
    assert outcome.note == "2 more calls refused within a minute"
    refused.unread(abel.user.pk)  # a ping of somebody who was refused nothing leaves none
    await refused.end()
    assert len(await recorded()) == 1


async def test_a_common_record_that_the_database_does_not_take_is_logged(
    mcp: Http, abel: Person, caplog: pytest.LogCaptureFixture
):
    refused = RefusedCalls()
    for _ in range(SINGLY + 1):
        refused.counted(
            Opening(user_id=1, user_name="abel.tuter", tool="x", arguments={}, credential="")
        )
    async with without_table("audit_app_toolcall"):
        await refused.end()
    assert "refused_calls_unrecorded" in caplog.text
    assert "1 more calls refused" in caplog.text
