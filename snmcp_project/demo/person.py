"""A demo person who signs in at the simulated ServiceNow and connects an MCP client."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import httpx
from mcp.shared.auth import AuthorizationCodeResult

from snmcp_project.demo.browser import Browser

PASSWORD = "demo"  # noqa: S105  # everybody's in the simulator, and printed by the demo


async def sign_in(browser: Browser, user_name: str) -> str:
    """Go from the simulator's sign-in page through its consent; returns where that leads."""
    entered = {"user_name": user_name, "user_password": PASSWORD}
    await browser.submit(entered, button="Sign in")
    return await browser.submit(button="Allow")


async def allow_client(
    authorization_url: str,
    user_name: str,
    *,
    redirect_uri: str = "",
    choices: Mapping[str, str] | None = None,
) -> str:
    """Open a client's authorization URL as `user_name`, sign in, and allow the client.

    `choices` are what they change in the consent form. Returns the address the browser ends at:
    the client's, with code and state. It is not opened if it begins with `redirect_uri`.
    """
    async with httpx.AsyncClient(timeout=30) as http:
        browser = Browser(http, stop_at=redirect_uri)
        await browser.open(authorization_url)
        await sign_in(browser, user_name)
        return await browser.submit(choices, button="Allow")


def authorization_result(address: str) -> AuthorizationCodeResult:
    """Read code, state and issuer out of the address the client was sent back to."""
    values = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
    return AuthorizationCodeResult(
        code=values["code"], state=values.get("state"), iss=values.get("iss")
    )
