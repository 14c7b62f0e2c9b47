"""The scripted browser that signs people in."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from snmcp_project.demo.browser import Browser, UnexpectedPage
from snmcp_project.demo.forms import FormReader

SIGN_IN = """
<form method="post" action="/enter">
  <input type="hidden" name="csrf" value="abc"><input name="user_name">
  <input type="checkbox" name="kept" value="1" checked><input type="checkbox" name="left">
  <select name="language"><option value="en">English<option value="de" selected>Deutsch</select>
  <textarea name="note">hello</textarea>
  <button name="choice" value="allow">Sign in</button><button name="choice" value="no">No</button>
</form>
"""


async def enter(request: Request) -> Response:
    form = await request.form()
    answer = RedirectResponse("/inside?" + "&".join(f"{k}={v}" for k, v in form.multi_items()), 302)
    answer.set_cookie("seen", "yes")
    return answer


async def inside(request: Request) -> Response:
    return HTMLResponse(f"{request.url.query} cookie={request.cookies.get('seen')}")


async def away(_request: Request) -> Response:
    return RedirectResponse("http://127.0.0.1:9/callback?code=1")


async def round_and_round(_request: Request) -> Response:
    return RedirectResponse("/round")


@pytest.fixture
def site() -> httpx.ASGITransport:
    routes = [
        Route("/", lambda _request: HTMLResponse(SIGN_IN)),
        Route("/enter", enter, methods=["POST"]),
        Route("/inside", inside),
        Route("/away", away),
        Route("/round", round_and_round),
    ]
    return httpx.ASGITransport(Starlette(routes=routes))


async def test_pressing_a_button_sends_the_form_as_a_browser_would(
    site: httpx.ASGITransport,
) -> None:
    async with Browser(transport=site) as browser:
        page = await browser.open("http://site/")
        page = await browser.press(page, "sign in", {"user_name": "abel"})
    assert page.text == (
        "csrf=abc&user_name=abel&kept=1&language=de&note=hello&choice=allow cookie=yes"
    )


async def test_the_clients_own_address_is_returned_and_not_opened(
    site: httpx.ASGITransport,
) -> None:
    async with Browser(stop_at="http://127.0.0.1:9/callback", transport=site) as browser:
        page = await browser.open("http://site/away")
    assert (page.status, page.url) == (0, "http://127.0.0.1:9/callback?code=1")


async def test_a_page_without_the_button_is_refused_with_its_text(
    site: httpx.ASGITransport,
) -> None:
    async with Browser(transport=site) as browser:
        page = await browser.open("http://site/inside?error=denied")
        with pytest.raises(UnexpectedPage, match="error=denied"):
            await browser.press(page, "allow")


async def test_redirects_without_end_are_refused(site: httpx.ASGITransport) -> None:
    async with Browser(transport=site) as browser:
        with pytest.raises(UnexpectedPage, match="end of the redirects"):
            await browser.open("http://site/round")


def test_an_input_of_type_submit_is_a_button() -> None:
    reader = FormReader()
    reader.feed('<form><input type="submit" name="go" value="Allow"></form>')
    button = reader.forms[0].button("allow")
    assert button is not None
    assert (button.name, button.value) == ("go", "Allow")
