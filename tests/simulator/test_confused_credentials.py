"""Credentials that contradict one another, or come from where anybody may put them."""

import httpx
import pytest

from simulator.oauth.clients import DEMO_CLIENT_ID
from simulator.world import World
from tests.simulator.flow import bearer, code_of, exchange, tokens_of
from tests.simulator.test_authentication import UNAUTHENTICATED, cookie_of
from tests.simulator.test_oauth_scopes import linked, tokens_with


async def test_a_token_in_the_address_does_not_make_up_for_the_csrf_token(
    http: httpx.AsyncClient,
) -> None:
    cookie = await cookie_of(http, "abel.tuter")
    theirs = (await tokens_of(http, "beth.anglin"))["access_token"]
    path = f"/api/now/ui/user/current_user?access_token={theirs}"
    answer = await http.get(path, headers={"Cookie": cookie})
    assert answer.json()["result"]["user_name"] == "beth.anglin"
    wrong = await http.get(path + "x", headers={"Cookie": cookie})
    assert (wrong.status_code, wrong.json()) == (401, UNAUTHENTICATED)


@pytest.mark.parametrize("goto", ["/\t/evil.example", "/\n/evil.example", "/\r\n\\evil.example"])
async def test_what_browsers_leave_out_of_addresses_leads_nowhere_else(
    http: httpx.AsyncClient, goto: str
) -> None:
    form = {"user_name": "abel.tuter", "user_password": "demo", "sysparm_goto_url": goto}
    by_script = await http.post("/angular.do?sysparm_type=view_form.login", data=form)
    assert by_script.json()["redirect_url"] == "/"
    assert (await http.post("/login.do", data=form)).headers["location"] == "/"


async def test_a_client_that_became_public_cannot_spend_a_code_without_a_challenge(
    http: httpx.AsyncClient, world: World
) -> None:
    code = await code_of(http)
    (client,) = world.instance.query("oauth_entity", f"client_id={DEMO_CLIENT_ID}")
    world.instance.update("oauth_entity", client["sys_id"], {"public_client": "true"})
    assert (await exchange(http, code=code, client_secret=None)).status_code == 401


@pytest.mark.parametrize("override", ["HEAD", "OPTIONS", "FOO", ""])
async def test_an_override_that_does_not_count_opens_no_api(
    http: httpx.AsyncClient, override: str
) -> None:
    await linked(http, apply_all_methods="false", http_method="POST")
    tokens = await tokens_with(http, "something_else")
    response = await http.post(
        "/api/now/table/incident",
        json={"short_description": "Not mine to make"},
        headers={**bearer(tokens), "X-HTTP-Method-Override": override},
    )
    assert response.status_code == 403
    assert "scope" in response.json()["error"]["detail"]


@pytest.mark.parametrize(
    ("authorization", "who"),
    [
        ("Basic YWJlbC50dXRlcjpkZW1v", "abel.tuter"),
        ("Basic YWJlbC50dXRlcjp3cm9uZw==", None),
        ("Bearer wrong", None),
        ("Digest x", None),
    ],
)
async def test_a_token_in_the_address_does_not_replace_what_the_header_says(
    http: httpx.AsyncClient, authorization: str, who: str | None
) -> None:
    theirs = (await tokens_of(http, "beth.anglin"))["access_token"]
    path = f"/api/now/ui/user/current_user?access_token={theirs}"
    answer = await http.get(path, headers={"Authorization": authorization})
    assert answer.json().get("result", {}).get("user_name") == who
    assert answer.status_code == (200 if who else 401)
