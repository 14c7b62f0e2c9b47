"""`/oauth_auth.do`: what it takes, whom it asks and where it leads."""

from urllib.parse import quote

import httpx
import pytest

from simulator.oauth.clients import DEMO_PUBLIC_CLIENT_ID, DEMO_REDIRECT_URI, OAuthClient
from simulator.world import World
from snmcp_project.demo.browser import Browser, NoSuchForm
from tests.simulator.facts import fact
from tests.simulator.flow import answer, authorization_url, code_of
from tests.support.simulator_browser import sign_in_and_allow


@fact(
    "Allow leads back to the client with a code and the state unchanged",
    tag="D OAuth authorization code flow",
)
async def test_allowing_leads_back_with_a_code_and_the_same_state(http: httpx.AsyncClient) -> None:
    back = await sign_in_and_allow(http, authorization_url(state="a b&c"), "abel.tuter")
    assert back.startswith(f"{DEMO_REDIRECT_URI}?")
    assert answer(back).keys() == {"code", "state"}
    assert answer(back)["state"] == "a b&c"


@fact("Deny leads back to the client with access_denied", tag="R")
async def test_denying_leads_back_with_access_denied_and_no_code(http: httpx.AsyncClient) -> None:
    back = await sign_in_and_allow(http, authorization_url(), "abel.tuter", allow=False)
    assert answer(back) == {"error": "access_denied", "state": "the-state"}


@pytest.mark.parametrize("state", [None, ""])
@fact(
    "Without a state there is a page that says so, and no code",
    tag="D OAuth authorization code flow state parameter",
)
async def test_a_missing_state_gets_a_page_and_no_redirect(
    http: httpx.AsyncClient, state: str | None
) -> None:
    response = await http.get(authorization_url(state=state))
    assert response.status_code == 400
    assert "Missing State parameter in request." in response.text
    assert "location" not in response.headers


