"""`/oauth_token.do`: grants, refusals, the one live pair of tokens and its life."""

import asyncio
import secrets

import httpx
import pytest

from simulator.oauth.challenges import challenge_of
from simulator.oauth.clients import DEMO_PUBLIC_CLIENT_ID, OAuthClient
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.flow import (
    REFUSED,
    bearer,
    code_of,
    current_user,
    exchange,
    refreshed,
    tokens_of,
)

VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789"
CHALLENGED = {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"}


def test_the_challenge_is_that_of_rfc_7636_appendix_b() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@fact(
    "Tokens come as access_token, refresh_token, scope, token_type, expires_in",
    tag="D REST OAuth example",
)
async def test_a_code_gives_tokens_in_servicenows_shape(http: httpx.AsyncClient) -> None:
    facts = await tokens_of(http)
    assert list(facts) == ["access_token", "refresh_token", "scope", "token_type", "expires_in"]
    assert len(facts["access_token"]) == 86
    assert (facts["scope"], facts["token_type"], facts["expires_in"]) == (
        "useraccount",
        "Bearer",
        1800,
    )


@fact("The scope that a client asks for is the scope of its token", tag="D Authorization workflow")
async def test_an_asked_scope_is_the_granted_one(http: httpx.AsyncClient) -> None:
    response = await exchange(http, code=await code_of(http, scope="mcp_server"))
    assert response.json()["scope"] == "mcp_server"


@pytest.mark.parametrize(
    "change",
    [
        {"client_secret": "wrong"},
        {"client_secret": None},
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "http://localhost:8080/other"},
        {"redirect_uri": None},
        {"code": "wrong"},
        {"code": None},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"},
        {"grant_type": None},
        {"client_id": DEMO_PUBLIC_CLIENT_ID},
    ],
)
@fact(
    "Every failure of the token endpoint is the same 401, and none is shaped like RFC 6749",
    tag="M",
)
async def test_every_refusal_is_the_same_401_that_is_not_rfc_shaped(
    http: httpx.AsyncClient, change: dict[str, str | None]
) -> None:
    response = await exchange(http, **{"code": await code_of(http), **change})
    assert response.status_code == 401
    assert response.json() == REFUSED


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"code": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "magic"}, 400, "unsupported_grant_type"),
    ],
)
async def test_errors_can_be_those_of_the_rfc(
    http: httpx.AsyncClient, world: World, change: dict[str, str], status: int, error: str
) -> None:
    world.switches.rfc_errors = True
    response = await exchange(http, **{"code": await code_of(http), **change})
    assert (response.status_code, response.json()["error"]) == (status, error)


@fact("An authorization code is good once", tag="R")
async def test_a_code_is_good_once(http: httpx.AsyncClient) -> None:
    code = await code_of(http)
    assert (await exchange(http, code=code)).status_code == 200
    assert (await exchange(http, code=code)).json() == REFUSED


@fact("An authorization code lives for a minute", tag="R")
async def test_a_code_is_good_for_a_minute(http: httpx.AsyncClient, world: World) -> None:
    code = await code_of(http)
    world.clock.advance(60)
    assert (await exchange(http, code=code)).status_code == 401


@fact(
    "A code that was asked for with a challenge needs its verifier", tag="D Authorization workflow"
)
async def test_a_challenge_is_held_against_the_verifier(http: httpx.AsyncClient) -> None:
    for verifier, status in ((VERIFIER, 200), ("wrong", 401), (None, 401), ("ü", 401)):
        code = await code_of(http, **CHALLENGED)
        response = await exchange(http, code=code, code_verifier=verifier)
        assert response.status_code == status


@fact(
    "A public client shows a code verifier instead of a secret, and may refresh",
    tag="D Authorization workflow",
)
async def test_a_public_client_needs_no_secret_but_its_verifier(http: httpx.AsyncClient) -> None:
    public = {"client_id": DEMO_PUBLIC_CLIENT_ID, "client_secret": None}
    code = await code_of(http, **CHALLENGED, client_id=DEMO_PUBLIC_CLIENT_ID)
    response = await exchange(http, code=code, code_verifier=VERIFIER, **public)
    assert response.status_code == 200
    refresh_token = response.json()["refresh_token"]
    renewed = await exchange(
        http, grant_type="refresh_token", refresh_token=refresh_token, **public
    )
    assert renewed.status_code == 200


@fact("The token endpoint takes forms only, no JSON", tag="D OAuth API request parameters")
async def test_json_is_not_taken(http: httpx.AsyncClient) -> None:
    response = await http.post("/oauth_token.do", json={"grant_type": "refresh_token"})
    assert (response.status_code, response.json()) == (401, REFUSED)


