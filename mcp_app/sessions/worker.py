"""One worker: what it holds open for sessions, and how the others reach it.

A worker is one event loop of one process. A client may send each of its requests to another one,
so what concerns an open request is done here if it is here, and told to the others otherwise.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog

from mcp_app.sessions.changes import Change, Changes
from mcp_app.sessions.questions import Questions, worker_of
from mcp_app.sessions.relay import Relay, RelayUnavailable, Word
from mcp_app.sessions.running import RunningRequests
from mcp_app.sessions.streams import StandingStream, StandingStreams
from mcp_app.wire.messages import Message

log = structlog.get_logger(__name__)


class Worker:
    """This event loop's part of all sessions."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(8)
        self.relay = Relay(self.id, self._hear)
        self.questions = Questions(self.id)
        self.requests = RunningRequests()
        self.streams = StandingStreams()
        self.changes = Changes(self.relay, self.streams)

    async def answered(self, session: str, message: Mapping[str, Any]) -> None:
        """Bring a client's answer to whoever asked. Raises `RelayUnavailable`.

        An answer that nobody waits for any more is dropped.
        """
        if not self.questions.take_answer(session, message):
            await self._pass_on(message.get("id"), "answer", session, message)

    async def progressed(self, session: str, params: Mapping[str, Any]) -> None:
        """Bring a client's word of progress to whoever asked; it is lost without Redis."""
        if not self.questions.take_progress(session, params):
            with suppress(RelayUnavailable):
                await self._pass_on(params.get("progressToken"), "progress", session, params)

    async def _pass_on(
        self, question_id: object, kind: str, session: str, told: Mapping[str, Any]
    ) -> None:
        worker_id = worker_of(question_id)
        if worker_id is not None and worker_id != self.id:
            await self.relay.tell(worker_id, {"kind": kind, "session": session, "told": dict(told)})

    async def cancelled(self, session: str, request_id: object) -> None:
        """Cancel a request, wherever it runs."""
        if not self.requests.cancel(session, request_id):
            word = {"kind": "cancel", "session": session, "request": request_id}
            await self._tell_others(word)

    async def tell(self, session: str, message: Message) -> None:
        """Send a message on a session's standing stream, wherever it is open; else it is lost."""
        if not self.streams.tell(session, message):
            await self._tell_others({"kind": "tell", "session": session, "told": message})

    async def took_over(self, stream: StandingStream) -> None:
        """End the older streams of a session on other workers."""
        word = {"kind": "take", "session": stream.session, "at": stream.opened_at}
        await self._tell_others(word)

    async def ended(self, session: str) -> None:
        """End all that is open for a session, everywhere."""
        self._end(session)
        await self._tell_others({"kind": "end", "session": session})

    async def stop(self, *, patience_seconds: float, records_seconds: float) -> None:
        """End what is open here: streams at once, calls when they are done.

        What still runs after `patience_seconds` is cancelled, and has `records_seconds` to finish
        its record.
        """
        self.streams.end_all()
        self.changes.end()
        await self.requests.finished(within=patience_seconds)
        self.requests.cancel_all()
        await self.requests.finished(within=records_seconds)

    async def _tell_others(self, word: Word) -> None:
        try:
            await self.relay.tell_all(word)
        except RelayUnavailable:
            log.warning("relay_unavailable", kind=word["kind"])

    def _end(self, session: str) -> None:
        self.streams.end(session)
        self.requests.cancel_session(session)

    def _hear(self, word: Word) -> None:
        """Do what another worker says."""
        kind = word["kind"]
        if kind == "changed":
            self._hear_change(word)
        elif kind == "answer":
            self.questions.take_answer(word["session"], word["told"])
        elif kind == "progress":
            self.questions.take_progress(word["session"], word["told"])
        elif kind == "cancel":
            self.requests.cancel(word["session"], word["request"])
        elif kind == "tell":
            self.streams.tell(word["session"], word["told"])
        elif kind == "take":
            self.streams.end(word["session"], opened_before=word["at"])
        elif kind == "end":
            self._end(word["session"])

    def _hear_change(self, word: Word) -> None:
        change = Change.of_word(word)
        if change is not None:
            self.changes.hear(change)
