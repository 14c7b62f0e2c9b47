"""An operator of a running site, in the admin, by its pages."""

from dataclasses import dataclass, field

import httpx

from snmcp_project.demo.browser import Browser
from snmcp_project.demo.site import OPERATOR


@dataclass
class Operator:
    """Somebody signed in to the admin of one server."""

    address: str
    web: httpx.AsyncClient
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.web)

    async def sign_in(self, password: str) -> None:
        """Sign in with a password."""
        await self.browser.open(f"{self.address}/admin/login/?next=/admin/")
        await self.browser.submit({"username": OPERATOR, "password": password})
        if "/login/" in self.browser.url:
            raise RuntimeError("the operator could not sign in")

    async def act(self, rows: str, action: str, *ids: int) -> None:
        """Do an action of a list, such as `oauth_app/connection`, with these rows of it."""
        page = f"{self.address}/admin/{rows}/"
        cookies = self.browser.cookies(self.address)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Origin": self.address,
            "Referer": page,
        }
        sent = {
            "csrfmiddlewaretoken": cookies["csrftoken"],
            "action": action,
            "_selected_action": [str(each) for each in ids],
        }
        answer = await self.web.post(page, data=sent, headers=headers)
        if answer.status_code != 302:
            raise RuntimeError(f"{action}: {answer.status_code} {answer.text[:300]}")
