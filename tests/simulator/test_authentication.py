"""Who an API call is from: token, password, cookie, and which of them wins."""

from base64 import b64encode

import httpx
import pytest

from simulator.oauth.clients import OAuthClient
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.flow import BASE, bearer, code_of, current_user, exchange, tokens_of

UNAUTHENTICATED = {
    "error": {
        "message": "User Not Authenticated",
        "detail": "Required to provide Auth information",
    },
    "status": "failure",
}
UNSCOPED = {"message": "User Not Authorized", "detail": "Access to unscoped api is not allowed"}


async def name_of(http: httpx.AsyncClient, **headers: str) -> str | None:
    """Whom the instance takes the caller for; None if it does not let them in."""
    answer = await current_user(http, headers=headers)
    name: str = answer.json().get("result", {}).get("user_name")
    return name


async def cookie_of(http: httpx.AsyncClient, user_name: str) -> str:
    answer = await current_user(http, headers=bearer(await tokens_of(http, user_name)))
    return answer.headers["set-cookie"].partition(";")[0]


@fact(
    "/api/now/ui/user/current_user tells user_sys_id, user_name, display name and initials",
    tag="C clients that sign in with OAuth",
)
async def test_a_bearer_token_is_its_owner(http: httpx.AsyncClient) -> None:
    answer = await current_user(http, headers=bearer(await tokens_of(http)))
    assert answer.json() == {
        "result": {
            "user_sys_id": "62826bf03710200044e0bfc8bcbe5df1",
            "user_name": "abel.tuter",
            "user_display_name": "Abel Tuter",
            "user_initials": "AT",
        }
    }


@fact("An access token may stand in the query as access_token", tag="D")
async def test_a_token_may_stand_in_the_query_string(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["access_token"]
    answer = await http.get("/api/now/ui/user/current_user", params={"access_token": token})
    assert answer.json()["result"]["user_name"] == "abel.tuter"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer wrong",
        "Digest x",
        "Basic !!!",
        "Basic " + b64encode(b"abel.tuter:wrong").decode(),
        "Basic " + b64encode(b"\xff:x").decode(),
        "Basic " + b64encode(b"lena.lockhart:demo").decode(),
    ],
)
@fact("An API call without usable credentials is 401 Required to provide Auth information", tag="M")
async def test_who_proves_nothing_gets_401(http: httpx.AsyncClient, authorization: str) -> None:
    answer = await current_user(http, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()) == (401, UNAUTHENTICATED)
    assert answer.headers["x-is-logged-in"] == "false"
    assert "set-cookie" not in answer.headers


@fact(
    "Basic authentication works for whoever has web service access only",
    tag="D Basic authentication",
)
async def test_a_user_name_and_password_will_do(http: httpx.AsyncClient) -> None:
    basic = "Basic " + b64encode(b"monitoring.bot:demo").decode()
    assert await name_of(http, Authorization=basic) == "monitoring.bot"


@fact("An instance may refuse basic authentication at its APIs", tag="C ansible")
async def test_basic_may_be_off(http: httpx.AsyncClient, world: World) -> None:
    world.switches.basic_auth = False
    basic = "Basic " + b64encode(b"abel.tuter:demo").decode()
    assert await name_of(http, Authorization=basic) is None


@fact("An expired access token is answered as no token is", tag="M byte for byte")
async def test_an_expired_token_is_401(http: httpx.AsyncClient, world: World) -> None:
    tokens = await tokens_of(http)
    world.clock.advance(1800)
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401


@pytest.mark.parametrize("trait", [{"active": "false"}, {"locked_out": "true"}])
@fact("A live token of somebody who was deactivated or locked out is 401", tag="R")
async def test_a_live_token_of_somebody_locked_out_is_401(
    http: httpx.AsyncClient, world: World, trait: dict[str, str]
) -> None:
    tokens = await tokens_of(http)
    world.instance.update("sys_user", "62826bf03710200044e0bfc8bcbe5df1", trait)
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401