@fact(
    "The token endpoint takes parameters in the query string too",
    tag="D OAuth authorization code flow",
)
async def test_fields_may_stand_in_the_query_string(http: httpx.AsyncClient) -> None:
    first = await tokens_of(http)
    response = await http.post(
        "/oauth_token.do",
        params={
            "grant_type": "refresh_token",
            "refresh_token": first["refresh_token"],
            "client_id": OAuthClient().client_id,
        },
        data={"client_secret": OAuthClient().client_secret},
    )
    assert response.status_code == 200


@fact(
    "While it lives, an access token is handed out again instead of a new one",
    tag="D OAuth API response parameters",
)
async def test_a_live_access_token_is_handed_out_again_with_what_is_left_of_its_life(
    http: httpx.AsyncClient, world: World
) -> None:
    first = await tokens_of(http)
    world.clock.advance(600)
    second = (await refreshed(http, first["refresh_token"])).json()
    assert second["access_token"] == first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    assert second["expires_in"] == 1200


@fact(
    "After the end of an access token a refresh gives a new one",
    tag="D OAuth API response parameters",
)
async def test_after_its_end_a_refresh_gives_a_new_access_token(
    http: httpx.AsyncClient, world: World
) -> None:
    first = await tokens_of(http)
    world.clock.advance(1800)
    second = (await refreshed(http, first["refresh_token"])).json()
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    assert second["expires_in"] == 1800
    assert (await current_user(http, headers=bearer(first))).status_code == 401
    assert (await current_user(http, headers=bearer(second))).status_code == 200


@fact("A new sign-in gives the current tokens again and renews their life", tag="KB KB0791140")
async def test_signing_in_again_gives_the_same_tokens_with_a_full_life(
    http: httpx.AsyncClient, world: World
) -> None:
    first = await tokens_of(http)
    world.clock.advance(1000)
    second = await tokens_of(http)
    assert second == first
    world.clock.advance(1000)
    assert (await current_user(http, headers=bearer(second))).status_code == 200


@fact(
    "A refresh returns the same refresh token and does not prolong its life",
    tag="D OAuth API request parameters",
)
async def test_refreshing_does_not_prolong_the_refresh_token(
    http: httpx.AsyncClient, world: World
) -> None:
    tokens = await tokens_of(http)
    world.clock.advance(8_640_000 - 1)
    assert (await refreshed(http, tokens["refresh_token"])).status_code == 200
    world.clock.advance(1)
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED


