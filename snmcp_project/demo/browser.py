"""A person's browser without a screen: keeps cookies, follows redirects, fills in forms.

The smoke walk and the end-to-end tests sign people in with it. It runs no scripts, and no page of
ours needs any.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

import httpx

from snmcp_project.demo.failures import DemoFailed
from snmcp_project.demo.forms import Form, FormReader

MOST_REDIRECTS = 15


class UnexpectedPage(DemoFailed):
    """The page is not the one the walk needs; carries its address, status and beginning."""

    def __init__(self, wanted: str, page: "Page") -> None:
        super().__init__(f"{wanted} not found at {page.url} ({page.status}):\n{page.text[:2000]}")


@dataclass(frozen=True)
class Page:
    """What the browser shows now. `status` 0: an address of the client's, not opened."""

    url: str
    status: int
    text: str

    @property
    def forms(self) -> list[Form]:
        """The page's forms."""
        reader = FormReader()
        reader.feed(self.text)
        return reader.forms


class Browser:
    """One person's browser; addresses beginning with `stop_at` are returned, not opened."""

    def __init__(
        self, *, stop_at: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(transport=transport, timeout=30)
        self._stop_at = stop_at

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._http.aclose()

    async def open(self, url: str) -> Page:
        """Open `url` and follow where it leads."""
        return await self._follow(self._http.build_request("GET", url))

    async def press(self, page: Page, words: str, fields: Mapping[str, str] | None = None) -> Page:
        """Fill `fields` into the form that has a button with `words`, press it, follow.

        Raises UnexpectedPage where there is no such button.
        """
        for form in page.forms:
            if button := form.button(words):
                values = form.fields | {name: [value] for name, value in (fields or {}).items()}
                if button.name:
                    values[button.name] = [button.value]
                return await self._send(page, form, values)
        raise UnexpectedPage(f'A button "{words}"', page)

    async def _send(self, page: Page, form: Form, values: Mapping[str, list[str]]) -> Page:
        url = urljoin(page.url, form.action) if form.action else page.url
        if form.method == "post":
            # Browsers send both; Django checks them on https.
            headers = {"Referer": page.url, "Origin": _origin(page.url)}
            request = self._http.build_request("POST", url, data=values, headers=headers)
        else:
            request = self._http.build_request("GET", url, params=values)
        return await self._follow(request)

    async def _follow(self, request: httpx.Request) -> Page:
        for _ in range(MOST_REDIRECTS):
            if self._stop_at and str(request.url).startswith(self._stop_at):
                return Page(str(request.url), 0, "")
            answer = await self._http.send(request)
            if answer.next_request is None:
                return Page(str(answer.url), answer.status_code, answer.text)
            request = answer.next_request
        raise UnexpectedPage("An end of the redirects", Page(str(request.url), 0, ""))


def _origin(url: str) -> str:
    parts = httpx.URL(url)
    return f"{parts.scheme}://{parts.netloc.decode()}"
