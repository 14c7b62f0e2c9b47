"""Serving one request: the kernel works, and its answer leaves as JSON or as the end of a stream.

JSON where nothing has to be said before the answer; a stream as soon as something has, or when
the answer takes long. A client that reads no streams waits for its JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.server.models import InitializationOptions
from mcp_types import ErrorData
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.types import Scope

from mcp_app.exchange import exchange_of
from mcp_app.service import McpService
from mcp_app.wire.conversation import Conversation
from mcp_app.wire.http import EventStream, HttpExchange
from mcp_app.wire.messages import Message, error_of, result_of
from mcp_app.wire.sdk import Connection, ServerRunner, aclose_shielded, modern_error_data

# Implementations of the handshake revisions agree on the code that editors use for this (LSP).
REQUEST_CANCELLED = -32800
# Clients of older revisions may name streams and not read them; these do. The OAuth client of the
# Python SDK sends nothing else, no `cancelled` either, until the head of an answer is there.
_READ_STREAMS = frozenset({"2025-11-25", *MODERN_PROTOCOL_VERSIONS})


@dataclass(frozen=True)
class Serving:
    """What one request is served with."""

    service: McpService
    connection: Connection
    conversation: Conversation
    message: Message
    session: str = ""
    error_statuses: Mapping[int, int] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """The ASGI scope of the request."""
        scope: Scope = self.conversation.message_metadata.request_context.scope
        return scope

    @property
    def init_options(self) -> InitializationOptions:
        """What `initialize` says that this server can."""
        return self.service.init_options

    async def reply(self) -> Message:
        """Have the kernel answer. What it raises becomes an error; nothing else of it leaves."""
        id_, method = self.message["id"], self.message["method"]
        requests = self.service.worker.requests
        reply = error_of(id_, ErrorData(code=REQUEST_CANCELLED, message="Request cancelled"))
        with requests.running(self.session, id_):
            try:
                result = await self._worked(method, self.message.get("params"))
                reply = result_of(id_, result)
            except Exception as failure:  # noqa: BLE001  # every failure has an answer
                reply = error_of(id_, modern_error_data(failure))
        return reply

    async def _worked(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        service, connection = self.service, self.connection
        runner: ServerRunner[Any] = ServerRunner(
            service.server,
            connection,
            service.lifespan_state,
            init_options=self.init_options,
        )
        try:
            return await runner.on_request(self.conversation, method, params)
        finally:
            await aclose_shielded(connection)

    async def headers_of(self, reply: Message) -> Mapping[str, str]:  # noqa: ARG002  # for others
        """The headers that come with a reply."""
        return {}

    @property
    def head_seconds(self) -> float:
        """How long the client waits for the head of an answer."""
        reads_streams = self.connection.protocol_version in _READ_STREAMS
        return self.service.head_seconds if reads_streams else self.service.comment_seconds

    def status_of(self, reply: Message) -> int:
        """The HTTP status of a reply that is not streamed: what the call wants, if it does."""
        by_code = self.error_statuses.get(reply["error"]["code"], 200) if "error" in reply else 200
        return exchange_of(self.scope).status or by_code


async def serve(exchange: HttpExchange, serving: Serving) -> None:
    """Serve the request of an exchange; the work ends early if its client leaves."""
    replies: list[Message] = []
    stream = EventStream(exchange)

    async def work() -> None:
        try:
            replies.append(await serving.reply())
        finally:
            serving.conversation.close()

    async def leave_with_client() -> None:
        await exchange.gone()
        replies.clear()
        group.cancel_scope.cancel()

    with serving.conversation.said:
        async with anyio.create_task_group() as group:
            group.start_soon(work)
            group.start_soon(leave_with_client)
            await _say_what_comes_first(exchange, serving, stream)
            group.cancel_scope.cancel()
    if replies:
        await _end(exchange, serving, stream, reply=replies[0])


async def _say_what_comes_first(
    exchange: HttpExchange, serving: Serving, stream: EventStream
) -> None:
    """Stream what is said before the reply is there; comment on silence."""
    while True:
        patience = serving.service.comment_seconds if stream.is_open else serving.head_seconds
        with anyio.move_on_after(patience) as waiting:
            try:
                said = await serving.conversation.said.receive()
            except anyio.EndOfStream:
                return
        if not waiting.cancelled_caught:
            await stream.tell(said)
        elif exchange.takes_events:
            await stream.comment()


async def _end(
    exchange: HttpExchange, serving: Serving, stream: EventStream, *, reply: Message
) -> None:
    if stream.is_open:
        await stream.end(reply)
        return
    status, headers = serving.status_of(reply), await serving.headers_of(reply)
    if exchange.takes_only_events and status == 200:
        await EventStream(exchange, headers=headers).end(reply)
    else:
        await exchange.answer(reply, status=status, headers=headers)
