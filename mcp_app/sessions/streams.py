"""The standing streams (GET) that this worker holds open, one a session."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from mcp_app.wire.messages import Message

# A client that does not read loses its stream, not our memory; it opens another one.
_MOST_WAITING = 100
# As many as a person may have sessions. An ended session may leave its stream behind, so without
# this one person could open sessions and streams until nobody else gets a connection.
MOST_OF_A_PERSON: Final = 100


@dataclass(frozen=True, eq=False)
class StandingStream:
    """One open stream: what is told to `incoming` leaves through `outgoing`."""

    session: str
    user_id: int
    incoming: MemoryObjectSendStream[Message]
    outgoing: MemoryObjectReceiveStream[Message]
    opened_at: float = field(default_factory=time.time)

    def tell(self, message: Message) -> None:
        """Send a message, or end the stream where its client has stopped reading."""
        try:
            self.incoming.send_nowait(message)
        except anyio.WouldBlock:
            self.incoming.close()
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            pass


class StandingStreams:
    """The open streams of one worker. The newest stream of a session wins."""

    def __init__(self, *, most_of_a_person: int = MOST_OF_A_PERSON) -> None:
        self._most_of_a_person = most_of_a_person
        self._open: dict[str, StandingStream] = {}

    @contextmanager
    def opened(self, session: str, user_id: int) -> Iterator[StandingStream]:
        """Open the stream of a session; an older one ends, and the oldest where there are many."""
        self.end(session)
        self._make_room(user_id)
        incoming, outgoing = anyio.create_memory_object_stream[Message](_MOST_WAITING)
        stream = self._open[session] = StandingStream(session, user_id, incoming, outgoing)
        try:
            yield stream
        finally:
            incoming.close()
            outgoing.close()
            if self._open.get(session) is stream:
                del self._open[session]

    def _make_room(self, user_id: int) -> None:
        own = [stream.session for stream in self._open.values() if stream.user_id == user_id]
        for session in own[: max(0, len(own) + 1 - self._most_of_a_person)]:
            self.end(session)

    def tell(self, session: str, message: Message) -> bool:
        """Send a message on a session's stream; say whether it is open here."""
        stream = self._open.get(session)
        if stream is None:
            return False
        stream.tell(message)
        return True

    def tell_people(self, are_meant: Callable[[int], bool], message: Message) -> None:
        """Send a message on every stream of the people meant."""
        for stream in list(self._open.values()):
            if are_meant(stream.user_id):
                stream.tell(message)

    def end(self, session: str, *, opened_before: float | None = None) -> None:
        """End a session's stream if it is open here, and older than that where it is said."""
        stream = self._open.get(session)
        if stream is not None and (opened_before is None or stream.opened_at < opened_before):
            with suppress(KeyError):
                del self._open[session]
            stream.incoming.close()

    def end_all(self) -> None:
        """End every stream: the worker ends."""
        for session in list(self._open):
            self.end(session)
