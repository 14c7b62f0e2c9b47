"""Sessions of browsers and of API callers: the `JSESSIONID` cookie."""

import hmac
import secrets
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import Scope

COOKIE = "JSESSIONID"
KEPT_SESSIONS = 10_000


class Sessions:
    """Who is behind a session id. In memory: a restart signs every browser out."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, str] = OrderedDict()
        self._of_api: dict[str, str] = {}
        self._secret = secrets.token_bytes(32)

    def begin(self, user: str) -> str:
        """A new session of a person (a sys_id); its id."""
        session = secrets.token_hex(16).upper()
        self._people[session] = user
        while len(self._people) > KEPT_SESSIONS:
            self._people.popitem(last=False)
        return session

    def of_api(self, user: str) -> str:
        """The one session of a person's API calls."""
        session = self._of_api.get(user)
        if session is None or session not in self._people:
            session = self._of_api[user] = self.begin(user)
        return session

    def person(self, session: str) -> str | None:
        """The sys_id of the person a session belongs to."""
        return self._people.get(session)

    def token(self, session: str) -> str:
        """The CSRF token of a session (`g_ck`): 72 hex digits, which its pages know."""
        return hmac.digest(self._secret, session.encode(), "sha512").hex()[:72]

    def end(self, session: str) -> None:
        """Sign a session out."""
        self._people.pop(session, None)

    def clear(self) -> None:
        """Sign everybody out."""
        self._people.clear()
        self._of_api.clear()


def presented(scope: Scope) -> str:
    """The session id that a request brings, or an empty text."""
    try:
        cookie = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookie[COOKIE].value if COOKIE in cookie else ""


def set_cookies(session: str, *, https: bool) -> list[str]:
    """Every `Set-Cookie` of a new API session: itself, its node, activity, store."""
    traits = f"Path=/; HttpOnly; SameSite={'None; Secure' if https else 'Lax'}"
    node = hmac.digest(b"node", session.encode(), "md5").hex()
    return [
        set_cookie(session, https=https),
        f"glide_user_route=glide.{node}; {traits}",
        f"glide_user_activity={hmac.digest(b'activity', session.encode(), 'md5').hex()}; {traits}",
        f"glide_session_store={hmac.digest(b'store', session.encode(), 'md5').hex()}; {traits}",
    ]


def set_cookie(session: str, *, https: bool) -> str:
    """The `Set-Cookie` value; the real thing's attributes where the scheme allows them."""
    return f"{COOKIE}={session}; Path=/; HttpOnly; SameSite={'None; Secure' if https else 'Lax'}"
