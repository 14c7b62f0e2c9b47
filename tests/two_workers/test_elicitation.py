"""A question that one worker asks is answered by a request to the other one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.two_workers.client import Client, Events, Message, called, notification, text_of
from tests.two_workers.site import TwoWorkers, Worker

pytestmark = pytest.mark.enable_socket
QUESTION = called("test_elicitation", message="Who are you?", id_=7)
ACCEPTED = {"action": "accept", "content": {"username": "abel", "email": "abel@example.com"}}
BOTH_WAYS = pytest.mark.parametrize("asked_by", ["daphne", "uvicorn"])


def pair(site: TwoWorkers, asked_by: str) -> tuple[Worker, Worker]:
    """The worker that asks, and the one that gets the answer."""
    return site.workers if asked_by == "daphne" else (site.uvicorn, site.daphne)


@asynccontextmanager
async def asked(
    client: Client, worker: Worker, message: Message = QUESTION
) -> AsyncIterator[tuple[Events, Message]]:
    """Call a tool that asks; gives the answer as it goes on, and the question."""
    async with client.calling(worker, message) as events:
        question = await events.next()
        assert question is not None
        assert question["method"] == "elicitation/create"
        yield events, question


def answer_to(question: Message, **said: Any) -> Message:
    """An answer to a question: `result=` or `error=`."""
    return {"jsonrpc": "2.0", "id": question["id"], **said}


@BOTH_WAYS
async def test_an_answer_through_the_other_worker_ends_the_call(
    site: TwoWorkers, abel: Client, asked_by: str
) -> None:
    asking, other = pair(site, asked_by)
    async with asked(abel, asking) as (events, question):
        answer = await abel.post(other, answer_to(question, result=ACCEPTED))
        assert (answer.status_code, answer.content) == (202, b"")
        ended = await events.next()
        assert ended is not None
        assert ended["id"] == 7
        assert text_of(ended).startswith("User response: action=accept")
        assert "abel@example.com" in text_of(ended)
        assert await events.has_ended()


@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_a_person_who_will_not_answer_ends_the_call_too(
    site: TwoWorkers, abel: Client, action: str
) -> None:
    async with asked(abel, site.daphne) as (events, question):
        await abel.post(site.uvicorn, answer_to(question, result={"action": action}))
        assert text_of(await events.next()) == f"User response: action={action}, content=null"


async def test_an_error_for_an_answer_ends_the_call(site: TwoWorkers, abel: Client) -> None:
    async with asked(abel, site.daphne) as (events, question):
        error = {"code": -1, "message": "The person has gone home"}
        answer = await abel.post(site.uvicorn, answer_to(question, error=error))
        assert answer.status_code == 202
        ended = await events.next()
        assert ended is not None
        assert ended["error"]["message"] == "The person has gone home"


async def test_nobody_answers_what_another_session_was_asked(
    site: TwoWorkers, abel: Client, abels_other_client: Client, charlie: Client
) -> None:
    foreign = {"action": "accept", "content": {"username": "mallory", "email": "m@example.com"}}
    async with asked(abel, site.daphne) as (events, question):
        for worker in site.workers:
            for stranger in (abels_other_client, charlie):
                answer = await stranger.post(worker, answer_to(question, result=foreign))
                assert answer.status_code == 202
        await abel.post(site.uvicorn, answer_to(question, result=ACCEPTED))
        said = text_of(await events.next())
        assert "abel@example.com" in said
        assert "mallory" not in said


async def test_a_late_answer_is_taken_and_changes_nothing(site: TwoWorkers, abel: Client) -> None:
    async with asked(abel, site.daphne) as (events, question):
        await abel.post(site.uvicorn, answer_to(question, result=ACCEPTED))
        await events.next()
    for worker in site.workers:
        assert (await abel.post(worker, answer_to(question, result=ACCEPTED))).status_code == 202
        assert (await abel.call(worker, "who_am_i", mark="still here")).endswith("still here")


async def test_progress_of_an_answer_is_passed_on(site: TwoWorkers, abel: Client) -> None:
    async with asked(abel, site.daphne, called("ask_with_progress")) as (events, question):
        token = question["params"]["_meta"]["progressToken"]
        for done in (1, 2):
            told = notification("notifications/progress", progressToken=token, progress=done)
            assert (await abel.post(site.uvicorn, told)).status_code == 202
        await abel.post(site.uvicorn, answer_to(question, result={"action": "cancel"}))
        assert text_of(await events.next()) == "[1, 2]"