@fact(
    "Lifespans of tokens are those of the application registry",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_lifetimes_are_the_clients(http: httpx.AsyncClient, world: World) -> None:
    world.clients.register(OAuthClient(access_token_lifespan=60, refresh_token_lifespan=120))
    tokens = await tokens_of(http)
    assert tokens["expires_in"] == 60
    world.clock.advance(120)
    assert (await refreshed(http, tokens["refresh_token"])).status_code == 401


@fact(
    "Each person has a pair of tokens of their own with a client",
    tag="D OAuth API request parameters",
)
async def test_each_person_has_tokens_of_their_own(http: httpx.AsyncClient) -> None:
    abel, beth = await tokens_of(http, "abel.tuter"), await tokens_of(http, "beth.anglin")
    assert {abel["access_token"], abel["refresh_token"]}.isdisjoint(
        {beth["access_token"], beth["refresh_token"]}
    )
    answer = await current_user(http, headers=bearer(beth))
    assert answer.json()["result"]["user_name"] == "beth.anglin"


async def test_a_client_cannot_use_the_refresh_token_of_another(
    http: httpx.AsyncClient,
) -> None:
    tokens = await tokens_of(http)
    response = await exchange(
        http,
        grant_type="refresh_token",
        refresh_token=tokens["refresh_token"],
        client_id=DEMO_PUBLIC_CLIENT_ID,
    )
    assert response.json() == REFUSED


async def test_an_access_token_is_no_refresh_token(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    assert (await refreshed(http, tokens["access_token"])).status_code == 401
    swapped = {"access_token": tokens["refresh_token"]}
    assert (await current_user(http, headers=bearer(swapped))).status_code == 401


async def test_rotation_ends_the_old_refresh_token(http: httpx.AsyncClient, world: World) -> None:
    first = await tokens_of(http)
    world.switches.rotate_refresh = True
    second = (await refreshed(http, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await refreshed(http, first["refresh_token"])).status_code == 401
    assert (await refreshed(http, second["refresh_token"])).status_code == 200


async def test_an_instance_may_mint_a_new_access_token_each_time(
    http: httpx.AsyncClient, world: World
) -> None:
    first = await tokens_of(http)
    world.switches.reuse_access_token = False
    second = (await refreshed(http, first["refresh_token"])).json()
    assert second["access_token"] != first["access_token"]
    assert (await current_user(http, headers=bearer(first))).status_code == 200


async def test_one_refresh_can_fail_and_the_next_succeeds(
    http: httpx.AsyncClient, world: World
) -> None:
    tokens = await tokens_of(http)
    world.switches.refresh_fail_once = True
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED
    assert (await refreshed(http, tokens["refresh_token"])).status_code == 200


async def test_a_refresh_can_be_slow(http: httpx.AsyncClient, world: World) -> None:
    tokens = await tokens_of(http)
    world.switches.refresh_latency = 3600.0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await refreshed(http, tokens["refresh_token"])


@pytest.mark.parametrize(
    "trait", [{"active": "false"}, {"locked_out": "true"}, {"web_service_access_only": "true"}]
)
@fact(
    "Whoever is inactive, locked out or without interactive session gets no token",
    tag="D OAuth API request parameters",
)
async def test_whoever_may_not_sign_in_gets_no_token_by_any_grant(
    http: httpx.AsyncClient, world: World, trait: dict[str, str]
) -> None:
    tokens, code = await tokens_of(http), await code_of(http)
    person = world.instance.find_user("abel.tuter")
    assert person is not None
    world.instance.update("sys_user", person["sys_id"], trait)
    assert (await exchange(http, code=code)).json() == REFUSED
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED
    assert (await _by_password(http)).json() == REFUSED


@fact(
    "All sessions of a user with a client share one pair of tokens",
    tag="D OAuth API request parameters",
)
async def test_a_user_name_and_password_give_the_same_tokens(http: httpx.AsyncClient) -> None:
    response = await _by_password(http)
    assert response.json() == await tokens_of(http)


@pytest.mark.parametrize(
    "change", [{"password": "wrong"}, {"username": "nobody"}, {"username": ""}, {"password": ""}]
)
async def test_a_wrong_password_gives_none(http: httpx.AsyncClient, change: dict[str, str]) -> None:
    assert (await _by_password(http, **change)).json() == REFUSED


@fact(
    "The client credentials grant is off until a property turns it on",
    tag="D Add an OAuth application user",
)
async def test_client_credentials_act_as_the_applications_user_where_they_are_on(
    http: httpx.AsyncClient, world: World
) -> None:
    world.clients.register(OAuthClient(acts_as="monitoring.bot"))
    assert (await _by_client(http)).json() == REFUSED
    world.switches.client_credentials = True
    tokens = (await _by_client(http)).json()
    assert "refresh_token" not in tokens
    answer = await current_user(http, headers=bearer(tokens))
    assert answer.json()["result"]["user_name"] == "monitoring.bot"


@pytest.mark.parametrize("acts_as", ["", "nobody", "otto.vance"])
async def test_client_credentials_need_somebody_to_act_as(
    http: httpx.AsyncClient, world: World, acts_as: str
) -> None:
    world.clients.register(OAuthClient(acts_as=acts_as))
    world.switches.client_credentials = True
    assert (await _by_client(http)).json() == REFUSED


@pytest.mark.parametrize("path", ["/oauth_revoke_token.do", "/oauth_revoke.do"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@fact(
    "Tokens are revoked without authentication, by GET or POST, at either of two addresses",
    tag="D Revoke an OAuth token",
)
async def test_revoking_needs_no_authentication_and_ends_the_token(
    http: httpx.AsyncClient, path: str, method: str
) -> None:
    tokens = await tokens_of(http)
    response = await http.request(method, path, params={"token": tokens["access_token"]})
    assert (response.status_code, response.content) == (200, b"")
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401


@fact("Revoking a refresh token leaves the access token alive", tag="R")
async def test_a_token_to_revoke_may_stand_in_a_form(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    await http.post("/oauth_revoke_token.do", data={"token": tokens["refresh_token"]})
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED
    assert (await current_user(http, headers=bearer(tokens))).status_code == 200


@fact("Revoking a token that is not known is 200 too", tag="R")
async def test_revoking_nothing_is_200_too(http: httpx.AsyncClient) -> None:
    for token in ("", secrets.token_urlsafe()):
        response = await http.post("/oauth_revoke_token.do", data={"token": token})
        assert (response.status_code, response.content) == (200, b"")


async def _by_password(http: httpx.AsyncClient, **changes: str) -> httpx.Response:
    fields = {"username": "abel.tuter", "password": "demo", **changes}
    return await exchange(http, grant_type="password", **fields)


async def _by_client(http: httpx.AsyncClient) -> httpx.Response:
    return await exchange(http, grant_type="client_credentials")
