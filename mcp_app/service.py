"""An MCP server at work on one event loop, with this worker's part of all sessions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.models import InitializationOptions

from mcp_app.sessions.changes import Changes
from mcp_app.sessions.worker import Worker

_WHAT_CHANGES = NotificationOptions(
    prompts_changed=True, resources_changed=True, tools_changed=True
)

# Often enough for proxies that end a quiet connection after 20 or 30 seconds.
COMMENT_SECONDS = 15.0
# An answer that takes longer than most begins as a stream, where the client reads such.
HEAD_SECONDS = 2.0
# What runs when the server is told to stop may go on this long; containers are killed after 10.
PATIENCE_SECONDS = 8.0
# As long as a record of a call may take.
_RECORDS_SECONDS = 10.0

MakeServer = Callable[[Changes], Server[Any]]


class McpService:
    """Serves messages between `run` and its end."""

    def __init__(
        self,
        make_server: MakeServer,
        *,
        comment_seconds: float = COMMENT_SECONDS,
        head_seconds: float = HEAD_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.worker = Worker()
        self.comment_seconds = comment_seconds
        self.head_seconds = head_seconds
        self.patience_seconds = patience_seconds
        self.server = make_server(self.worker.changes)
        self.lifespan_state: Any = None
        # To clients of the handshake revisions; those of 2026-07-28 read it from what is served.
        self.init_options = self.server.create_initialization_options(_WHAT_CHANGES)
        self.options_without_session = _without_session(self.server)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Take requests inside; at the end, what runs may finish, if it does not take too long.

        Waits a moment for the line to the other workers, not for ever: without Redis each worker
        serves its own clients.
        """
        async with self.server.lifespan(self.server) as self.lifespan_state:
            listening = asyncio.create_task(self.worker.relay.listen(), name="mcp-relay")
            await self.worker.relay.tried()
            try:
                yield
            finally:
                await self.worker.stop(
                    patience_seconds=self.patience_seconds, records_seconds=_RECORDS_SECONDS
                )
                listening.cancel()
                await asyncio.wait([listening])


def _without_session(server: Server[Any]) -> InitializationOptions:
    """What is said where no session is kept: nothing can be told there but answers."""
    options = server.create_initialization_options()
    if options.capabilities.resources is not None:
        options.capabilities.resources.subscribe = False
    return options
