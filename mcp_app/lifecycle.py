"""Running the MCP service for as long as an event loop lives.

It must be entered and left in one task, and daphne sends no lifespan events. So one long-lived
task an event loop owns it: started by the first request, or by
`lifespan.startup` where the server has that (uvicorn, granian, hypercorn), and stopped by
`lifespan.shutdown`, by Twisted before its reactor stops, or by `stop`.
"""

import asyncio
import sys
import weakref
from collections.abc import Awaitable, Callable

import structlog

from mcp_app.exceptions import ServiceStopping
from mcp_app.service import McpService

log = structlog.get_logger(__name__)


class _Run:
    """One service, running in a task of its own."""

    def __init__(self, service: McpService) -> None:
        self.service = service
        self._stopping = asyncio.Event()
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name="mcp-service")

    @property
    def is_over(self) -> bool:
        return self._task.done()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    async def _run(self) -> None:
        async with self.service.run():
            self._started.set_result(None)
            await self._stopping.wait()

    async def started(self) -> None:
        """Wait until the service takes requests; raise what kept it from starting."""
        await asyncio.wait([self._started, self._task], return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            self._task.result()

    def begin_to_stop(self) -> None:
        """Have the service end; returns at once."""
        self._stopping.set()

    async def stop(self) -> None:
        """End the service; calls that run may finish, or are cancelled and finish their records."""
        self.begin_to_stop()
        await asyncio.wait([self._task])


class Services:
    """One running service for each event loop of the process."""

    def __init__(
        self,
        make: Callable[[], McpService],
        *,
        after_stop: Callable[[], Awaitable[None]],
    ) -> None:
        self._make = make
        self._after_stop = after_stop
        self._runs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Run] = (
            weakref.WeakKeyDictionary()
        )

    async def current(self) -> McpService:
        """Return this event loop's service, running. Raises `ServiceStopping` while it ends."""
        loop = asyncio.get_running_loop()
        run = self._runs.get(loop)
        if run is None or run.is_over:
            run = self._runs[loop] = _Run(self._make())
            self._stop_with_twisted(loop)
        if run.is_stopping:
            raise ServiceStopping("The server is stopping")
        await run.started()
        return run.service

    def begin_to_stop(self) -> None:
        """Have this event loop's service end, if it runs; returns at once, for `stop` to wait."""
        run = self._runs.get(asyncio.get_running_loop())
        if run is not None:
            run.begin_to_stop()

    async def stop(self) -> None:
        """Stop this event loop's service, if it runs, and what requests have opened."""
        loop = asyncio.get_running_loop()
        run = self._runs.get(loop)
        if run is not None:
            await run.stop()
            self._runs.pop(loop, None)
        await self._after_stop()

    def _stop_with_twisted(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have daphne's reactor wait for `stop` before it ends, where it drives this loop."""
        reactor = sys.modules.get("twisted.internet.reactor")
        if reactor is None or getattr(reactor, "_asyncioEventloop", None) is not loop:
            return
        from twisted.internet.defer import Deferred  # noqa: PLC0415  # installs nothing if unused

        reactor.addSystemEventTrigger(
            "before", "shutdown", lambda: Deferred.fromFuture(loop.create_task(self.stop()))
        )
