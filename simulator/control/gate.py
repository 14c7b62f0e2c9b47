"""Who may use the admin API, and who may open the console."""

from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.console.gate import ConsoleGate
from simulator.console.parts import ADDRESS

TOKEN_HEADER = "X-Simulator-Token"  # noqa: S105  # the name of a header
ADMIN_PATH = "/simulator/"


class AdminGate:
    """Lets only those at the admin API who may use it.

    Whoever knows the token, where there is one; never a page in somebody's browser, which could
    reach a loopback port from any site: browsers always name the origin of such a request.
    """

    def __init__(self, app: ASGIApp, *, admin_token: str | None) -> None:
        self._app = app
        self._token = admin_token
        self._console = ConsoleGate(admin_token=admin_token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 403."""
        if scope["type"] == "http" and is_console(scope["path"]):
            refusal = await self._console.refusal(scope, receive)
            await (refusal or self._app)(scope, receive, send)
            return
        is_admin_call = scope["type"] == "http" and scope["path"].startswith(ADMIN_PATH)
        if is_admin_call and not self._admits(Headers(scope=scope)):
            await failure(403, "The admin API needs its token")(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _admits(self, headers: Headers) -> bool:
        if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
            return False
        given = headers.get(TOKEN_HEADER, "")
        return self._token is None or compare_digest(given.encode(), self._token.encode())


def is_console(path: str) -> bool:
    """Whether a path is one of the console's pages, for people with a browser."""
    return path == ADDRESS or path.startswith(f"{ADDRESS}/")


def failure(status: int, sentence: str) -> JSONResponse:
    """The admin API's own way to say no."""
    return JSONResponse({"error": sentence}, status_code=status)
