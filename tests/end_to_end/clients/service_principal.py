"""ServiceNow's client on its own, with client credentials: a person makes a service principal."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from urllib.parse import urljoin

import httpx

from snmcp_project.demo.browser import Browser
from snmcp_project.demo.person import sign_in
from tests.end_to_end.clients.by_hand import SERVICENOW_ALONE, ByHand
from tests.end_to_end.clients.stage import Call, Person, Stage

SHOWN_ONCE = re.compile(r"<code>([^<]+)</code>")


@asynccontextmanager
async def service_principal(stage: Stage, person: Person) -> AsyncIterator[Call]:
    """Connect with the token of a service principal that the person makes first."""
    async with httpx.AsyncClient(timeout=60) as http:
        client_id, secret, token_url, mcp = await _made(stage, person)
        assert mcp == stage.mcp
        asked = {"grant_type": "client_credentials", "scope": "mcp:read,mcp:write"}
        answer = await http.post(token_url, data=asked, auth=(client_id, secret))
        token = answer.raise_for_status().json()["access_token"]
        client = ByHand(SERVICENOW_ALONE, mcp, person, http)
        client.headers["Authorization"] = f"Bearer {token}"
        await client.open()
        yield client.call


async def _made(stage: Stage, person: Person) -> list[str]:
    """Sign in on the web and fill in the form; returns what the page shows this once."""
    page = urljoin(stage.mcp, "/oauth/authorize?next=/connection/services")
    person.opened.append(page)
    async with httpx.AsyncClient(timeout=30) as http:
        browser = Browser(http)
        await browser.open(page)
        await sign_in(browser, person.user_name)
        await browser.submit(
            {"name": "Nightly report", "access": "write"}, button="Make service principal"
        )
        return [unescape(shown) for shown in SHOWN_ONCE.findall(browser.page_text)[:4]]
