"""An operator who changes in the admin of a running site which tools there are."""

import re

import httpx

from snmcp_project.demo.site import OPERATOR

SETTING = "/admin/tools_app/toolsetting"


class OperatorBrowser:
    """An operator's browser at one worker."""

    def __init__(self, web: httpx.AsyncClient, address: str) -> None:
        self._web = web
        self._address = address

    async def sign_in(self, password: str) -> None:
        """Sign in to the admin."""
        await self._submit("/admin/login/", username=OPERATOR, password=password, next="/admin/")

    async def turn_off(self, tool: str) -> None:
        """Take a tool from everybody."""
        await self._submit(f"{SETTING}/add/", tool=tool)

    async def undo(self) -> None:
        """Delete the one setting there is."""
        page = await self._web.get(f"{self._address}{SETTING}/")
        found = re.search(rf"{SETTING}/(\d+)/change/", page.text)
        assert found, page.text
        await self._submit(f"{SETTING}/{found[1]}/delete/", post="yes")

    async def _submit(self, path: str, **entered: str) -> None:
        url = self._address + path
        page = await self._web.get(url)
        hidden = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert hidden, page.text
        answer = await self._web.post(url, data={"csrfmiddlewaretoken": hidden[1], **entered})
        assert answer.status_code == 302, answer.text
