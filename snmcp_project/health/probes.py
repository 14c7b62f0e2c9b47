"""`/livez`, `/readyz` and `/health`, answered before Django: what probes send is no visitor's.

They name the server by its address, so Host is not looked at; there is no session, no redirect to
https, and no thread that waits for the database has to be free. What is told is the same for all.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import path
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from snmcp_project.health.examination import Examination, examination
from snmcp_project.health.findings import Status

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_RETRY_AFTER_SECONDS = "5"
_METHODS = ("GET", "HEAD")


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that this process answers; nothing else is touched."""
    await _answer(scope, told={"status": Status.HEALTHY.value})(scope, receive, send)


class Ready:
    """Says whether requests should come here: 503 where nothing can be served."""

    def __init__(self, examination: Examination) -> None:
        self._examination = examination

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one probe."""
        health = await self._examination.health()
        status = 503 if health.status is Status.UNHEALTHY else 200
        await _answer(scope, told=health.told(), status=status)(scope, receive, send)


def _answer(scope: Scope, *, told: Mapping[str, Any], status: int = 200) -> Response:
    if scope["method"] not in _METHODS:
        return Response(status_code=405, headers={**_HEADERS, "Allow": ", ".join(_METHODS)})
    headers = {**_HEADERS, "Retry-After": _RETRY_AFTER_SECONDS} if status == 503 else _HEADERS
    answer = JSONResponse(told, status_code=status, headers=headers)
    if scope["method"] == "HEAD":
        answer.body = b""
    return answer


ready = Ready(examination)
urlpatterns = [
    path("livez", live),  # type: ignore[arg-type]  # Channels routes to ASGI applications
    path("readyz", ready),  # type: ignore[arg-type]  # the same
    path("health", ready),  # type: ignore[arg-type]  # the same
]
