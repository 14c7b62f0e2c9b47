"""What the server asks a client while it works on one of its requests."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from starlette.types import Message

from mcp_app.sessions.questions import Questions
from mcp_app.wire.conversation import Asking, Conversation
from mcp_app.wire.http import HttpExchange
from tests.mcp_app.clients import call

ASK = "elicitation/create"


async def receive() -> Message:
    """Nothing is received in these tests."""
    raise AssertionError


async def send(_message: Message) -> None:
    """Nothing is sent either."""
    raise AssertionError


@pytest.fixture
def questions() -> Questions:
    return Questions("0011223344556677")


@pytest.fixture
def conversation(questions: Questions) -> Iterator[Conversation]:
    """One with a client that reads streams."""
    accept = (b"accept", b"application/json, text/event-stream")
    exchange = HttpExchange({"type": "http", "headers": [accept]}, receive, send)
    conversation = Conversation(exchange, call("anything"), asking=Asking("session", questions))
    with conversation.said:
        yield conversation
    conversation.close()


async def test_a_question_that_takes_too_long_is_withdrawn(
    conversation: Conversation, questions: Questions
) -> None:
    asking = asyncio.create_task(conversation.send_raw_request(ASK, {}, {"timeout": 0.01}))
    asked, withdrawn = [await conversation.said.receive() for _ in range(2)]
    assert withdrawn["method"] == "notifications/cancelled"
    assert withdrawn["params"]["requestId"] == asked["id"]
    with pytest.raises(MCPError, match="timed out"):
        await asking
    assert not questions.take_answer("session", {"id": asked["id"], "result": {}})


@pytest.mark.parametrize("given", [{}, {"_meta": {"theirs": 1}}])
async def test_who_wants_to_hear_of_progress_says_so(
    conversation: Conversation, questions: Questions, given: dict[str, Any]
) -> None:
    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        """Hear of it."""

    asking = asyncio.create_task(
        conversation.send_raw_request(ASK, given, {"on_progress": on_progress})
    )
    asked = await conversation.said.receive()
    expected = {**given.get("_meta", {}), "progressToken": asked["id"]}
    assert asked["params"]["_meta"] == expected
    questions.take_answer("session", {"id": asked["id"], "result": {"action": "cancel"}})
    assert await asking == {"action": "cancel"}


async def test_who_does_not_gets_no_token(conversation: Conversation, questions: Questions) -> None:
    asking = asyncio.create_task(conversation.send_raw_request(ASK, {"message": "Well?"}))
    asked = await conversation.said.receive()
    assert asked["params"] == {"message": "Well?"}
    questions.take_answer("session", {"id": asked["id"], "result": {}})
    await asking
