"""A browser for clients that open one: signs a demo person in, allows the client, calls back."""

import asyncio
import sys

from snmcp_project.demo.browser import Browser, UnexpectedPage
from snmcp_project.demo.person import sign_in


async def open_and_allow(authorization_url: str, user_name: str) -> None:
    """Go from the authorization URL to the client's own callback page, allowing everything."""
    async with Browser() as browser:
        page = await browser.open(authorization_url)
        page = await sign_in(browser, page, user_name)
        page = await browser.press(page, "allow")
        if page.status != 200:
            raise UnexpectedPage("The client's page", page)


if __name__ == "__main__":
    asyncio.run(open_and_allow(sys.argv[1], sys.argv[2]))