@fact("A session cookie that is presented wins over the token that comes with it", tag="R")
async def test_a_presented_cookie_wins_over_the_token_of_another(http: httpx.AsyncClient) -> None:
    cookie, beth = await cookie_of(http, "abel.tuter"), bearer(await tokens_of(http, "beth.anglin"))
    assert await name_of(http, Cookie=cookie, **beth) == "abel.tuter"


async def test_the_cookie_wins_over_an_invalid_token_too(http: httpx.AsyncClient) -> None:
    cookie = await cookie_of(http, "abel.tuter")
    assert await name_of(http, Cookie=cookie, Authorization="Bearer wrong") == "abel.tuter"


async def test_a_cookie_is_no_way_around_the_scope_of_a_token(
    http: httpx.AsyncClient, world: World
) -> None:
    cookie = await cookie_of(http, "abel.tuter")
    world.clients.register(OAuthClient(securely_scoped=True))
    headers = {"Cookie": cookie, **bearer(await tokens_of(http))}
    answer = await http.get("/api/now/table/incident", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, UNSCOPED)


async def test_neither_a_refused_call_nor_a_scoped_token_gets_a_session(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.basic_auth_role = "snc_basic_auth_api_access"
    refused = await http.get("/api/now/table/incident", auth=("abel.tuter", "demo"))
    assert (refused.status_code, "set-cookie" in refused.headers) == (401, False)
    code = await code_of(http, scope="mcp_server")
    tokens = (await exchange(http, code=code)).json()
    scoped = await current_user(http, headers=bearer(tokens))
    assert (scoped.status_code, "set-cookie" in scoped.headers) == (200, False)


async def test_a_made_up_token_in_the_query_does_not_stand_for_the_csrf_token(
    http: httpx.AsyncClient,
) -> None:
    cookie = await cookie_of(http, "abel.tuter")
    for name in ("access_token", "x-sn-apikey"):
        path = f"/api/now/ui/user/current_user?{name}=made-up"
        answer = await http.get(path, headers={"Cookie": cookie})
        assert answer.status_code == 401


async def test_each_person_has_one_api_session(http: httpx.AsyncClient) -> None:
    first, again = await cookie_of(http, "abel.tuter"), await cookie_of(http, "abel.tuter")
    assert first == again
    assert first.startswith("JSESSIONID=")
    assert first != await cookie_of(http, "beth.anglin")


async def test_a_known_cookie_is_not_set_again_and_an_unknown_one_is_replaced(
    http: httpx.AsyncClient,
) -> None:
    cookie, token = await cookie_of(http, "abel.tuter"), bearer(await tokens_of(http))
    known = await current_user(http, headers={"Cookie": cookie, **token})
    assert "set-cookie" not in known.headers
    unknown = await current_user(http, headers={"Cookie": "JSESSIONID=0", **token})
    assert unknown.headers["set-cookie"].startswith(cookie)


@fact(
    "A session cookie without its CSRF token is 401, and the answer says which token it wants",
    tag="M",
)
async def test_a_cookie_alone_needs_its_csrf_token(http: httpx.AsyncClient) -> None:
    cookie = await cookie_of(http, "abel.tuter")
    for sent in ({}, {"X-UserToken": "wrong"}):
        refused = await current_user(http, headers={"Cookie": cookie, **sent})
        assert (refused.status_code, refused.json()) == (401, UNAUTHENTICATED)
        assert refused.headers["x-is-logged-in"] == "true"
    token = refused.headers["x-usertoken-response"]
    assert await name_of(http, Cookie=cookie, **{"X-UserToken": token}) == "abel.tuter"


async def test_an_unreadable_cookie_header_is_no_cookie(http: httpx.AsyncClient) -> None:
    token = bearer(await tokens_of(http))
    assert await name_of(http, Cookie="a/b=1", **token) == "abel.tuter"


async def test_cookies_can_be_off(http: httpx.AsyncClient, world: World) -> None:
    cookie, beth = await cookie_of(http, "abel.tuter"), bearer(await tokens_of(http, "beth.anglin"))
    world.switches.api_cookies = False
    answer = await current_user(http, headers={"Cookie": cookie, **beth})
    assert answer.json()["result"]["user_name"] == "beth.anglin"
    assert "set-cookie" not in answer.headers


@fact(
    "Over HTTPS the session cookie is HttpOnly, SameSite=None and Secure",
    tag="D GlideHTTPResponse, the sample",
)
async def test_over_https_the_cookie_is_secure(http: httpx.AsyncClient) -> None:
    url = f"{BASE.replace('http', 'https')}/api/now/ui/user/current_user"
    answer = await http.get(url, headers=bearer(await tokens_of(http)))
    assert answer.headers["set-cookie"].endswith("Secure")


@fact("The refusal of a securely scoped client says X-Is-Logged-In: true", tag="M")
async def test_a_securely_scoped_client_is_refused_at_every_api(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.scope_gate = True
    for path in ("/api/now/ui/user/current_user", "/api/now/table/incident"):
        answer = await http.get(path, headers=bearer(await tokens_of(http)))
        assert (answer.status_code, answer.json()["error"]) == (403, UNSCOPED)
        assert answer.headers["x-is-logged-in"] == "true"
    basic = await http.get("/api/now/ui/user/current_user", auth=("abel.tuter", "demo"))
    assert basic.status_code == 200


@fact("A client may be refused /api/now/ui and served by the Table API", tag="R")
async def test_the_user_interface_api_can_be_closed_alone(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.user_interface_api = False
    token = bearer(await tokens_of(http))
    assert (await current_user(http, headers=token)).json()["error"] == UNSCOPED
    table = await http.get("/api/now/table/incident?sysparm_limit=1", headers=token)
    assert table.status_code == 200


async def test_a_password_set_through_the_table_api_works(
    world: World, http: httpx.AsyncClient
) -> None:
    world.instance.update("sys_user", "62826bf03710200044e0bfc8bcbe5df1", {"user_password": "new"})
    for password, name in (("new", "abel.tuter"), ("demo", None)):
        basic = "Basic " + b64encode(f"abel.tuter:{password}".encode()).decode()
        assert await name_of(http, Authorization=basic) == name


FORM = {"user_name": "abel.tuter", "user_password": "demo", "sysparm_type": "login"}
BY_SCRIPT = "/angular.do?sysparm_type=view_form.login"


@fact("Signing in by script answers success, the cookies and the CSRF token", tag="C")
async def test_signing_in_by_script_gives_a_session_and_its_token(http: httpx.AsyncClient) -> None:
    answer = await http.post(BY_SCRIPT, data=FORM)
    assert answer.json()["status"] == "success"
    cookies = [cookie.partition(";")[0] for cookie in answer.headers.get_list("set-cookie")]
    assert [name.partition("=")[0] for name in cookies] == [
        "JSESSIONID",
        "glide_user_route",
        "glide_user_activity",
        "glide_session_store",
    ]
    session = {"Cookie": "; ".join(cookies)}
    token = answer.headers["x-usertoken-response"]
    assert await name_of(http, **session, **{"X-UserToken": token}) == "abel.tuter"
    wrong = await http.post(BY_SCRIPT, data={**FORM, "user_password": "wrong"})
    assert wrong.json()["status"] == "error"
    assert "set-cookie" not in wrong.headers


@fact("The navigation page knows the CSRF token of its session as g_ck", tag="C")
async def test_the_navigation_page_knows_the_token_of_its_session(http: httpx.AsyncClient) -> None:
    answer = await http.post(BY_SCRIPT, data=FORM)
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    page = await http.get("/navpage.do", headers=cookie)
    assert f"g_ck = '{answer.headers['x-usertoken-response']}'" in page.text
    assert (await http.get("/navpage.do")).headers["location"].startswith("/login.do")
