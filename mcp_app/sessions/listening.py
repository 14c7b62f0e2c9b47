"""`subscriptions/listen` (2026-07-28): the SDK's, with a bound for each person."""

import asyncio
from collections import Counter
from typing import Any, Final

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import ListenHandler
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_REQUEST, SubscriptionsListenRequestParams, SubscriptionsListenResult
from starlette.types import Scope

from mcp_app.auth import credential_of
from mcp_app.database_threads import only_waiting
from mcp_app.sessions.changes import Changes
from mcp_app.sessions.revoked import CHECK_SECONDS, until_revoked

# A person's clients each hold one open; without a bound one person could take all there are.
MOST_OF_A_PERSON: Final = 32


class Listening:
    """Serves the listening streams of one worker; they end, and say so, with its `changes`."""

    def __init__(self, changes: Changes, *, check_seconds: float = CHECK_SECONDS) -> None:
        self._listen = ListenHandler(changes)
        changes.at_the_end(self._listen.close)
        self._check_seconds = check_seconds
        self._open: Counter[int] = Counter()

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """Hold one stream open.

        Raises `MCPError` where its person has too many, and when its credential has ended.
        """
        assert ctx.request is not None  # noqa: S101  # the HTTP transport always sets it
        user_id = credential_of(ctx.request.scope).user_id
        if self._open[user_id] >= MOST_OF_A_PERSON:
            raise MCPError(INVALID_REQUEST, f"Only {MOST_OF_A_PERSON} streams may be open at once")
        self._open[user_id] += 1
        only_waiting()
        try:
            return await self._listen_until_revoked(ctx, params, scope=ctx.request.scope)
        finally:
            self._open[user_id] -= 1
            if not self._open[user_id]:
                del self._open[user_id]

    async def _listen_until_revoked(
        self,
        ctx: ServerRequestContext[Any, Any],
        params: SubscriptionsListenRequestParams,
        *,
        scope: Scope,
    ) -> SubscriptionsListenResult:
        with anyio.CancelScope() as listening:

            async def end_with_credential() -> None:
                await until_revoked(scope, every=self._check_seconds)
                listening.cancel()

            watching = asyncio.create_task(end_with_credential())
            try:
                return await self._listen(ctx, params)
            finally:
                watching.cancel()
        raise MCPError(INVALID_REQUEST, "The credential that opened this stream has ended")
