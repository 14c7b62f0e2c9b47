"""Who may use the admin API, and who may open the console."""

from contextlib import suppress
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.console.gate import ConsoleGate
from simulator.console.parts import ADDRESS

TOKEN_HEADER = "X-Simulator-Token"  # noqa: S105  # the name of a header
ADMIN_PATH = "/simulator/"
# Top-level names that are kept for tests and for networks of one's own (RFC 2606, RFC 6762, ICANN).
_NOBODYS = frozenset({"test", "example", "invalid", "localhost", "local", "internal"})


class AdminGate:
    """Lets only those at the admin API who may use it.

    Whoever knows the token, where there is one; never a page in somebody's browser, which could
    reach a loopback port from any site: browsers name the origin of such a request. They do not
    where a site has let its own name mean this machine, so without a token such a name is refused.
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
        if self._token is None:
            return not _may_be_anybodys(headers.get("host", ""))
        return compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode())


def _may_be_anybodys(host: str) -> bool:
    """Whether a host is a name that somebody can own: no address, no bare and no reserved name."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return True
    with suppress(ValueError):
        ip_address(name)
        return False
    labels = name.rstrip(".").split(".")
    return len(labels) > 1 and labels[-1] not in _NOBODYS


def is_console(path: str) -> bool:
    """Whether a path is one of the console's pages, for people with a browser."""
    return path == ADDRESS or path.startswith(f"{ADDRESS}/")


def failure(status: int, sentence: str) -> JSONResponse:
    """The admin API's own way to say no."""
    return JSONResponse({"error": sentence}, status_code=status)
