"""Calls that are refused for want of room: on record one by one, then as a number.

Each refusal on record costs two rows, so somebody who goes on calling at full speed would fill the
audit log at the speed of the database. The first ten of a person's minute have a record each; the
others of that minute have one together, written when it is over, that says how many they were. Its
reference is in the answer of each of them. No call that may go on is ever counted instead of
recorded; nothing that is counted here has reached ServiceNow.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError

from audit_app.exceptions import AuditFailure
from audit_app.models import Outcome
from audit_app.services import Closing, Opening, arecord_refusal, new_reference
from mcp_app.event_loops import PerEventLoop

log = structlog.get_logger(__name__)

SINGLY: Final = 10
WINDOW_SECONDS: Final = 60.0


@dataclass
class _Minute:
    """What one person was refused within a minute, beyond what is on record singly."""

    singly: int = 0
    last: Opening | None = None
    calls: int = 0
    unread: int = 0
    reference_id: str = field(default_factory=new_reference)

    @property
    def note(self) -> str:
        """What the common record says."""
        unread = f", and {self.unread:,} messages that were not read" if self.unread else ""
        return f"{self.calls:,} more calls refused within a minute{unread}"


class RefusedCalls:
    """The minutes of people who are over their limit, for one event loop."""

    def __init__(self, *, window_seconds: float = WINDOW_SECONDS) -> None:
        self._window_seconds = window_seconds
        self._minutes: dict[int, _Minute] = {}
        self._writing: set[asyncio.Task[None]] = set()

    def counted(self, opening: Opening) -> str | None:
        """Count a refused call; return the reference of its record, or None: it gets its own."""
        minute = self._minutes.get(opening.user_id)
        if minute is None:
            minute = self._minutes[opening.user_id] = _Minute()
            asyncio.get_running_loop().call_later(self._window_seconds, self._end, opening.user_id)
        if minute.singly < SINGLY:
            minute.singly += 1
            return None
        minute.calls += 1
        minute.last = opening
        return minute.reference_id

    def unread(self, user_id: int) -> None:
        """Count a message that was refused unread: it may have been a call."""
        if minute := self._minutes.get(user_id):
            minute.unread += 1

    async def end(self) -> None:
        """Write what was counted so far, of everybody."""
        for user_id in list(self._minutes):
            self._end(user_id)
        await asyncio.gather(*self._writing)

    def _end(self, user_id: int) -> None:
        minute = self._minutes.pop(user_id, None)
        if minute is None or minute.last is None:
            return
        writing = asyncio.get_running_loop().create_task(_write(minute, minute.last))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)


async def _write(minute: _Minute, last: Opening) -> None:
    opening = replace(last, arguments={}, request_id="", correlation_id=minute.reference_id)
    closing = Closing(outcome=Outcome.REFUSED, code="RATE_LIMITED", note=minute.note)
    try:
        await arecord_refusal(opening, closing=closing)
    except (AuditFailure, DatabaseError, InterfaceError):
        log.exception("refused_calls_unrecorded", user_id=last.user_id, note=minute.note)


_per_loop = PerEventLoop(RefusedCalls)


def refused_calls() -> RefusedCalls:
    """Return this event loop's."""
    return _per_loop.current()
