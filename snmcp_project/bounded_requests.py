"""daphne's requests, with an end to how long a body may be.

Twisted puts a whole body on disk before anything of ours sees the request, whoever sends it.
"""

from typing import Any, Final

from daphne.http_protocol import HTTPFactory, WebRequest

# Above every limit of ours (1 MiB at /mcp, Django's 2.5 MB), so that those still answer in words.
LARGEST_REQUEST: Final = 4 * 1024 * 1024
_REFUSAL: Final = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """A request that ends its connection once its body is too long."""

    _received = 0
    _is_refused = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802  # Twisted's name
        """Refuse what announces itself as too long."""
        super().gotLength(length)
        if length is not None and length > LARGEST_REQUEST:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        """Take the next part; refuse the one that makes it too long, drop what comes later."""
        self._received += len(data)
        if self._is_refused:
            return
        if self._received > LARGEST_REQUEST:
            self._refuse()
            return
        super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802  # Twisted's name
        """Serve the request unless it was refused."""
        if not self._is_refused:
            super().requestReceived(command, path, version)

    def _refuse(self) -> None:
        self._is_refused = True
        self.channel.transport.write(_REFUSAL)
        self.channel.loseConnection()


class BoundedFactory(HTTPFactory):  # type: ignore[misc]  # the same
    """Has every connection make such requests."""

    def buildProtocol(self, addr: object) -> Any:  # noqa: N802, ANN401  # Twisted's
        """Return the protocol of a new connection."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol
