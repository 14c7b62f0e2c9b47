"""One person with every kind of credential there is, got as people and clients get them."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from snmcp_project.demo.browser import Browser
from snmcp_project.demo.person import sign_in

REDIRECT: Final = "http://127.0.0.1:33418/callback"


def shared_web() -> httpx.AsyncClient:
    """Return connections that several browsers share: it keeps nobody's cookies."""
    return httpx.AsyncClient(
        timeout=30,
        limits=httpx.Limits(max_connections=None),
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
    )


class Refused(Exception):
    """A step towards a credential that did not work; carries what the server said."""


@dataclass
class Person:
    """Somebody's browser, and what they and their clients hold."""

    site: str
    user_name: str
    web: httpx.AsyncClient
    browser: Browser = field(init=False)
    client_id: str = ""
    registration_token: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    codes: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    access: list[str] = field(default_factory=list)
    refresh: list[str] = field(default_factory=list)
    reconnect: list[str] = field(default_factory=list)
    service_id: str = ""
    service_secret: str = ""
    service_tokens: list[str] = field(default_factory=list)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of their browser at the site."""
        return self.browser.cookies(self.site)

    def cookie_header(self) -> str:
        """The same as a header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def sign_in(self) -> None:
        """Sign in with ServiceNow, in a browser that has not been there before."""
        self.browser = Browser(self.web, stop_at=REDIRECT)
        await self.browser.open(f"{self.site}/oauth/authorize")
        ended_at = await sign_in(self.browser, self.user_name)
        if not ended_at.endswith("/connection"):
            raise Refused(f"{self.user_name} ended at {ended_at}")

    async def get_everything(self) -> None:
        """Sign in and get one of each kind, the code last: it lives for a minute."""
        await self.sign_in()
        await self.register_client()
        await self.exchange(await self.get_code())
        await self.refresh_once()
        await self.make_reconnect_token()
        await self.make_service_principal()
        await self.get_service_token()
        await self.get_code()

    async def register_client(self) -> None:
        """Let an MCP client register itself."""
        wanted = {
            "client_name": f"Proof of {self.user_name}",
            "redirect_uris": [REDIRECT],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        }
        answer = _good(await self.web.post(f"{self.site}/o/register/", json=wanted), 201)
        self.client_id = answer["client_id"]
        self.registration_token = str(answer.get("registration_access_token", ""))

    async def get_code(self) -> str:
        """Allow the client and return the code that it gets."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.states.append(secrets.token_urlsafe(24))
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": REDIRECT,
            "scope": "mcp:read mcp:write",
            "state": self.states[-1],
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "resource": f"{self.site}/mcp",
        }
        await self.browser.open(f"{self.site}/o/authorize/?{urlencode(asked)}")
        address = await self.browser.submit(button="Allow")
        self.codes.append(dict(parse_qsl(urlsplit(address).query))["code"])
        return self.codes[-1]

    async def exchange(self, code: str, *, at: str = "") -> httpx.Response:
        """Exchange a code for tokens, at another server where one is named."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "client_id": self.client_id,
            "code_verifier": self.verifier,
        }
        return self._kept(await self.web.post(f"{at or self.site}/o/token/", data=asked))

    async def refresh_once(self, *, at: str = "") -> httpx.Response:
        """Exchange the newest refresh token."""
        asked = {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh[-1],
            "client_id": self.client_id,
        }
        return self._kept(await self.web.post(f"{at or self.site}/o/token/", data=asked))

    async def make_reconnect_token(self) -> str:
        """Make a reconnect token for oneself."""
        answer = await self.ask_for_reconnect_token("POST", {"name": "Proof", "access": "write"})
        self.reconnect.append(str(_good(answer, 201)["reconnect_token"]))
        return self.reconnect[-1]

    async def revoke(self, token: str, *, at: str = "") -> httpx.Response:
        """Revoke one of one's reconnect tokens, at any server."""
        return await self.ask_for_reconnect_token("DELETE", {"reconnect_token": token}, at=at)

    async def ask_for_reconnect_token(
        self, method: str, asked: dict[str, Any], *, at: str = ""
    ) -> httpx.Response:
        """Ask the address at which people make and revoke reconnect tokens."""
        headers = {
            "Cookie": self.cookie_header(),
            "X-CSRFToken": self.cookies["csrftoken"],
            "Origin": self.site,
        }
        address = f"{at or self.site}/oauth/reconnect-token"
        return await self.web.request(method, address, json=asked, headers=headers)

    async def make_service_principal(self) -> None:
        """Make a program that works on its own, and read its secret off the page."""
        await self.browser.open(f"{self.site}/connection/services")
        await self.browser.submit({"name": "Proof"}, button="Make service principal")
        shown = re.findall(r"<code[^>]*>([^<]+)</code>", self.browser.page_text)
        self.service_id, self.service_secret = shown[:2]

    async def get_service_token(self, *, at: str = "") -> httpx.Response:
        """Let that program get a token."""
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.service_id,
            "client_secret": self.service_secret,
        }
        answer = await self.web.post(f"{at or self.site}/o/token/", data=asked)
        if answer.status_code == 200:
            self.service_tokens.append(answer.json()["access_token"])
        return answer

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 200:
            body = answer.json()
            self.access.append(body["access_token"])
            self.refresh.append(body["refresh_token"])
        return answer


def _good(answer: httpx.Response, status: int) -> dict[str, Any]:
    if answer.status_code != status:
        raise Refused(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")
    found: dict[str, Any] = answer.json()
    return found
