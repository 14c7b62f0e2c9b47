"""The scripted browser that signs people in."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from snmcp_project.demo.browser import Browser, NoSuchForm
from snmcp_project.demo.forms import FormReader

SIGN_IN = """
<form method="post" action="/enter">
  <input type="hidden" name="csrf" value="abc"><input name="user_name">
  <input type="checkbox" name="kept" value="1" checked><input type="checkbox" name="left">
  <input type="checkbox" name="kept" value="2" checked><input name="off" value="x" disabled>
  <select name="language"><option value="en">English<option value="de" selected>Deutsch</select>
  <textarea name="note">hello</textarea>
  <button name="choice" value="allow">Sign in</button><button name="choice" value="no">No</button>
</form>
<form action="/inside"><input name="q" value="a b"><input type="submit" value="Find"></form>
"""


async def enter(request: Request) -> Response:
    form = await request.form()
    answer = RedirectResponse("/inside?" + "&".join(f"{k}={v}" for k, v in form.multi_items()), 302)
    answer.set_cookie("seen", "yes")
    answer.set_cookie("gone", "", max_age=0)
    return answer


async def inside(request: Request) -> Response:
    return HTMLResponse(f"{request.url.query} cookie={request.cookies.get('seen')}")


async def away(_request: Request) -> Response:
    return RedirectResponse("http://127.0.0.1:9/callback?code=1")


async def round_and_round(_request: Request) -> Response:
    return RedirectResponse("/round")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    routes = [
        Route("/", lambda _request: HTMLResponse(SIGN_IN)),
        Route("/enter", enter, methods=["POST"]),
        Route("/inside", inside),
        Route("/away", away),
        Route("/round", round_and_round),
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes))) as client:
        yield client


async def test_pressing_a_button_sends_the_form_as_a_browser_would(http: httpx.AsyncClient) -> None:
    browser = Browser(http)
    await browser.open("http://site/")
    await browser.submit({"user_name": "abel"}, button="Sign in")
    assert browser.page_text == (
        "csrf=abc&user_name=abel&kept=1&kept=2&language=de&note=hello&choice=allow cookie=yes"
    )


async def test_a_form_of_method_get_goes_into_the_address(http: httpx.AsyncClient) -> None:
    browser = Browser(http)
    await browser.open("http://site/")
    assert await browser.submit(button="Find") == "http://site/inside?q=a+b"


async def test_the_clients_own_address_is_given_back_and_not_opened(
    http: httpx.AsyncClient,
) -> None:
    browser = Browser(http, stop_at="http://127.0.0.1:9/callback")
    assert await browser.open("http://site/away") == "http://127.0.0.1:9/callback?code=1"
    assert browser.url == "http://site/away"


async def test_a_redirect_that_leaves_the_origin_is_given_back(http: httpx.AsyncClient) -> None:
    ended_at = await Browser(http).open("http://site/away", within="http://site")
    assert ended_at == "http://127.0.0.1:9/callback?code=1"


async def test_a_page_without_the_button_is_refused_with_its_text(http: httpx.AsyncClient) -> None:
    browser = Browser(http)
    await browser.open("http://site/inside?error=denied")
    with pytest.raises(NoSuchForm, match="error=denied"):
        await browser.submit(button="Allow")


async def test_redirects_without_end_are_refused(http: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.TooManyRedirects):
        await Browser(http).open("http://site/round")


def test_an_input_of_type_submit_is_a_button() -> None:
    reader = FormReader()
    reader.feed('<form><input type="submit" name="go" value="Allow"></form>')
    button = reader.forms[0].button("Allow")
    assert button is not None
    assert (button.name, button.value) == ("go", "Allow")


def test_what_is_not_filled_in_is_empty_and_a_ticked_box_is_on() -> None:
    reader = FormReader()
    reader.feed('<form><input name="name"><input type="checkbox" name="kept" checked></form>')
    assert reader.forms[0].fields == {"name": [""], "kept": ["on"]}
