"""The standing stream of a session (GET): what the server says of its own accord."""

from collections.abc import Mapping
from typing import Any

import anyio
from mcp.shared.exceptions import NoBackChannelError

from mcp_app.database_threads import only_waiting
from mcp_app.exceptions import EventsNotTaken
from mcp_app.service import McpService
from mcp_app.sessions.finding import session_of
from mcp_app.sessions.records import Session
from mcp_app.sessions.revoked import until_revoked
from mcp_app.sessions.streams import StandingStream
from mcp_app.sessions.worker import Worker
from mcp_app.wire.http import EventStream, HttpExchange
from mcp_app.wire.messages import notification_of
from mcp_app.wire.sdk import CallOptions


class StandingOutbound:
    """The way to a session's standing stream, wherever it is open.

    It carries notifications only. A question needs a request that it belongs to (2025-11-25,
    Streamable HTTP: the standing stream is for messages unrelated to any request).
    """

    def __init__(self, worker: Worker, session: str) -> None:
        self._worker = worker
        self._session = session

    async def notify(
        self,
        method: str,
        params: Mapping[str, Any] | None,
        opts: CallOptions | None = None,  # noqa: ARG002  # the SDK's signature
    ) -> None:
        """Send a notification; it is lost where no stream is open."""
        await self._worker.tell(self._session, notification_of(method, params))

    async def send_raw_request(
        self,
        method: str,
        params: Mapping[str, Any] | None,  # noqa: ARG002  # the SDK's signature
        opts: CallOptions | None = None,  # noqa: ARG002  # the same
    ) -> dict[str, Any]:
        """Raise `NoBackChannelError`."""
        raise NoBackChannelError(method)


async def stand(exchange: HttpExchange, session: Session, *, service: McpService) -> None:
    """Hold the stream open until the client leaves, opens a newer one, or ends the session.

    It ends too once the credential that opened it is revoked or expires. Raises `EventsNotTaken`
    if the client reads no streams, and what `session_of` raises if the session has just ended.
    """
    if not exchange.takes_events:
        raise EventsNotTaken("A stream needs `Accept: text/event-stream`")
    only_waiting()
    with service.worker.streams.opened(session.id_hash, session.user_id) as stream:
        await service.worker.took_over(stream)
        # It may have ended at another worker before anybody here could hear of that.
        await session_of(exchange.scope)
        async with anyio.create_task_group() as group:

            async def leave_with_client() -> None:
                await exchange.gone()
                group.cancel_scope.cancel()

            async def end_with_credential() -> None:
                await until_revoked(exchange.scope, every=service.comment_seconds)
                stream.incoming.close()

            group.start_soon(leave_with_client)
            group.start_soon(end_with_credential)
            await _told(EventStream(exchange), stream, comment_seconds=service.comment_seconds)
            group.cancel_scope.cancel()


async def _told(events: EventStream, stream: StandingStream, *, comment_seconds: float) -> None:
    """Pass on what is told until the stream ends; comment at once, and on silence."""
    await events.comment()
    while True:
        with anyio.move_on_after(comment_seconds) as waiting:
            try:
                message = await stream.outgoing.receive()
            except anyio.EndOfStream:
                break
        if waiting.cancelled_caught:
            await events.comment()
        else:
            await events.tell(message)
    await events.end()
