"""What the server may say to a client while it works on one of its requests."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.exceptions import MCPError, NoBackChannelError
from mcp_types import REQUEST_TIMEOUT

from mcp_app.sessions.questions import Questions
from mcp_app.wire.http import HttpExchange
from mcp_app.wire.messages import Message, notification_of, request_of
from mcp_app.wire.sdk import (
    CallOptions,
    ServerMessageMetadata,
    TransportContext,
    progress_token_from_params,
)


@dataclass(frozen=True)
class Asking:
    """The means to ask the client of a session something, and where its answers arrive."""

    session: str
    questions: Questions


class Conversation:
    """One request, as the SDK's kernel sees it (its `DispatchContext`).

    Notifications and questions go out on the answer to this very request. A client that does not
    read streams hears no notifications and is asked nothing.
    """

    def __init__(
        self, exchange: HttpExchange, message: Message, *, asking: Asking | None = None
    ) -> None:
        self.request_id: str | int = message["id"]
        self.message_metadata = ServerMessageMetadata(request_context=exchange.request)
        self.cancel_requested = anyio.Event()
        self._takes_events = exchange.takes_events
        self._asking = asking
        self._progress_token = progress_token_from_params(message.get("params"))
        self._said: MemoryObjectSendStream[Message]
        self.said: MemoryObjectReceiveStream[Message]
        self._said, self.said = anyio.create_memory_object_stream[Message](0)
        self.transport = TransportContext(
            kind="streamable-http",
            can_send_request=self.can_send_request,
            headers=exchange.request.headers,
        )

    @property
    def can_send_request(self) -> bool:
        """Whether the client can be asked something."""
        return self._asking is not None and self._takes_events

    async def notify(
        self,
        method: str,
        params: Mapping[str, Any] | None,
        opts: CallOptions | None = None,  # noqa: ARG002  # the SDK's signature
    ) -> None:
        """Send a notification, if the client reads such."""
        if self._takes_events:
            await self._say(notification_of(method, params))

    async def progress(
        self, progress: float, total: float | None = None, message: str | None = None
    ) -> None:
        """Report progress, if the client asked for it."""
        if self._progress_token is None:
            return
        told = {"progressToken": self._progress_token, "progress": progress}
        extra = {"total": total, "message": message}
        present = {name: value for name, value in extra.items() if value is not None}
        await self.notify("notifications/progress", {**told, **present})

    async def send_raw_request(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        """Ask the client and return its answer.

        Raises `MCPError` for its error or if it takes longer than `opts` allows, and
        `NoBackChannelError` where it cannot be asked.
        """
        if self._asking is None or not self._takes_events:
            raise NoBackChannelError(method)
        options = opts or {}
        asked = self._asking.questions.asked(self._asking.session, options.get("on_progress"))
        with asked as question:
            token = {"progressToken": question.id} if question.on_progress else {}
            await self._say(request_of(question.id, method, _with_meta(params, token)))
            try:
                async with asyncio.timeout(options.get("timeout")):
                    return await question.answer
            except TimeoutError:
                await self._withdraw(question.id)
                raise MCPError(REQUEST_TIMEOUT, f"Request {method!r} timed out") from None

    async def _withdraw(self, question_id: str) -> None:
        told = {"requestId": question_id, "reason": "timed out"}
        await self._say(notification_of("notifications/cancelled", told))

    async def _say(self, message: Message) -> None:
        with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            await self._said.send(message)

    def close(self) -> None:
        """Nothing more will be said."""
        self._said.close()


def _with_meta(
    params: Mapping[str, Any] | None, extra: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    if not extra:
        return params
    meta = {**((params or {}).get("_meta") or {}), **extra}
    return {**(params or {}), "_meta": meta}
