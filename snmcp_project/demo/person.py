"""A demo person who signs in at the simulated ServiceNow and connects an MCP client."""

from urllib.parse import parse_qs, urlsplit

from mcp.shared.auth import AuthorizationCodeResult

from snmcp_project.demo.browser import Browser, Page, UnexpectedPage

PASSWORD = "demo"  # noqa: S105  # everybody's in the simulator, and printed by the demo


async def sign_in(browser: Browser, page: Page, user_name: str) -> Page:
    """Go from a page of the simulator's sign-in through its consent; returns where that leads."""
    page = await browser.press(page, "sign in", {"user_name": user_name, "user_password": PASSWORD})
    return await browser.press(page, "allow")


async def allow_client(authorization_url: str, user_name: str, *, redirect_uri: str) -> str:
    """Open a client's authorization URL as `user_name`, sign in, and allow the client.

    Returns the address that our server sends the browser to: the client's, with code and state.
    """
    async with Browser(stop_at=redirect_uri) as browser:
        page = await browser.open(authorization_url)
        page = await sign_in(browser, page, user_name)
        page = await browser.press(page, "allow")
        if page.status != 0:
            raise UnexpectedPage("The way back to the client", page)
        return page.url


def authorization_result(address: str) -> AuthorizationCodeResult:
    """Read code, state and issuer out of the address the client was sent back to."""
    values = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
    return AuthorizationCodeResult(
        code=values["code"], state=values.get("state"), iss=values.get("iss")
    )
