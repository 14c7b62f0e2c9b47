"""Signing in and out, the start page, and how pages look to a browser."""

from urllib.parse import quote

import httpx
import pytest

from simulator.pages.templates import Html, fill
from simulator.sign_in.sessions import KEPT_SESSIONS, Sessions
from simulator.world import World
from snmcp_project.demo.browser import Browser
from tests.simulator.facts import fact
from tests.simulator.flow import BASE


async def signed_in(http: httpx.AsyncClient, user_name: str) -> Browser:
    browser = Browser(http)
    await browser.open(f"{BASE}/login.do")
    await browser.submit({"user_name": user_name, "user_password": "demo"}, action="/login.do")
    return browser


async def test_signing_in_leads_to_the_start_page_with_ones_own_incidents(
    http: httpx.AsyncClient,
) -> None:
    browser = await signed_in(http, "abel.tuter")
    assert browser.url == f"{BASE}/"
    assert "Hello, Abel Tuter" in browser.page_text
    assert "INC0010001" in browser.page_text
    assert "INC0010002" not in browser.page_text


async def test_a_user_name_may_be_typed_in_any_case(http: httpx.AsyncClient) -> None:
    assert "Hello, Abel Tuter" in (await signed_in(http, "Abel.Tuter")).page_text


async def test_the_start_page_offers_to_sign_in(http: httpx.AsyncClient) -> None:
    response = await http.get("/")
    assert "/login.do" in response.text
    assert "Hello" not in response.text


async def test_signing_in_leads_to_where_one_wanted_to_go(http: httpx.AsyncClient) -> None:
    browser = Browser(http)
    await browser.open(f"{BASE}/login.do?sysparm_goto_url={quote('/navpage.do?x=1&y=2', safe='')}")
    await browser.submit({"user_name": "abel.tuter", "user_password": "demo"})
    assert browser.url == f"{BASE}/navpage.do?x=1&y=2"


@pytest.mark.parametrize("goto", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
async def test_signing_in_never_leads_to_another_site(http: httpx.AsyncClient, goto: str) -> None:
    response = await http.post(
        "/login.do",
        data={"user_name": "abel.tuter", "user_password": "demo", "sysparm_goto_url": goto},
    )
    assert response.headers["location"] == "/"


@pytest.mark.parametrize(
    ("user_name", "password"),
    [
        ("abel.tuter", "wrong"),
        ("abel.tuter", ""),
        ("nobody", "demo"),
        ("", ""),
        ("otto.vance", "demo"),
        ("lena.lockhart", "demo"),
        ("monitoring.bot", "demo"),
    ],
)
async def test_who_may_not_sign_in_is_told_so_and_gets_no_session(
    http: httpx.AsyncClient, user_name: str, password: str
) -> None:
    form = {"user_name": user_name, "user_password": password}
    response = await http.post("/login.do", data=form)
    assert "User name or password invalid" in response.text
    assert "set-cookie" not in response.headers


@fact("The login form has user_name, user_password and sys_action=sysverb_login", tag="R")
async def test_the_login_form_has_the_fields_of_the_real_one(http: httpx.AsyncClient) -> None:
    form = (await http.get("/login.do")).text
    for field in ('name="user_name"', 'name="user_password"', 'value="sysverb_login"'):
        assert field in form


async def test_what_was_typed_is_escaped(http: httpx.AsyncClient) -> None:
    typed = '"><script>alert(1)</script>'
    response = await http.post("/login.do", data={"user_name": typed, "user_password": "x"})
    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


async def test_a_sign_in_gets_a_new_session_and_ends_the_old_one(
    http: httpx.AsyncClient, world: World
) -> None:
    browser = await signed_in(http, "abel.tuter")
    first = browser.cookies(BASE)["JSESSIONID"]
    await browser.open("/login.do")
    await browser.submit({"user_name": "beth.anglin", "user_password": "demo"})
    assert browser.cookies(BASE)["JSESSIONID"] != first
    assert world.sessions.person(first) is None


async def test_signing_out_ends_the_session(http: httpx.AsyncClient, world: World) -> None:
    browser = await signed_in(http, "abel.tuter")
    session = browser.cookies(BASE)["JSESSIONID"]
    await browser.open("/logout.do")
    assert "JSESSIONID" not in browser.cookies(BASE)
    assert world.sessions.person(session) is None
    assert "Hello" not in browser.page_text


async def test_whoever_is_locked_out_meanwhile_is_signed_out(
    http: httpx.AsyncClient, world: World
) -> None:
    browser = await signed_in(http, "abel.tuter")
    person = world.instance.find_user("abel.tuter")
    assert person is not None
    world.instance.update("sys_user", person["sys_id"], {"locked_out": "true"})
    await browser.open("/")
    assert "Hello" not in browser.page_text


@pytest.mark.parametrize(
    ("base", "attributes"),
    [(BASE, "SameSite=Lax"), ("https://instance.test", "SameSite=None; Secure")],
)
async def test_the_session_cookie_is_secure_where_it_can_be(
    http: httpx.AsyncClient, base: str, attributes: str
) -> None:
    form = {"user_name": "abel.tuter", "user_password": "demo"}
    response = await http.post(f"{base}/login.do", data=form)
    assert response.headers["set-cookie"].endswith(f"Path=/; HttpOnly; {attributes}")


async def test_pages_may_not_be_framed_or_kept(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/login.do")).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


async def test_the_stylesheet_is_served(http: httpx.AsyncClient) -> None:
    response = await http.get("/simulator.css")
    assert response.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in response.text


async def test_an_unknown_page_is_404_and_an_unknown_api_400(http: httpx.AsyncClient) -> None:
    assert (await http.get("/nothing.do")).status_code == 404
    unknown = await http.get("/api/now/nothing", auth=("abel.tuter", "demo"))
    assert unknown.status_code == 400
    assert unknown.json()["error"]["message"] == "Requested URI does not represent any resource"


async def test_nobody_is_signed_in_after_a_restart(http: httpx.AsyncClient, world: World) -> None:
    browser = await signed_in(http, "abel.tuter")
    world.sessions.clear()
    await browser.open("/")
    assert "Hello" not in browser.page_text


def test_a_value_that_is_html_already_is_not_escaped_twice() -> None:
    piece = fill("login_failure")
    assert piece in fill("message", heading=piece, sentence="")
    assert isinstance(fill("login_failure"), Html)


def test_the_oldest_session_goes_when_there_are_too_many() -> None:
    sessions = Sessions()
    first = sessions.begin("someone")
    for _ in range(KEPT_SESSIONS):
        sessions.begin("others")
    assert sessions.person(first) is None


def test_sessions_that_ended_are_nobodys_and_leave_others_alone() -> None:
    sessions = Sessions()
    mine, api, other = sessions.begin("me"), sessions.of_api("me"), sessions.begin("other")
    sessions.end(mine)
    sessions.end(api)
    assert (sessions.person(mine), sessions.person(api)) == (None, None)
    assert sessions.person(other) == "other"
    assert sessions.of_api("me") != api
