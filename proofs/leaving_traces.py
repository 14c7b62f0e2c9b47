"""Everything that may leave a secret somewhere: good requests, bad ones, outages, admin pages."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

import environ
import httpx
import psycopg
from psycopg import sql

from proofs.asking import headers, message
from proofs.credentials import Person
from proofs.operators import Operator
from proofs.site import Site

_LINK: Final = re.compile(r'href="([^"#]+)"')


@dataclass
class Traces:
    """What was answered where a secret must not be, and what the browser was sent along with."""

    error_pages: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)

    async def note_redirect(self, answer: httpx.Response) -> None:
        """Keep code and state of a redirect; a hook of httpx."""
        query = parse_qs(urlsplit(answer.headers.get("location", "")).query)
        self.codes += query.get("code", [])
        self.states += query.get("state", [])

    def note(self, answer: httpx.Response) -> None:
        """Keep an answer in which no secret may be."""
        # A cookie or an address to go to may carry one: it goes to whom it belongs.
        self.error_pages.append(f"{answer.status_code}\n{answer.text}")


async def use_everything(person: Person, traces: Traces) -> int:
    """Call a tool with each credential, in each place for it; return how many calls succeeded."""
    answers = [await _call(person, token) for token in _tokens(person)]
    answers += [await _call(person, "", url_token=person.reconnect[-1])]
    answers += [await _call(person, "", key=person.reconnect[-1])]
    for token in (*_tokens(person), person.service_secret):
        answers.append(await _call(person, person.access[-1], text=f"{token} {person.verifier}"))
    for answer in answers:
        traces.note(answer)
    return sum(answer.status_code == 200 for answer in answers)


async def use_reconnect_tokens(person: Person, traces: Traces, *, number: int) -> int:
    """Make so many, use each in each place and revoke every other; return how many were used."""
    used = 0
    for count in range(number):
        token = await person.make_reconnect_token()
        answers = [
            await _call(person, token),
            await _call(person, "", url_token=token),
            await _call(person, "", key=token),
        ]
        used += all(answer.status_code == 200 for answer in answers)
        if count % 2 == 0 and count + 1 < number:  # the last one is in use until the end
            await person.revoke(token)
            answers += [await _call(person, token), await _call(person, "", url_token=token)]
        for answer in answers:
            traces.note(answer)
    return used


async def go_wrong(person: Person, traces: Traces, *, wrong_password: str, password: str) -> None:
    """Send secrets where they do not belong, and wrong ones where they do."""
    site, web = person.site, person.web
    cookies = {"Cookie": person.cookie_header()}
    secret = {"token": person.reconnect[-1], "code": traces.codes[0], "state": traces.states[0]}
    # The token endpoint gives a `state` back to whoever sent it, which is oauthlib's way.
    stateless = {name: value for name, value in secret.items() if name != "state"}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/nowhere", {"params": secret}),
        ("GET", "/oauth/callback", {"params": secret}),
        ("GET", "/oauth/callback", {"params": secret, "headers": cookies}),
        ("GET", "/oauth/authorize", {"params": {"next": f"//{person.reconnect[-1]}"}}),
        ("POST", "/connection", {"data": secret, "headers": cookies}),
        ("POST", "/mcp", {"params": {"access_token": person.access[-1]}}),
        ("POST", "/mcp", {"headers": {"Authorization": f"Bearer x{person.access[-1]}"}}),
        ("POST", "/mcp", {"headers": {"Authorization": f"Basic {person.access[-1]}"}}),
        ("POST", "/o/token/", {"data": {"grant_type": "password", "password": password}}),
        ("POST", "/o/token/", {"data": {**stateless, "grant_type": "authorization_code"}}),
        ("POST", "/o/token/", {"params": stateless}),
        ("POST", "/o/revoke_token/", {"data": stateless}),
        ("POST", "/o/register/", {"content": f'{{"client_name": "{person.access[-1]}'}),
        ("GET", "/o/authorize/", {"params": {**secret, "client_id": "x"}, "headers": cookies}),
        ("PUT", "/oauth/reconnect-token", {"json": secret, "headers": cookies}),
        ("POST", "/oauth/reconnect-token", {"json": secret, "headers": cookies}),
        ("POST", "/admin/login/", {"data": {"username": "x", "password": wrong_password}}),
        ("GET", f"/admin/{person.reconnect[-1]}/", {}),
    ]
    for method, path, what in asked:
        traces.note(await web.request(method, site + path, **what))
    operator = Operator(site, web)
    try:
        await operator.sign_in(wrong_password)
    except RuntimeError:
        page = operator.browser.page
        if page is not None:
            traces.note(page)


async def during_an_outage(site: Site, person: Person, traces: Traces) -> None:
    """Do all that once more while the database refuses everybody."""
    with _database_away(site):
        await use_everything(person, traces)
        await go_wrong(person, traces, wrong_password="away", password="away")
        for asked in (person.refresh_once, person.get_service_token):
            traces.note(await asked())
        traces.note(await person.exchange(person.codes[-1]))
        traces.note(await person.revoke(person.reconnect[-1]))
        await asyncio.sleep(0.5)


async def admin_pages(operator: Operator, *, most: int) -> list[str]:
    """Open the pages of the admin that links lead to, the nearest first; `most` of them."""
    waiting, seen, pages = [f"{operator.address}/admin/"], set[str](), list[str]()
    cookies = operator.browser.cookies(operator.address)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    while waiting and len(pages) < most:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = await operator.web.get(address, headers={"Cookie": cookie})
        pages.append(answer.text)
        links = (urljoin(address, link.replace("&amp;", "&")) for link in _LINK.findall(pages[-1]))
        waiting += [link for link in links if _is_page(operator.address, link)]
    return pages


def _is_page(site: str, link: str) -> bool:
    path = link.removeprefix(site)
    return path.startswith("/admin/") and "logout" not in path and "?" not in path


def _tokens(person: Person) -> tuple[str, ...]:
    return person.access[-1], person.reconnect[-1], person.service_tokens[-1]


async def _call(
    person: Person, token: str, *, url_token: str = "", key: str = "", text: str = "printer"
) -> httpx.Response:
    sent = headers("search_incidents", token=token)
    if not token:
        sent.pop("Authorization")
    if key:
        sent["X-API-Key"] = key
    return await person.web.post(
        f"{person.site}/mcp",
        params={"token": url_token} if url_token else None,
        json=message("search_incidents", {"text": text, "limit": 1}),
        headers=sent,
    )


@contextmanager
def _database_away(site: Site) -> Iterator[None]:
    where = environ.Env.db_url_config(site.processes.environment["DATABASE_URL"])
    name, elsewhere = where["NAME"], {"host": where["HOST"], "user": where["USER"]}
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(dbname="template1", autocommit=True, **elsewhere) as database:
        allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        database.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        database.execute(others, [name])
        try:
            yield
        finally:
            database.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
