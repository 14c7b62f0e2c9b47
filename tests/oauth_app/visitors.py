"""A person's browser: pages of ours through Django's test client, ServiceNow's in the simulator."""

import asyncio
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from django.test import Client
from starlette.applications import Starlette

from tests.support.simulator_browser import sign_in_and_allow


class Visitor:
    """One browser, with cookies of its own."""

    def __init__(self, simulator: Starlette) -> None:
        self.client = Client()
        self._simulator = simulator

    def sign_in(self, user_name: str, *, next_path: str = "", allow: bool = True) -> Any:
        """Go all the way; returns the answer to ServiceNow's redirect."""
        return self.come_back(self.at_servicenow(self.begin(next_path), user_name, allow=allow))

    def begin(self, next_path: str = "") -> str:
        """Press the button; returns ServiceNow's address."""
        answer = self.client.get("/oauth/authorize", {"next": next_path} if next_path else {})
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def at_servicenow(self, address: str, user_name: str, *, allow: bool = True) -> dict[str, str]:
        """Sign in there and answer the consent page; returns what the redirect back carries."""
        back = asyncio.run(self._consented(address, user_name, allow=allow))
        return dict(parse_qsl(urlsplit(back).query))

    def come_back(self, returned: dict[str, str]) -> Any:
        """Follow ServiceNow's redirect to our callback."""
        return self.client.get("/oauth/callback", returned)

    async def _consented(self, address: str, user_name: str, *, allow: bool) -> str:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._simulator),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
        ) as http:
            return await sign_in_and_allow(http, address, user_name, allow=allow)
