"""Sign people in at the simulator alone, without our server."""

import httpx

from snmcp_project.demo.browser import Browser, origin_of
from snmcp_project.demo.person import PASSWORD


async def sign_in_and_allow(
    http: httpx.AsyncClient,
    authorization_url: str,
    user_name: str,
    *,
    password: str = PASSWORD,
    allow: bool = True,
) -> str:
    """Sign in at the simulator and answer its consent page; the address it sends the browser to.

    That address, the client's redirect URI with `code` or `error`, is not fetched. Raises
    NoSuchForm where no consent page comes, for example after a wrong password.
    """
    browser = Browser(http)
    url = await browser.open(authorization_url, within=authorization_url)
    if origin_of(url) != origin_of(authorization_url):
        return url
    await browser.submit(
        {"user_name": user_name, "user_password": password},
        action="/login.do",
        within=authorization_url,
    )
    return await browser.submit(button="Allow" if allow else "Deny", within=authorization_url)
