"""Steps that many tests of the simulator begin with."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from starlette.applications import Starlette

from simulator.oauth.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REDIRECT_URI
from tests.support.simulator_browser import sign_in_and_allow

BASE = "http://instance.test"
REFUSED = {"error_description": "access_denied", "error": "server_error"}


def without_cookies(app: Starlette) -> httpx.AsyncClient:
    """A client of an application in this process; it stores and sends no cookies."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=BASE,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
    )


def authorization_url(**changes: str | None) -> str:
    """The address a client sends the browser to; a `None` leaves a parameter out."""
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": DEMO_CLIENT_ID,
        "redirect_uri": DEMO_REDIRECT_URI,
        "state": "the-state",
        **changes,
    }
    return f"{BASE}/oauth_auth.do?" + urlencode({k: v for k, v in asked.items() if v is not None})


def answer(url: str) -> dict[str, str]:
    """The parameters of the redirect back to the client."""
    return dict(parse_qsl(urlsplit(url).query))


async def code_of(http: httpx.AsyncClient, user_name: str = "abel.tuter", **changes: str) -> str:
    """A code that a person allowed."""
    back = await sign_in_and_allow(http, authorization_url(**changes), user_name)
    return answer(back)["code"]


async def exchange(http: httpx.AsyncClient, **changes: str | None) -> httpx.Response:
    """A request to the token endpoint, by default of the demo's client with a code."""
    fields: dict[str, str | None] = {
        "grant_type": "authorization_code",
        "client_id": DEMO_CLIENT_ID,
        "client_secret": DEMO_CLIENT_SECRET,
        "redirect_uri": DEMO_REDIRECT_URI,
        **changes,
    }
    form = {name: value for name, value in fields.items() if value is not None}
    return await http.post("/oauth_token.do", data=form)


async def refreshed(http: httpx.AsyncClient, refresh_token: str) -> httpx.Response:
    """A refresh by the demo's client."""
    return await exchange(
        http, grant_type="refresh_token", refresh_token=refresh_token, redirect_uri=None
    )


async def tokens_of(http: httpx.AsyncClient, user_name: str = "abel.tuter") -> dict[str, Any]:
    """The tokens after a whole sign-in."""
    response = await exchange(http, code=await code_of(http, user_name))
    assert response.status_code == 200, response.text
    facts: dict[str, Any] = response.json()
    return facts


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    """The header that shows an access token."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def current_user(http: httpx.AsyncClient, *, headers: dict[str, str]) -> httpx.Response:
    """Who the instance says is calling."""
    return await http.get("/api/now/ui/user/current_user", headers=headers)
