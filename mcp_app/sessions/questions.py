"""Requests of the server to a client (elicitation), and the answers that come on other requests."""

import asyncio
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mcp.shared.dispatcher import ProgressFnT
from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR, ErrorData
from pydantic import ValidationError

# Clients send what they like: only what may be a worker is asked for.
_ASKED_BY = re.compile(r"([0-9a-f]{16})\.")


@dataclass(frozen=True)
class Question:
    """A request of the server that waits for its answer."""

    id: str
    session: str
    answer: "asyncio.Future[dict[str, Any]]"
    on_progress: ProgressFnT | None = None


class Questions:
    """The open questions of one worker; an id names the worker, so that any can pass answers on."""

    def __init__(self, worker_id: str) -> None:
        self._worker_id = worker_id
        self._open: dict[str, Question] = {}
        self._telling: set[asyncio.Task[None]] = set()

    @contextmanager
    def asked(self, session: str, on_progress: ProgressFnT | None = None) -> Iterator[Question]:
        """Open a question to the client of a session until the block ends."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        question = Question(f"{self._worker_id}.{uuid.uuid4().hex}", session, answer, on_progress)
        self._open[question.id] = question
        try:
            yield question
        finally:
            del self._open[question.id]

    def take_answer(self, session: str, message: Mapping[str, Any]) -> bool:
        """Give an answer to its question; False where this session was asked nothing like it."""
        question = self._asked(session, message.get("id"))
        if question is None:
            return False
        if not question.answer.done():
            _settle(question.answer, message)
        return True

    def take_progress(self, session: str, params: Mapping[str, Any]) -> bool:
        """Give word of progress to its question; False where there is none."""
        question = self._asked(session, params.get("progressToken"))
        if question is None:
            return False
        if question.on_progress is not None:
            self._tell(question.on_progress, params)
        return True

    def _asked(self, session: str, id_: object) -> Question | None:
        """Nobody answers for another session, whatever id they name."""
        question = self._open.get(id_) if isinstance(id_, str) else None
        return question if question is not None and question.session == session else None

    def _tell(self, on_progress: ProgressFnT, params: Mapping[str, Any]) -> None:
        done, total, message = params.get("progress"), params.get("total"), params.get("message")
        if isinstance(done, int | float):
            telling = asyncio.ensure_future(_told(on_progress, done, total, message))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)


def worker_of(question_id: object) -> str | None:
    """Return which worker asked; None for what is no question of ours."""
    if not isinstance(question_id, str):
        return None
    asked_by = _ASKED_BY.match(question_id)
    return asked_by[1] if asked_by else None


async def _told(on_progress: ProgressFnT, done: float, total: Any, message: Any) -> None:  # noqa: ANN401  # a stranger's
    await on_progress(
        done,
        total if isinstance(total, int | float) else None,
        message if isinstance(message, str) else None,
    )


def _settle(answer: "asyncio.Future[dict[str, Any]]", message: Mapping[str, Any]) -> None:
    if "result" in message:
        result = message["result"]
        answer.set_result(result if isinstance(result, dict) else {})
        return
    try:
        error = ErrorData.model_validate(message.get("error"))
    except ValidationError:
        error = ErrorData(code=INTERNAL_ERROR, message="The client answered with a malformed error")
    answer.set_exception(MCPError.from_error_data(error))
