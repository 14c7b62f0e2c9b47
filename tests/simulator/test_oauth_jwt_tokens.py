"""Access tokens of the format JWT, and the keys that verify them."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from simulator.oauth.challenges import challenge_of
from simulator.oauth.clients import OAuthClient
from simulator.oauth.jwt import read_token
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.flow import bearer, code_of, current_user, exchange, refreshed, tokens_of

ABEL = "62826bf03710200044e0bfc8bcbe5df1"
DAYS = 86_400
VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789"


@pytest.fixture(autouse=True)
def _jwt_format(world: World) -> None:
    world.clients.register(OAuthClient(token_format="jwt"))


def number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


async def keys(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await http.get("/api/now/oauth/jwks")
    assert answer.status_code == 200
    published: list[dict[str, Any]] = answer.json()["keys"]
    return published


@fact("An access token of the format JWT is verified with the keys at /api/now/oauth/jwks", tag="D")
async def test_a_signed_token_is_verified_with_the_published_keys(http: httpx.AsyncClient) -> None:
    token = read_token((await tokens_of(http))["access_token"])
    (key,) = await keys(http)
    assert (token.header["alg"], token.header["kid"]) == ("RS256", key["kid"])
    public = RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
    assert token.is_signed_by(public)
    assert "d" not in key


async def test_its_claims_say_whose_it_is_and_until_when(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    claims = read_token(tokens["access_token"]).claims
    assert claims["sub"] == ABEL
    assert claims["aud"] == OAuthClient().client_id
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 1800


@fact(
    "The claim sub of a JWT access token is the field of sys_user that the registry names",
    tag="D Configure an OAuth authorization code grant",
)
async def test_the_subject_claim_is_the_field_of_the_registry(
    http: httpx.AsyncClient, world: World
) -> None:
    world.clients.register(OAuthClient(token_format="jwt", subject="user_name"))
    claims = read_token((await tokens_of(http))["access_token"]).claims
    assert claims["sub"] == "abel.tuter"


async def test_a_signed_token_is_used_refreshed_and_revoked_like_any(
    http: httpx.AsyncClient, world: World
) -> None:
    tokens = await tokens_of(http)
    assert (await current_user(http, headers=bearer(tokens))).status_code == 200
    world.clock.advance(1800)
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401
    renewed = (await refreshed(http, tokens["refresh_token"])).json()
    assert (await current_user(http, headers=bearer(renewed))).status_code == 200
    await http.post("/oauth_revoke_token.do", data={"token": renewed["access_token"]})
    assert (await current_user(http, headers=bearer(renewed))).status_code == 401


async def test_a_token_with_changed_claims_is_nobodys(http: httpx.AsyncClient) -> None:
    head, claims, signature = (await tokens_of(http))["access_token"].split(".")
    content = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert content["sub"] == ABEL
    forged = {"access_token": f"{head}.{claims[:-2]}AA.{signature}"}
    assert (await current_user(http, headers=bearer(forged))).status_code == 401


@fact("A rotated signing key is published for 105 days more", tag="D")
async def test_a_rotated_key_is_published_for_105_days(
    http: httpx.AsyncClient, world: World
) -> None:
    (first,) = await keys(http)
    rotated = await http.post("/simulator/keys/rotate")
    assert rotated.status_code == 201
    assert [key["kid"] for key in await keys(http)] == [rotated.json()["kid"], first["kid"]]
    token = read_token((await tokens_of(http))["access_token"])
    assert token.header["kid"] == rotated.json()["kid"]
    world.clock.advance(105 * DAYS - 1)
    assert len(await keys(http)) == 2
    world.clock.advance(1)
    assert [key["kid"] for key in await keys(http)] == [rotated.json()["kid"]]


@fact(
    "A public client whose tokens are JWTs refreshes them with 200",
    tag="D Zurich Patch 4 release notes, PRB1943178",
)
async def test_a_public_client_refreshes_its_signed_tokens(
    http: httpx.AsyncClient, world: World
) -> None:
    own = {"client_id": "public", "client_secret": None}
    world.clients.register(OAuthClient(client_id="public", public=True, token_format="jwt"))
    challenged = {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"}
    code = await code_of(http, client_id="public", **challenged)
    tokens = (await exchange(http, code=code, code_verifier=VERIFIER, **own)).json()
    world.clock.advance(1800)
    renewed = await exchange(
        http, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **own
    )
    assert renewed.status_code == 200
    assert read_token(renewed.json()["access_token"]).claims["aud"] == "public"


@fact("With the scope openid a client gets an id_token too, which names the person", tag="R")
async def test_a_client_may_ask_who_signed_in(http: httpx.AsyncClient, world: World) -> None:
    world.clients.register(OAuthClient())
    assert "id_token" not in await tokens_of(http)
    code = await code_of(http, scope="openid useraccount")
    tokens = (await exchange(http, code=code)).json()
    token = read_token(tokens["id_token"])
    assert (token.claims["sub"], token.claims["aud"]) == (ABEL, OAuthClient().client_id)
    assert token.header["kid"] == (await keys(http))[0]["kid"]
    assert (await current_user(http, headers=bearer(tokens))).status_code == 200


async def test_keys_outlive_a_restart(world: World) -> None:
    first = world.keys.published()
    again = type(world.keys)(world.instance, now=world.clock.timestamp)
    assert again.published() == first
