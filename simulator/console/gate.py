"""Who may open the console: a browser at this machine, or one that has shown the admin token.

Without a token the simulator listens on loopback only. A site elsewhere can still let a browser
here send requests, or give its own name this machine's address: so the host asked for must be this
machine, and what changes anything must come from a page of the console.
"""

import secrets
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope

from simulator.console.parts import ADDRESS
from simulator.pages.templates import Html, fill, message_page, page

COOKIE = "SIMULATOR_CONSOLE"
SIGN_IN = f"{ADDRESS}/sign-in"
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD"})
_KEPT = 100


class ConsoleGate:
    """Decides about requests for the console; answers those it does not let through."""

    def __init__(self, *, admin_token: str | None) -> None:
        self._token = admin_token
        self._open: list[str] = []

    async def refusal(self, scope: Scope, receive: Receive) -> Response | None:
        """The answer to a request that may not pass, or to the sign-in; None: it may pass."""
        headers = Headers(scope=scope)
        if scope["method"] not in _SAFE and not _is_from_the_console(scope, headers):
            return _refused("This request did not come from a page of the console.")
        if self._token is None:
            if _is_this_machine(headers):
                return None
            return _refused("Without an admin token the console opens only on this machine.")
        if scope["path"] == SIGN_IN:
            return await self._sign_in(Request(scope, receive))
        if _cookie(headers) in self._open:
            return None
        return RedirectResponse(SIGN_IN, status_code=303)

    async def _sign_in(self, request: Request) -> Response:
        if request.method in _SAFE:
            return _form(failed=False)
        given = dict(parse_qsl((await request.body()).decode("utf-8", errors="replace")))
        if not compare_digest(given.get("token", "").encode(), (self._token or "").encode()):
            return _form(failed=True)
        session = secrets.token_urlsafe(32)
        self._open = [*self._open[-_KEPT:], session]
        answer = RedirectResponse(ADDRESS, status_code=303)
        answer.set_cookie(
            COOKIE,
            session,
            path=ADDRESS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer


def _is_from_the_console(scope: Scope, headers: Headers) -> bool:
    """Browsers name the origin of everything that is not a plain GET."""
    return headers.get("origin") == f"{scope['scheme']}://{headers.get('host', '')}"


def _is_this_machine(headers: Headers) -> bool:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname in _THIS_MACHINE
    except ValueError:
        return False


def _cookie(headers: Headers) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookie[COOKIE].value if COOKIE in cookie else ""


def _form(*, failed: bool) -> Response:
    failure = Html('<p class="failure" role="alert">That is not the token.</p>' if failed else "")
    return page(
        fill("console_sign_in", failure=failure), title="Console", status=403 if failed else 200
    )


def _refused(sentence: str) -> Response:
    return message_page("Not here", sentence=sentence, status=403)
