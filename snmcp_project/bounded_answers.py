"""daphne's server, which waits for clients to read, and for what runs when it ends."""

import asyncio
from typing import Any, Final

from daphne.server import Server
from starlette.types import ASGIApp, Message
from twisted.internet.defer import Deferred

from mcp_app.service import PATIENCE_SECONDS
from snmcp_project.bounded_connections import BoundedChannel

_RUNS: Final = "application_instance"
# For what has come and not been read, and for what is answered and not yet sent.
_MOMENT_SECONDS: Final = 0.1
_MOST_WAITING: Final = 1024


class BoundedServer(Server):  # type: ignore[misc]  # daphne has no types
    """Sends an answer no faster than its client reads it."""

    connections: dict[Any, dict[str, Any]]
    patience_seconds = PATIENCE_SECONDS
    moment_seconds = _MOMENT_SECONDS

    def __init__(self, application: ASGIApp, **given: Any) -> None:  # noqa: ANN401  # daphne's
        self._ports: list[Any] = []
        super().__init__(application, **given)

    async def handle_reply(self, protocol: Any, message: Message) -> None:  # noqa: ANN401  # daphne's
        """Send a part of an answer and wait until it is taken; give the connection up if not."""
        # Gone once the request is answered, and never there for a WebSocket.
        channel = getattr(protocol, "channel", None)
        await super().handle_reply(protocol, message)
        if isinstance(channel, BoundedChannel) and message.get("more_body"):
            await _until_taken(channel)

    def listen_success(self, port: Any) -> None:  # noqa: ANN401  # a port of Twisted's
        """Keep what is listened on, to let go of it in time."""
        self._ports.append(port)
        super().listen_success(port)

    def kill_all_applications(self) -> Any:  # noqa: ANN401  # a Deferred of daphne's
        """Take no more connections, let what runs finish if it does so soon, cancel the rest.

        daphne would cancel at once what the MCP service lets finish.
        """
        for port in self._ports:
            _take_who_has_connected(port)
            port.reactor.callLater(0, _take_the_last, port)
            port.stopListening()  # it closes in the next turn of the reactor
        return Deferred.fromFuture(asyncio.ensure_future(self._finish()))

    async def _finish(self) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + self.patience_seconds + 2 * self.moment_seconds
        await asyncio.sleep(self.moment_seconds)
        while (running := self._running()) and (left := until - clock()) > 0:
            await asyncio.wait(running, timeout=left)
            await asyncio.sleep(self.moment_seconds)
        for each in running:
            each.cancel()
        if running:
            await asyncio.wait(running)

    def _running(self) -> list["asyncio.Future[None]"]:
        """What is being answered; a connection may have nothing that is."""
        started = [known[_RUNS] for known in self.connections.values() if _RUNS in known]
        return [each for each in started if not each.done()]


def _take_who_has_connected(port: Any) -> None:  # noqa: ANN401  # a port of Twisted's
    """Take everybody who waits: what is closed with the port is reset."""
    port.numberAccepts = _MOST_WAITING  # else as many as came last time
    port.doRead()


def _take_the_last(port: Any) -> None:  # noqa: ANN401  # a port of Twisted's
    """Take who came since it was told to close, just before it does."""
    if port.connected:
        port.disconnecting = False
        _take_who_has_connected(port)
        port.disconnecting = True


async def _until_taken(channel: BoundedChannel) -> None:
    try:
        async with asyncio.timeout(channel.factory.bounds.unread):
            await channel.taken.wait()
    except TimeoutError:
        channel.abort()
