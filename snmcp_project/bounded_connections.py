"""daphne's connections, with an end to how long each step takes and to how many there are.

Twisted closes a connection after a minute without a byte, and takes one byte a minute for as long
as it comes; a client that does not read its answer keeps it in memory for ever. Here a request
must be complete in time, an answer must be taken, and when there are too many connections the one
that has waited longest without a complete request makes room, so that who sends requests is
served. There is no limit for each address: behind a proxy all people come from one, and an office
is one too.
"""

import asyncio
import resource
from dataclasses import dataclass, replace
from typing import Any

from daphne.http_protocol import HTTPFactory, http

from mcp_app.bodies import Patience
from snmcp_project.bounded_requests import BoundedRequest, largest_body, refusal


@dataclass(frozen=True)
class Bounds:
    """Seconds each step may take, bytes dropped after a refusal, and open connections.

    `idle` is above the two minutes for which proxies (nginx, Caddy) keep a connection to use it
    again: whoever closes first should be the one that sends.
    """

    idle: float = 150
    stalled: float = Patience.between_parts
    head: float = 20
    request: float = Patience.in_all
    unread: float = 60
    lingering: float = 5
    dropped: int = 4 * 1024 * 1024
    connections: int = 4096


def bounds_of_this_process() -> Bounds:
    """At most three quarters of the files it may open are connections to it."""
    most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most_files == resource.RLIM_INFINITY:
        return Bounds()
    return replace(Bounds(), connections=min(Bounds.connections, most_files * 3 // 4))


class BoundedChannel(http.HTTPChannel):  # type: ignore[misc]  # daphne has no types
    """A connection, from one request to the next."""

    factory: "BoundedFactory"

    def __init__(self) -> None:
        super().__init__()
        self.is_refused = False
        self.largest_body = 0
        self.taken = asyncio.Event()
        self.taken.set()
        self._is_complete = False
        self._dropped = 0
        self._limit: Any = None

    # --- a request arrives -----------------------------------------------------------------

    def connectionMade(self) -> None:  # noqa: N802  # Twisted's name
        """Begin to wait for the first request."""
        super().connectionMade()
        self.factory.waiting(self)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        """Take what was sent; the time for a request runs from its first byte."""
        if self.is_refused:
            self._drop(len(data))
            return
        if self._limit is None and not self._is_complete:
            self.setTimeout(self.factory.bounds.stalled)
            self._end_later(self.factory.bounds.head, self.timeoutConnection)
        super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  # Twisted's name
        """Take a line of the head, unless an earlier one was refused."""
        if not self.is_refused:
            super().lineReceived(line)

    def lineLengthExceeded(self, _line: bytes) -> None:  # noqa: N802  # Twisted's name
        """Refuse a line that is longer than a whole head may be."""
        self.refuse(400)

    def headerReceived(self, line: bytes) -> bool:  # noqa: N802  # Twisted's name
        """Take a header; Content-Length may have more digits than Python converts."""
        try:
            is_fine: bool = super().headerReceived(line)
        except ValueError:
            self._respondToBadRequestAndDisconnect()
            return False
        return is_fine

    def allHeadersReceived(self) -> None:  # noqa: N802  # Twisted's name
        """Refuse what announces itself as too long, also instead of `100 Continue`."""
        self.largest_body = largest_body(self._path)
        if self.length is not None and self.length > self.largest_body:
            self.refuse(413)
            return
        self._end_later(self.factory.bounds.request, self.timeoutConnection)
        super().allHeadersReceived()

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        """Take a part of the body, or of the next request."""
        if self.is_refused:
            self._drop(len(data))
            return
        super().rawDataReceived(data)

    def allContentReceived(self) -> None:  # noqa: N802  # Twisted's name
        """Serve the request: now there is all the time for it that it needs."""
        if self.is_refused:
            return
        self._is_complete = True
        self.factory.serving(self)
        self._cancel_limit()
        # What Twisted sets again once the request is done.
        self.setTimeout(self.factory.bounds.idle)
        super().allContentReceived()

    def requestDone(self, request: object) -> None:  # noqa: N802  # Twisted's name
        """Begin to wait for the next request."""
        self._is_complete = False
        self.factory.waiting(self)
        super().requestDone(request)

    # --- it is refused ---------------------------------------------------------------------

    def timeoutConnection(self) -> None:  # noqa: N802  # Twisted's name
        """Refuse a request that is too slow; close a connection on which there is none."""
        if self._limit is None:
            super().timeoutConnection()
        else:
            self.refuse(408)

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802  # Twisted's name
        self.refuse(400)

    def refuse(self, status: int) -> None:
        """Send the last answer of this connection.

        What the client still sends is dropped for a while: closing at once would reset the
        connection, and the answer would be lost with it.
        """
        if self.is_refused:
            return
        self.is_refused = True
        self.setTimeout(None)
        self.transport.write(refusal(status, target=getattr(self, "_path", b"")))
        self.transport.loseWriteConnection()
        self._end_later(self.factory.bounds.lingering, self.abort)

    def _drop(self, size: int) -> None:
        self._dropped += size
        if self._dropped > self.factory.bounds.dropped:
            self.abort()

    # --- its answer ------------------------------------------------------------------------

    def pauseProducing(self) -> None:  # noqa: N802  # Twisted's name
        """Note that the client does not read as fast as is written."""
        self.taken.clear()
        super().pauseProducing()

    def resumeProducing(self) -> None:  # noqa: N802  # Twisted's name
        """Note that it has read what was written."""
        self.taken.set()
        super().resumeProducing()

    # --- it ends ---------------------------------------------------------------------------

    def loseConnection(self) -> None:  # noqa: N802  # Twisted's name
        """Close once the answer is sent; a client that does not take it loses it."""
        self._end_later(self.factory.bounds.unread, self.abort)
        super().loseConnection()

    def abort(self) -> None:
        """Close at once."""
        self._cancel_limit()
        self.factory.gone(self)
        self.transport.abortConnection()

    def connectionLost(self, reason: object) -> None:  # noqa: N802  # Twisted's name
        """Forget the connection, and let nobody wait for it."""
        self._cancel_limit()
        self.factory.gone(self)
        self.taken.set()
        super().connectionLost(reason)

    def _end_later(self, seconds: float, end: Any) -> None:  # noqa: ANN401  # a method of ours
        self._cancel_limit()
        self._limit = self.callLater(seconds, end)

    def _cancel_limit(self) -> None:
        if self._limit is not None and self._limit.active():
            self._limit.cancel()
        self._limit = None


class BoundedFactory(HTTPFactory):  # type: ignore[misc]  # the same
    """Has every connection be such a one, and knows which wait for a request."""

    protocol = BoundedChannel

    def __init__(self, server: object, *, bounds: Bounds | None = None) -> None:
        super().__init__(server)
        self.bounds = bounds or bounds_of_this_process()
        self.timeOut = self.bounds.idle
        self._waiting: dict[BoundedChannel, None] = {}
        self._serving: set[BoundedChannel] = set()

    def buildProtocol(self, addr: object) -> BoundedChannel | None:  # noqa: N802  # Twisted's name
        """Return the protocol of a new connection; None, which closes it, if all are needed."""
        if len(self._waiting) + len(self._serving) >= self.bounds.connections:
            longest = next(iter(self._waiting), None)
            if longest is None:
                return None
            longest.abort()
        channel: BoundedChannel = super().buildProtocol(addr)
        channel.requestFactory = BoundedRequest
        return channel

    def waiting(self, channel: BoundedChannel) -> None:
        """Note that a connection has no complete request."""
        self._serving.discard(channel)
        self._waiting[channel] = None

    def serving(self, channel: BoundedChannel) -> None:
        """Note that a connection has a request to answer."""
        self._waiting.pop(channel, None)
        self._serving.add(channel)

    def gone(self, channel: BoundedChannel) -> None:
        """Forget a connection."""
        self._waiting.pop(channel, None)
        self._serving.discard(channel)
