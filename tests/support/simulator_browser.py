"""A browser in a few lines: cookies for each origin, redirects, forms. No scripts.

For tests that click through sign-in and consent pages over any `httpx.AsyncClient`, also one of an
application in this process and one that keeps no cookies itself.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

MOST_REDIRECTS = 20
Fields = dict[str, str]


class NoSuchForm(LookupError):
    """The page shown has no such form or button."""


@dataclass
class Form:
    """A form of a page: where it goes, its fields, and its buttons as (name, value, text)."""

    action: str
    method: str
    fields: Fields = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Browser:
    """One browser. `page` is the last answer shown, `url` its address."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._cookies: dict[str, Fields] = {}
        self.page: httpx.Response | None = None
        self.url = ""

    @property
    def page_text(self) -> str:
        """The HTML of the page; empty before the first."""
        return "" if self.page is None else self.page.text

    async def open(self, url: str, *, within: str | None = None) -> str:
        """Go to an address and follow redirects; the address it ends at.

        A redirect that leaves the origin `within` is not followed but given back.
        """
        return await self._go("GET", urljoin(self.url, url), form=None, within=within)

    async def submit(
        self,
        fields: Fields | None = None,
        *,
        button: str = "",
        action: str = "",
        within: str | None = None,
    ) -> str:
        """Fill in and send a form of the page; where it leads, as `open` does.

        The form is the first with a button of that text or value whose action contains `action`.
        Raises NoSuchForm where there is none.
        """
        form = self._form(button=button, action=action)
        pressed = {name: value for name, value, text in form.buttons if button in (text, value)}
        pressed.pop("", None)
        filled = {**form.fields, **(fields or {}), **pressed}
        target = urljoin(self.url, form.action)
        if form.method == "GET":
            return await self._go("GET", f"{target}?{urlencode(filled)}", form=None, within=within)
        return await self._go("POST", target, form=filled, within=within)

    def forms(self) -> list[Form]:
        """The forms of the page."""
        reader = _FormReader()
        reader.feed(self.page_text)
        return reader.forms

    def cookies(self, url: str) -> Fields:
        """The cookies kept for the origin of an address."""
        return dict(self._cookies.get(origin_of(url), {}))

    def _form(self, *, button: str, action: str) -> Form:
        for form in self.forms():
            has_button = not button or any(button in each[1:] for each in form.buttons)
            if has_button and action in form.action:
                return form
        raise NoSuchForm(f"no form with button {button!r} and action {action!r} at {self.url}")

    async def _go(self, method: str, url: str, *, form: Fields | None, within: str | None) -> str:
        for _ in range(MOST_REDIRECTS):
            answer = await self._send(method, url, form=form)
            if not answer.has_redirect_location:
                return self.url
            url = urljoin(url, answer.headers["location"])
            if within is not None and origin_of(url) != origin_of(within):
                return url
            if answer.status_code in {301, 302, 303}:
                method, form = "GET", None
        raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects, the last to {url}")

    async def _send(self, method: str, url: str, *, form: Fields | None) -> httpx.Response:
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


class _FormReader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._button_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = facts.get("method", "get").upper()
            self.forms.append(Form(action=facts.get("action", ""), method=method))
        elif self.forms and tag == "input":
            self._input(facts, checked="checked" in facts)
        elif self.forms and tag == "button":
            button = (facts.get("name", ""), facts.get("value", ""), "")
            self.forms[-1].buttons.append(button)
            self._button_open = True

    def handle_data(self, data: str) -> None:
        if self._button_open:
            name, value, text = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = (name, value, (text + data).strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button_open = False

    def _input(self, facts: Fields, *, checked: bool) -> None:
        kind, name = facts.get("type", "text"), facts.get("name", "")
        if kind == "submit":
            self.forms[-1].buttons.append((name, facts.get("value", ""), facts.get("value", "")))
        elif name and (kind not in {"checkbox", "radio"} or checked):
            self.forms[-1].fields[name] = facts.get("value", "on")


async def sign_in_and_allow(
    http: httpx.AsyncClient,
    authorization_url: str,
    user_name: str,
    *,
    password: str = "demo",
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


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
