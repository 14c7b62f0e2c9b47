"""An answer, or word of progress, counts for what its own session was asked, once."""

import asyncio
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from mcp_app.sessions.questions import Questions

WORKER = "0011223344556677"


@pytest.fixture
def questions() -> Questions:
    return Questions(WORKER)


async def test_the_first_answer_counts(questions: Questions) -> None:
    with questions.asked("session") as question:
        for action in ("accept", "decline"):
            assert questions.take_answer(
                "session", {"id": question.id, "result": {"action": action}}
            )
        assert await question.answer == {"action": "accept"}


async def test_after_its_end_nothing_is_taken(questions: Questions) -> None:
    with questions.asked("session") as question:
        pass
    assert not questions.take_answer("session", {"id": question.id, "result": {}})
    assert not questions.take_progress("session", {"progressToken": question.id, "progress": 1})


@pytest.mark.parametrize("session", ["another", ""])
async def test_another_session_has_no_part_in_it(questions: Questions, session: str) -> None:
    with questions.asked("session") as question:
        assert not questions.take_answer(session, {"id": question.id, "result": {}})
        assert not questions.take_progress(session, {"progressToken": question.id, "progress": 1})
        assert not question.answer.done()


@pytest.mark.parametrize("result", [None, 7, "accept", ["accept"]])
async def test_an_answer_that_is_no_object_is_an_empty_one(
    questions: Questions, result: object
) -> None:
    with questions.asked("session") as question:
        questions.take_answer("session", {"id": question.id, "result": result})
        assert await question.answer == {}


@pytest.mark.parametrize("error", [None, 7, {}, {"code": "x", "message": 1}, {"code": 1}])
async def test_a_malformed_error_is_an_error_all_the_same(
    questions: Questions, error: object
) -> None:
    with questions.asked("session") as question:
        questions.take_answer("session", {"id": question.id, "error": error})
        with pytest.raises(MCPError, match="malformed error"):
            await question.answer


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ({"progress": 1}, (1, None, None)),
        ({"progress": 0.5, "total": 2, "message": "half"}, (0.5, 2, "half")),
        ({"progress": 1, "total": "all", "message": ["x"]}, (1, None, None)),
    ],
)
async def test_progress_is_told_to_who_asked(
    questions: Questions, told: dict[str, Any], heard: tuple[Any, ...]
) -> None:
    came: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        await came.put((progress, total, message))

    with questions.asked("session", on_progress) as question:
        assert questions.take_progress("session", {"progressToken": question.id, **told})
        assert await came.get() == heard


async def test_progress_of_nothing_is_told_to_nobody(questions: Questions) -> None:
    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        raise AssertionError("told")

    with questions.asked("session", on_progress) as question:
        assert questions.take_progress("session", {"progressToken": question.id})
        assert questions.take_progress("session", {"progressToken": question.id, "progress": "1"})
        await asyncio.sleep(0)
    with questions.asked("session") as unwatched:
        assert questions.take_progress("session", {"progressToken": unwatched.id, "progress": 1})
