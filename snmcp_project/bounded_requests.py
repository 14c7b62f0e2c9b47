"""daphne's requests, with an end to how long a body may be, and without what nobody needs.

Twisted keeps a whole body before anything of ours sees the request, whoever sends it. So what is
too long is refused here, where the head is complete: before the body is asked for, where the
client asks (`Expect: 100-continue`), and before it is kept in any case.
"""

from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

import orjson
from daphne.http_protocol import WebRequest
from mcp_types import INVALID_REQUEST

from mcp_app.bodies import LARGEST_BODY

# Above every limit of Django's (2.5 MB), so that those still answer in words.
LARGEST_REQUEST: Final = 4 * 1024 * 1024
_REASONS: Final = {
    400: ("Bad Request", "The request is not HTTP"),
    408: ("Request Timeout", "The request did not arrive in time"),
    413: ("Content Too Large", f"The body is larger than {LARGEST_BODY} bytes"),
}


def largest_body(target: bytes) -> int:
    """How many bytes the body of a request for this address may have."""
    return LARGEST_BODY if _is_mcp(target) else LARGEST_REQUEST


def refusal(status: int, *, target: bytes) -> bytes:
    """A whole answer, the last one of its connection; in JSON-RPC where that is spoken."""
    reason, words = _REASONS[status]
    error = {"code": INVALID_REQUEST, "message": words}
    is_mcp = _is_mcp(target)
    body = orjson.dumps({"jsonrpc": "2.0", "id": None, "error": error}) if is_mcp else b""
    kind = "Content-Type: application/json\r\n" if is_mcp else ""
    head = f"HTTP/1.1 {status} {reason}\r\n{kind}Content-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


def _is_mcp(target: bytes) -> bool:
    try:
        _, path = as_origin_form(target)
    except ValueError:
        return False
    path = unquote_to_bytes(path.partition(b"?")[0])
    return path == b"/mcp" or path.startswith(b"/mcp/")


def as_origin_form(target: bytes) -> tuple[bytes, bytes]:
    """The host that an address names (usually none), and the rest of it.

    That host counts instead of the Host header (RFC 9112, section 3.2.2). Raises ValueError.
    """
    if not target.lower().startswith((b"http://", b"https://")):
        return b"", target
    parts = urlsplit(target)
    return parts.netloc, (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """A request that ends its connection once its body is too long."""

    _received = 0

    def __init__(self, channel: Any, *_: object) -> None:  # noqa: ANN401  # Twisted's
        # Taking a form apart here, on the event loop, for nobody, takes seconds for a long one.
        super().__init__(channel, parsePOSTFormSubmission=False)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        """Take the next part; refuse the one that makes it too long, drop what comes later."""
        self._received += len(data)
        if self.channel.is_refused:
            return
        if self._received > self.channel.largest_body:
            self.channel.refuse(413)
            return
        super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802  # Twisted's name
        """Serve the request, whichever form its address has."""
        try:
            host, path = as_origin_form(path)
        except ValueError:
            self.channel.refuse(400)
            return
        if host:
            self.requestHeaders.setRawHeaders(b"host", [host])
        # daphne would let whoever sends it say where this application is mounted.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        super().requestReceived(command, path, version)
