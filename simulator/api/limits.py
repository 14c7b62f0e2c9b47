"""What bounds an API request: the hour's rate, the time it may take, how many run at once.

And what stops every request: an instance that hibernates or is under maintenance.
"""

from collections import Counter

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.api.calls import ApiCall, call_of, is_within, unversioned
from simulator.api.rate_limits import Limited, counted
from simulator.control.fault_answers import TIMED_OUT, answer_of, error
from simulator.instance import Instance
from simulator.world import World

BATCH_PATH = "now/batch"

_MAINTENANCE = (
    "<html><head><title>Maintenance</title></head>"
    "<body><h1>The instance is undergoing maintenance</h1></body></html>"
)


class ClosedMiddleware:
    """Answers everything but the admin API itself while the instance sleeps or is maintained."""

    def __init__(self, app: ASGIApp, *, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while the instance is open."""
        closed = self._page(scope) if scope["type"] == "http" else None
        await (closed or self._app)(scope, receive, send)

    def _page(self, scope: Scope) -> Response | None:
        path: str = scope["path"]
        if path.startswith("/simulator/"):
            return None
        if self._world.switches.maintenance:
            return HTMLResponse(_MAINTENANCE, status_code=503)
        if self._world.switches.hibernating:
            return answer_of(
                "html_hibernating",
                path=path,
                processed=b"",
                now=self._world.clock(),
                retry_after=None,
                limit=0,
            )
        return None


class LimitMiddleware:
    """Stands behind authentication: who acts is known."""

    def __init__(self, app: ASGIApp, *, world: World) -> None:
        self._app = app
        self._world = world
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within its limits, or answer 429, or 500 once it took too long."""
        user = scope.get("snow_user") if scope["type"] == "http" else None
        person = self._world.instance.person(user) if user else None
        if person is None:
            await self._app(scope, receive, send)
            return
        call = call_of(scope)
        limited = counted(self._world.instance, call, person)
        # An item of a batch runs inside the transaction of the batch.
        running = 0 if "snow_only" in scope else self._running[person.sys_id]
        refusal = self._refusal(limited, running=running)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._running[person.sys_id] += 1
        try:
            await self._app(scope, receive, self._within(call, limited, send))
        finally:
            self._running[person.sys_id] -= 1

    def _refusal(self, limited: Limited | None, *, running: int) -> Response | None:
        if limited is not None and limited.is_exceeded:
            return error(
                429,
                message="Rate limit exceeded",
                detail=limited.sentence,
                headers={**limited.headers(), "X-Is-Logged-In": "true"},
            )
        switches = self._world.switches
        if 0 < switches.concurrent_requests <= running:
            detail = "The number of concurrent requests for this session is exceeded"
            return error(switches.concurrency_status, message="Too Many Requests", detail=detail)
        return None

    def _within(self, call: ApiCall, limited: Limited | None, send: Send) -> Send:
        """A `send` that adds the headers of the limit, and cancels what took too long.

        What was written by then stays written.
        """
        started, seconds = self._world.elapsed(), quota_seconds(self._world.instance, call)
        if is_within(call.path, BATCH_PATH):
            seconds = None  # a batch ends by itself and names what it has not run
        cancelled = False

        async def sent(message: Message) -> None:
            nonlocal cancelled
            if message["type"] == "http.response.start":
                if seconds is not None and self._world.elapsed() - started > seconds:
                    cancelled = True
                    await _send_cancelled(send)
                elif limited is not None:
                    MutableHeaders(scope=message).update(limited.headers())
            if not cancelled:
                await send(message)

        return sent


def quota_seconds(instance: Instance, call: ApiCall) -> float | None:
    """How many seconds the first transaction quota rule for a call allows; None: any number."""
    rows = instance.store.rows(
        'SELECT "url", "max_duration" FROM "sysrule_quota"'
        ' WHERE "active" = \'true\' AND "type" = \'rest\' AND "max_duration" > 0'
        ' ORDER BY "order"'
    )
    for url, longest in rows:
        if is_within(call.path, unversioned(url)[0]):
            return float(longest)
    return None


async def _send_cancelled(send: Send) -> None:
    answer = error(500, message=TIMED_OUT, detail=f"{TIMED_OUT}. Check logs for error trace.")
    await send(
        {"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers}
    )
    await send({"type": "http.response.body", "body": answer.body})
