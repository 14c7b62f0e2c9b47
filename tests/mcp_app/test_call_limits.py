"""The limit on calls as a client meets it: the headers of every answer, and 429."""

import pytest
from pytest_django import Settings
from starlette.applications import Starlette

from tests.mcp_app.clients import ERAS, Http, call, sdk_client
from tests.mcp_app.people import Person
from tests.mcp_app.records import recorded
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