@fact("A property lets the state be missing", tag="D OAuth authorization code flow state parameter")
async def test_state_may_be_missing_where_the_property_is_off(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.state_required = False
    back = await sign_in_and_allow(http, authorization_url(state=None), "abel.tuter")
    assert answer(back).keys() == {"code"}


@pytest.mark.parametrize(
    "path",
    [
        "/oauth_introspect.do",
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
    ],
)
@fact("There is neither an endpoint to introspect tokens nor metadata of RFC 8414", tag="R")
async def test_clients_cannot_discover_or_introspect(http: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert (await http.request(method, path)).status_code == 404


@pytest.mark.parametrize("client_id", ["unknown", "", None])
async def test_an_unknown_client_gets_a_page(
    http: httpx.AsyncClient, client_id: str | None
) -> None:
    response = await http.get(authorization_url(client_id=client_id))
    assert response.status_code == 400
    assert "Invalid client_id" in response.text


async def test_an_inactive_client_is_as_good_as_unknown(
    http: httpx.AsyncClient, world: World
) -> None:
    world.clients.register(OAuthClient(active=False))
    assert (await http.get(authorization_url())).status_code == 400


@fact(
    "A redirect_uri that is not registered is replaced by the first one that is",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_a_foreign_redirect_is_replaced_by_the_first_registered_one(
    http: httpx.AsyncClient,
) -> None:
    asked = authorization_url(redirect_uri="https://evil.example/callback")
    back = await sign_in_and_allow(http, asked, "abel.tuter")
    assert back.startswith(f"{DEMO_REDIRECT_URI}?code=")


@fact(
    "Of several registered redirect URLs the one asked for is used",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_a_second_registered_redirect_is_used_when_asked_for(
    http: httpx.AsyncClient, world: World
) -> None:
    second = "https://second.example/callback?from=snow"
    world.clients.register(OAuthClient(redirect_urls=(DEMO_REDIRECT_URI, second)))
    back = await sign_in_and_allow(http, authorization_url(redirect_uri=second), "abel.tuter")
    assert back.startswith(f"{second}&code=")


@pytest.mark.parametrize("method", [None, "plain"])
@fact("Of code challenges only the method S256 is taken", tag="D Authorization workflow")
async def test_a_challenge_must_be_s256(http: httpx.AsyncClient, method: str | None) -> None:
    url = authorization_url(code_challenge="abc", code_challenge_method=method)
    response = await http.get(url)
    assert answer(response.headers["location"])["error"] == "invalid_request"


@fact("A public client must send a code challenge", tag="D Authorization workflow")
async def test_a_public_client_needs_a_challenge(http: httpx.AsyncClient) -> None:
    response = await http.get(authorization_url(client_id=DEMO_PUBLIC_CLIENT_ID))
    assert answer(response.headers["location"])["error"] == "invalid_request"


async def test_another_response_type_is_refused(http: httpx.AsyncClient) -> None:
    response = await http.get(authorization_url(response_type="id_token"))
    assert answer(response.headers["location"])["error"] == "unsupported_response_type"


@fact(
    "The implicit grant gives a token in the query of the redirect, and no refresh token",
    tag="D OAuth implicit grants",
)
async def test_the_implicit_grant_gives_a_token_in_the_query_and_no_refresh_token(
    http: httpx.AsyncClient, world: World
) -> None:
    back = await sign_in_and_allow(http, authorization_url(response_type="token"), "abel.tuter")
    facts = answer(back)
    assert "refresh_token" not in facts
    assert facts["expires_in"] == "1800"
    assert world.credentials.live(facts["access_token"], type_="access") is not None


async def test_the_implicit_grant_ends_with_the_client(
    http: httpx.AsyncClient, world: World
) -> None:
    browser = Browser(http)
    await browser.open(authorization_url(response_type="token"))
    await browser.submit({"user_name": "abel.tuter", "user_password": "demo"}, action="/login.do")
    world.clients.register(OAuthClient(active=False))
    back = await browser.submit(button="Allow", within=browser.url)
    assert answer(back)["error"] == "access_denied"


@fact(
    "Who is signed in already is asked for consent without a login page",
    tag="D OAuth authorization code flow",
)
async def test_whoever_is_signed_in_is_asked_at_once_and_every_time(
    http: httpx.AsyncClient,
) -> None:
    browser = Browser(http)
    await browser.open("http://instance.test/login.do")
    await browser.submit({"user_name": "beth.anglin", "user_password": "demo"})
    for _ in range(2):
        assert await browser.open(authorization_url()) == authorization_url()
        assert "Beth Anglin" in browser.page_text
        back = await browser.submit(button="Allow", within=browser.url)
        assert "code" in answer(back)


async def test_a_wrong_password_shows_no_consent_page(http: httpx.AsyncClient) -> None:
    with pytest.raises(NoSuchForm):
        await sign_in_and_allow(http, authorization_url(), "abel.tuter", password="wrong")


async def test_a_consent_page_can_be_answered_once(http: httpx.AsyncClient) -> None:
    browser = await _at_consent(http, "abel.tuter")
    form = browser.forms[0].fields
    await browser.submit(button="Allow", within=browser.url)
    again = await http.post(
        "/oauth_auth.do",
        data={**form, "choice": "allow"},
        headers={"Cookie": _cookie(browser)},
    )
    assert again.status_code == 400
    assert "out of date" in again.text


async def test_charlie_cannot_answer_abels_consent_page(http: httpx.AsyncClient) -> None:
    abel, charlie = (
        await _at_consent(http, "abel.tuter"),
        await _at_consent(http, "charlie.whitherspoon"),
    )
    response = await http.post(
        "/oauth_auth.do",
        data={**abel.forms[0].fields, "choice": "allow"},
        headers={"Cookie": _cookie(charlie)},
    )
    assert response.status_code == 400


async def test_an_answer_without_a_session_is_refused(http: httpx.AsyncClient) -> None:
    browser = await _at_consent(http, "abel.tuter")
    form = {**browser.forms[0].fields, "choice": "allow"}
    assert (await http.post("/oauth_auth.do", data=form)).status_code == 400


async def test_only_the_latest_thousand_consent_pages_are_remembered(
    http: httpx.AsyncClient, world: World
) -> None:
    browser = await _at_consent(http, "abel.tuter")
    asked = next(iter(world.consents._waiting.values()))[1]
    for _ in range(1000):
        world.consents.show(asked, session="another")
    assert "out of date" in (await _pressed(browser)).text


async def test_signing_out_from_the_consent_page_asks_who_is_there(
    http: httpx.AsyncClient,
) -> None:
    browser = await _at_consent(http, "abel.tuter")
    here = quote(browser.url.removeprefix("http://instance.test"), safe="")
    await browser.open(f"/logout.do?sysparm_goto_url={here}")
    assert browser.url.startswith("http://instance.test/login.do")


async def test_an_old_code_is_dropped_when_a_new_one_is_issued(
    http: httpx.AsyncClient, world: World
) -> None:
    await code_of(http)
    world.clock.advance(61)
    await code_of(http)
    assert len(world.codes._issued) == 1


async def _at_consent(http: httpx.AsyncClient, user_name: str) -> Browser:
    browser = Browser(http)
    await browser.open(authorization_url())
    await browser.submit({"user_name": user_name, "user_password": "demo"}, action="/login.do")
    return browser


async def _pressed(browser: Browser) -> httpx.Response:
    await browser.submit(button="Allow", within=browser.url)
    assert browser.page is not None
    return browser.page


def _cookie(browser: Browser) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.cookies(browser.url).items())
