"""What changed (which tools there are, a record), told to every client that listens anywhere.

Clients of the handshake revisions hear it on their standing stream, those of 2026-07-28 on a
`subscriptions/listen` stream. A change that concerns one person is told to nobody else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import redis
import structlog
from django.conf import settings
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.subscriptions import (
    ResourceUpdated,
    ServerEvent,
    ToolsListChanged,
)
from mcp.shared.subscriptions import event_from_wire, event_to_notification

from mcp_app.redis_clients import SECONDS
from mcp_app.sessions.relay import Relay, RelayUnavailable, Word, as_bytes, channel
from mcp_app.sessions.streams import StandingStreams
from mcp_app.wire.messages import Message, notification_of
from tools_app.settings_snapshot import forget_snapshot

log = structlog.get_logger(__name__)

Listener = Callable[[ServerEvent], None]


@dataclass(frozen=True)
class Change:
    """An event, and whom it concerns: one person, or everybody.

    `sessions` are those that have subscribed to it; the others hear of lists only.
    """

    event: ServerEvent
    user_id: int | None = None
    sessions: tuple[str, ...] = ()

    def concerns(self, user_id: int | None) -> bool:
        """Whether this person is to be told."""
        return self.user_id in (None, user_id)

    def as_word(self) -> Word:
        """The change as workers tell it to one another."""
        told = self.as_notification()
        word = {"kind": "changed", "method": told["method"], "told": told.get("params")}
        sessions = {"sessions": self.sessions} if self.sessions else {}
        return word | {"user": self.user_id} | sessions

    def as_notification(self) -> Message:
        """The change as a client with a session is told it."""
        uri = {"uri": self.event.uri} if isinstance(self.event, ResourceUpdated) else None
        return notification_of(event_to_notification(self.event, {}).method, uri)

    @classmethod
    def of_word(cls, word: Word) -> "Change | None":
        """The change that a worker told; None for a kind that this release does not know."""
        event = event_from_wire(word["method"], word["told"])
        # A release before this one names no sessions.
        sessions = tuple(word.get("sessions", ()))
        return None if event is None else cls(event, word["user"], sessions)


class Changes:
    """The SDK's `SubscriptionBus`, over all workers."""

    def __init__(self, relay: Relay, streams: StandingStreams) -> None:
        self._relay = relay
        self._streams = streams
        self._listeners: dict[object, tuple[int | None, Listener]] = {}
        self._at_the_end: list[Callable[[], None]] = []

    async def publish(self, event: ServerEvent) -> None:
        """Tell everybody who listens, at every worker."""
        await self.tell(Change(event))

    async def tell(self, change: Change) -> None:
        """Tell those whom a change concerns, at every worker."""
        self.hear(change)
        try:
            await self._relay.tell_all(change.as_word())
        except RelayUnavailable:
            log.warning("relay_unavailable", kind="changed")

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` what concerns the person whose request this is; return what ends it."""
        token = get_access_token()
        ours = object()
        self._listeners[ours] = (int(token.subject) if token and token.subject else None, listener)

        def unsubscribe() -> None:
            self._listeners.pop(ours, None)

        return unsubscribe

    def at_the_end(self, end: Callable[[], None]) -> None:
        """Call `end` once there is nothing more to hear."""
        self._at_the_end.append(end)

    def end(self) -> None:
        """Nothing more will be heard here."""
        for end in self._at_the_end:
            end()

    def hear(self, change: Change) -> None:
        """Tell those who listen here."""
        if isinstance(change.event, ToolsListChanged):
            # Whoever asks for the tools now must not get those of a moment ago.
            forget_snapshot()
        for user_id, listener in list(self._listeners.values()):
            if change.concerns(user_id):
                listener(change.event)
        notification = change.as_notification()
        if not isinstance(change.event, ResourceUpdated):
            self._streams.tell_people(change.concerns, notification)
        for session in change.sessions:
            self._streams.tell(session, notification)


def announce(change: Change) -> None:
    """Tell every worker of a change that was made outside of them, in the admin for example.

    Without Redis nobody is told: clients ask again once what they were told is a minute old.
    """
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as connection:
            connection.publish(channel(), as_bytes(change.as_word()))
    except (redis.RedisError, OSError):
        log.warning("change_not_announced")
