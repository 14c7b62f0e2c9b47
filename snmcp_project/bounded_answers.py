"""daphne's server, which waits for clients to read, and ends what runs when it ends."""

import asyncio
from typing import Any

from daphne.server import Server
from starlette.types import Message

from snmcp_project.bounded_connections import BoundedChannel

_RUNS = "application_instance"


class BoundedServer(Server):  # type: ignore[misc]  # daphne has no types
    """Sends an answer no faster than its client reads it."""

    connections: dict[Any, dict[str, Any]]

    async def handle_reply(self, protocol: Any, message: Message) -> None:  # noqa: ANN401  # daphne's
        """Send a part of an answer and wait until it is taken; give the connection up if not."""
        # Gone once the request is answered, and never there for a WebSocket.
        channel = getattr(protocol, "channel", None)
        await super().handle_reply(protocol, message)
        if isinstance(channel, BoundedChannel) and message.get("more_body"):
            await _until_taken(channel)

    def kill_all_applications(self) -> Any:  # noqa: ANN401  # a Deferred of daphne's
        """Cancel what runs; a connection on which nothing does would keep daphne from it."""
        everything = self.connections
        self.connections = {one: known for one, known in everything.items() if _RUNS in known}
        try:
            return super().kill_all_applications()
        finally:
            self.connections = everything


async def _until_taken(channel: BoundedChannel) -> None:
    try:
        async with asyncio.timeout(channel.factory.bounds.unread):
            await channel.taken.wait()
    except TimeoutError:
        channel.abort()
