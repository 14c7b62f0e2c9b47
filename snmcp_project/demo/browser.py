"""A person's browser without a screen: keeps cookies, follows redirects, fills in forms.

The smoke walk and the tests sign people in with it. It runs no scripts, and no page of ours needs
any. It works over any `httpx.AsyncClient`, also one that keeps no cookies itself.
"""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from snmcp_project.demo.failures import DemoFailed
from snmcp_project.demo.forms import Form, FormReader

MOST_REDIRECTS = 20


class NoSuchForm(DemoFailed):
    """The page shown has no such form or button; carries its address and beginning."""

    def __init__(self, wanted: str, browser: "Browser") -> None:
        super().__init__(f"No form with {wanted} at {browser.url}:\n{browser.page_text[:2000]}")


class Browser:
    """One browser. `page` is the last answer shown, `url` its address.

    An address that begins with `stop_at` is given back and not opened: a client's own.
    """

    def __init__(self, http: httpx.AsyncClient, *, stop_at: str = "") -> None:
        self._http = http
        self._stop_at = stop_at
        self._cookies: dict[str, dict[str, str]] = {}
        self.page: httpx.Response | None = None
        self.url = ""

    @property
    def page_text(self) -> str:
        """The HTML of the page; empty before the first."""
        return "" if self.page is None else self.page.text

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        reader = FormReader()
        reader.feed(self.page_text)
        return reader.forms

    async def open(self, url: str, *, within: str | None = None) -> str:
        """Go to an address and follow redirects; returns the address it ends at.

        A redirect that leaves the origin `within` is not followed but given back. Raises
        httpx.TooManyRedirects after 20.
        """
        return await self._go("GET", urljoin(self.url, url), form=None, within=within)

    async def submit(
        self,
        fields: Mapping[str, str] | None = None,
        *,
        button: str = "",
        action: str = "",
        within: str | None = None,
    ) -> str:
        """Fill in and send a form of the page; returns where it leads, as `open` does.

        The form is the first with a button of that text whose action contains `action`. Raises
        NoSuchForm where there is none.
        """
        form = self._form(button=button, action=action)
        filled = form.filled(fields or {}, pressed=button)
        target = urljoin(self.url, form.action)
        if form.method == "get":
            query = urlencode(filled, doseq=True)
            return await self._go("GET", f"{target}?{query}", form=None, within=within)
        return await self._go("POST", target, form=filled, within=within)

    def cookies(self, url: str) -> dict[str, str]:
        """The cookies kept for the origin of an address."""
        return dict(self._cookies.get(origin_of(url), {}))

    def _form(self, *, button: str, action: str) -> Form:
        for form in self.forms:
            if action in form.action and (not button or form.button(button)):
                return form
        raise NoSuchForm(f"button {button!r} and action {action!r}", self)

    async def _go(
        self, method: str, url: str, *, form: dict[str, list[str]] | None, within: str | None
    ) -> str:
        for _ in range(MOST_REDIRECTS):
            answer = await self._send(method, url, form=form)
            if not answer.has_redirect_location:
                return self.url
            url = urljoin(url, answer.headers["location"])
            if self._ends(url, within=within):
                return url
            if answer.status_code in {301, 302, 303}:
                method, form = "GET", None
        raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects, the last to {url}")

    def _ends(self, url: str, *, within: str | None) -> bool:
        left = within is not None and origin_of(url) != origin_of(within)
        return left or bool(self._stop_at and url.startswith(self._stop_at))

    async def _send(
        self, method: str, url: str, *, form: dict[str, list[str]] | None
    ) -> httpx.Response:
        headers = {"Accept": "text/html", "Cookie": self._cookie_header(url)}
        if form is not None:
            headers |= {"Origin": origin_of(url), "Referer": self.url or url}
        # The session's own cookies go in the header: nothing is left to the client's jar.
        answer = await self._http.request(
            method,
            url,
            data=form,
            headers={name: value for name, value in headers.items() if value},
            follow_redirects=False,
        )
        self.page, self.url = answer, url
        self._keep_cookies(answer, url=url)
        return answer

    def _cookie_header(self, url: str) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies(url).items())

    def _keep_cookies(self, answer: httpx.Response, *, url: str) -> None:
        jar = self._cookies.setdefault(origin_of(url), {})
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    jar.pop(name, None)
                else:
                    jar[name] = morsel.value


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
