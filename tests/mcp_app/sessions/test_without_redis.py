"""Without Redis each worker serves its own clients, and says so where it cannot help another's."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from pytest_django import Settings

from mcp_app.endpoint import verified_credentials
from tests.mcp_app.clients import INITIALIZE, request
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, calling, going_on, talkative


@pytest.fixture
async def talk(settings: Settings, abel: Person) -> AsyncIterator[Talk]:
    """Abel's client of a worker that finds no Redis."""
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    verified_credentials.forget()
    async with talkative() as (endpoint, tools):
        assert not (await endpoint.services.current()).worker.relay.is_listening
        yield Talk(endpoint, await abel.reconnect_token(), tools)


def answer_to(question: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": question, "result": {"action": "decline"}}


async def test_a_question_is_asked_and_answered_on_the_same_worker(talk: Talk):
    opened = await talk.open()
    asking = opened.wire(calling("ask"))
    async with going_on(asking) as task:
        await asking.until("elicitation/create")
        assert (await opened.post(answer_to(asking.events()[0]["id"]))).status == 202
        await task


async def test_an_answer_for_another_worker_is_to_be_sent_again(talk: Talk):
    wire = await (await talk.open()).post(answer_to("0011223344556677.abc"))
    assert wire.status == 503
    assert wire.answered[b"retry-after"] == b"1"


@pytest.mark.parametrize("question", ["abc", 7, ""])
async def test_an_answer_to_no_question_of_ours_is_dropped(talk: Talk, question: object):
    assert (await (await talk.open()).post(answer_to(question))).status == 202


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("notifications/cancelled", {"requestId": 9}),
        ("notifications/cancelled", {}),
        ("notifications/progress", {"progressToken": "0011.abc", "progress": 1}),
        ("notifications/progress", {}),
        ("notifications/roots/list_changed", {}),
    ],
)
async def test_a_notification_is_taken_whatever_comes_of_it(
    talk: Talk, method: str, params: dict[str, object]
):
    wire = await (await talk.open()).post({"jsonrpc": "2.0", "method": method, "params": params})
    assert wire.status == 202


async def test_streams_and_changes_work_on_the_same_worker(talk: Talk):
    opened = await talk.open()
    async with opened.standing() as stream:
        await opened.call("change")
        await stream.until("list_changed")
    await opened.call("tell")
    wire = opened.wire(b"", method="DELETE")
    await wire.run()
    assert wire.status == 200


def _forget_sessions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE mcp_app_mcpsession")


async def test_a_database_that_cannot_say_is_no_reason_to_begin_anew(talk: Talk):
    opened = await talk.open()
    await sync_to_async(_forget_sessions)()
    for wire in (
        opened.wire(calling("answer")),
        opened.wire(b"", method="GET"),
        opened.wire(b"", method="DELETE"),
        talk.wire(request("initialize", INITIALIZE)),
    ):
        await wire.run()
        assert wire.status == 503
        assert wire.answered[b"retry-after"] == b"5"


async def test_progress_of_an_answer_is_heard_by_who_asked(talk: Talk):
    questions = (await talk.endpoint.services.current()).worker.questions
    heard: list[tuple[object, ...]] = []
    is_heard = asyncio.Event()

    async def hear(*told: object) -> None:
        heard.append(told)
        is_heard.set()

    opened = await talk.open()
    with questions.asked("", hear) as question:
        assert not questions.take_progress("other", {"progressToken": question.id, "progress": 1})
        for told in ({"progress": "x"}, {"progress": 1, "total": "x", "message": 7}):
            assert questions.take_progress("", {"progressToken": question.id, **told})
        await is_heard.wait()
    assert heard == [(1, None, None)]
    assert opened.session
