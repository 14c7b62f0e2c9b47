"""One HTTP exchange with `/mcp`: what its edge knows, and what the tool call says about its answer.

The tool call is decided deep inside the SDK, which knows no HTTP status but 200 for a result. So
the call leaves the status and the headers it wants here, and `sending` puts them on the answer.
"""

from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Scope, Send

_SCOPE_NAME = "snmcp.exchange"
_MESSAGE = "snmcp.message"
# An answer is one person's; no cache on the way may keep it, and no page may learn its address.
_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


@dataclass
class Exchange:
    """The facts of one request, and the status and headers of its answer."""

    remote_addr: str
    user_agent: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def sending(self, send: Send) -> Send:
        """Return a `send` that puts this exchange's status and headers on the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = self._dressed_head(message)
            await send(message)

        return dressed

    def _dressed_head(self, head: Message) -> Message:
        own = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        present = {name.lower() for name, _ in head.get("headers", [])}
        defaults = [pair for pair in _ALWAYS if pair[0] not in present]
        return {
            **head,
            "status": self.status or head["status"],
            "headers": [*head.get("headers", []), *own, *defaults],
        }


def put_exchange(scope: Scope, exchange: Exchange) -> None:
    """Leave the exchange where `exchange_of` finds it."""
    scope[_SCOPE_NAME] = exchange


def exchange_of(scope: Scope) -> Exchange:
    """Return the exchange of this request's scope."""
    exchange: Exchange = scope[_SCOPE_NAME]
    return exchange


def put_message(scope: Scope, message: dict[str, Any]) -> None:
    """Leave the message of a request where `message_in` finds it, as soon as its body is read."""
    scope[_MESSAGE] = message


def message_in(scope: Scope) -> dict[str, Any] | None:
    """Return the JSON-RPC message of a request; None before its body is read."""
    message: dict[str, Any] | None = scope.get(_MESSAGE)
    return message


def request_id_of(scope: Scope) -> str | int | None:
    """The id of the JSON-RPC request; None before its body is read, and where it is no request."""
    message = message_in(scope) or {}
    request_id: str | int | None = message.get("id") if "method" in message else None
    return request_id
