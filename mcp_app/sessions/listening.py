"""`subscriptions/listen` (2026-07-28): the SDK's, with a bound for each person."""

from collections import Counter
from typing import Any, Final

from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import ListenHandler, SubscriptionBus
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_REQUEST, SubscriptionsListenRequestParams, SubscriptionsListenResult

from mcp_app.auth import credential_of
from mcp_app.database_threads import only_waiting

# A person's clients each hold one open; without a bound one person could take all there are.
MOST_OF_A_PERSON: Final = 32


class Listening:
    """Serves the listening streams of one worker."""

    def __init__(self, changes: SubscriptionBus) -> None:
        self._listen = ListenHandler(changes)
        self._open: Counter[int] = Counter()

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """Hold one stream open. Raises `MCPError` where its person has too many."""
        assert ctx.request is not None  # noqa: S101  # the HTTP transport always sets it
        user_id = credential_of(ctx.request.scope).user_id
        if self._open[user_id] >= MOST_OF_A_PERSON:
            raise MCPError(INVALID_REQUEST, f"Only {MOST_OF_A_PERSON} streams may be open at once")
        self._open[user_id] += 1
        only_waiting()
        try:
            return await self._listen(ctx, params)
        finally:
            self._open[user_id] -= 1
            if not self._open[user_id]:
                del self._open[user_id]

    def end(self) -> None:
        """End every stream in the way that tells its client so."""
        self._listen.close()
