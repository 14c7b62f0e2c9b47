"""OAuth at an instance whose errors are not those of the standard."""

import base64
import hashlib
import logging
import re
import traceback
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from servicenow.exceptions import (
    GrantRefused,
    OAuthFailure,
    TokenAnswerUnusable,
    TokenEndpointUnavailable,
)
from servicenow.http import cookieless_client
from servicenow.oauth import OAuthClient, TokenSet, new_verifier
from tests.servicenow.instance import ADDRESS, ScriptedInstance, SilentInstance, page

REDIRECT = "https://mcp.example/oauth/callback"
SERVICENOW_REFUSAL = {"error": "server_error", "error_description": "access_denied"}
REFRESH_TOKEN = "canary-refresh"  # by name, because a traceback shows lines of source
TOKENS = {
    "access_token": "canary-access",
    "refresh_token": "canary-refresh",
    "scope": "useraccount",
    "token_type": "Bearer",
    "expires_in": 1799,
}


@pytest.fixture
def oauth(http: httpx.AsyncClient) -> OAuthClient:
    return OAuthClient(ADDRESS, "our-client", "canary-secret", REDIRECT, http)


def form(request: httpx.Request) -> dict[str, list[str]]:
    return parse_qs(request.content.decode(), strict_parsing=True)


def test_the_browser_is_sent_with_state_and_a_challenge_but_no_verifier(
    oauth: OAuthClient,
) -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    url = oauth.authorization_url(state="a b&c", code_verifier=verifier)
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ADDRESS}/oauth_auth.do"
    assert parse_qs(parts.query, strict_parsing=True) == {
        "response_type": ["code"],
        "client_id": ["our-client"],
        "redirect_uri": [REDIRECT],
        "state": ["a b&c"],
        # The pair of RFC 7636, appendix B.
        "code_challenge": ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
        "code_challenge_method": ["S256"],
        "scope": ["useraccount"],
    }
    assert verifier not in url
    assert "secret" not in url


def test_the_scope_can_be_another_or_none(http: httpx.AsyncClient) -> None:
    none = OAuthClient(ADDRESS, "our-client", "", REDIRECT, http, scope="")
    assert "scope" not in none.authorization_url(state="s", code_verifier="v")
    other = OAuthClient(ADDRESS, "our-client", "", REDIRECT, http, scope="mcp other")
    assert "scope=mcp+other" in other.authorization_url(state="s", code_verifier="v")


def test_each_verifier_is_new_and_long_enough() -> None:
    verifiers = {new_verifier() for _ in range(100)}
    assert len(verifiers) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43,128}", verifier) for verifier in verifiers)


async def test_a_code_is_exchanged_with_its_verifier(
    oauth: OAuthClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(200, json=TOKENS))
    tokens = await oauth.exchange_code("the-code", code_verifier="the-verifier")
    assert tokens == TokenSet("canary-access", "canary-refresh", 1799, "useraccount")
    (request,) = instance.requests
    assert (request.method, str(request.url)) == ("POST", f"{ADDRESS}/oauth_token.do")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert form(request) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": [REDIRECT],
        "code_verifier": ["the-verifier"],
        "client_id": ["our-client"],
        "client_secret": ["canary-secret"],
    }


async def test_a_public_client_sends_no_secret(
    http: httpx.AsyncClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(200, json=TOKENS))
    public = OAuthClient(ADDRESS, "our-client", "", REDIRECT, http)
    await public.refresh("canary-refresh")
    assert form(instance.requests[0]) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["canary-refresh"],
        "client_id": ["our-client"],
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"refresh_token": None}, TokenSet("canary-access", None, 1799, "useraccount")),
        ({"refresh_token": ""}, TokenSet("canary-access", None, 1799, "useraccount")),
        ({"scope": None}, TokenSet("canary-access", "canary-refresh", 1799, "")),
        ({"expires_in": 0}, TokenSet("canary-access", "canary-refresh", 0, "useraccount")),
        ({"expires_in": 9.7}, TokenSet("canary-access", "canary-refresh", 9, "useraccount")),
        ({"expires_in": "60"}, TokenSet("canary-access", "canary-refresh", 60, "useraccount")),
        (
            {"token_type": "bearer"},
            TokenSet("canary-access", "canary-refresh", 1799, "useraccount"),
        ),
    ],
)
async def test_token_answers_may_vary_a_little(
    oauth: OAuthClient, instance: ScriptedInstance, changes: dict[str, object], expected: TokenSet
) -> None:
    instance.replies(httpx.Response(200, json=TOKENS | changes))
    assert await oauth.refresh("canary-refresh") == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_in": None},
        {"expires_in": "soon"},
        {"expires_in": -1},
        {"expires_in": True},
        {"expires_in": [1799]},
        {"expires_in": 1e300},
        {"access_token": None},
        {"access_token": ""},
        {"access_token": 7},
        {"token_type": "mac"},
    ],
)
async def test_an_unusable_token_answer_is_a_clear_failure(
    oauth: OAuthClient, instance: ScriptedInstance, changes: dict[str, object]
) -> None:
    instance.replies(httpx.Response(200, json=TOKENS | changes))
    with pytest.raises(TokenAnswerUnusable, match="the token endpoint answered"):
        await oauth.refresh("canary-refresh")


async def test_a_token_answer_without_a_lifetime_is_a_clear_failure(
    oauth: OAuthClient, instance: ScriptedInstance
) -> None:
    without = {name: value for name, value in TOKENS.items() if name != "expires_in"}
    instance.replies(httpx.Response(200, json=without))
    with pytest.raises(TokenAnswerUnusable, match="how long it lives"):
        await oauth.refresh("canary-refresh")


@pytest.mark.parametrize(
    ("status", "document", "rfc_error"),
    [
        (401, SERVICENOW_REFUSAL, None),
        (400, SERVICENOW_REFUSAL, None),
        (401, {"error": {"message": "User Not Authenticated"}, "status": "failure"}, None),
        (401, {}, None),
        (400, {"error": "invalid_grant"}, "invalid_grant"),
        (401, {"error": "invalid_grant"}, "invalid_grant"),
        (401, {"error": "invalid_client", "error_description": "x"}, "invalid_client"),
        (400, {"error": "unauthorized_client"}, "unauthorized_client"),
        (400, {"error": "invalid_request"}, "invalid_request"),
        (403, {"error": "invalid_grant"}, "invalid_grant"),
        (200, {"error": "invalid_grant"}, "invalid_grant"),
    ],
)
async def test_a_refusal_says_only_what_is_certain(
    oauth: OAuthClient,
    instance: ScriptedInstance,
    status: int,
    document: dict[str, object],
    rfc_error: str | None,
) -> None:
    instance.replies(httpx.Response(status, json=document))
    with pytest.raises(GrantRefused) as caught:
        await oauth.refresh("canary-refresh")
    assert caught.value.rfc_error == rfc_error
    assert len(instance.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(429, json={"error": {"message": "Rate limit exceeded"}}),
        httpx.Response(429, json={"error": "invalid_grant"}),
        httpx.Response(500, json=SERVICENOW_REFUSAL),
        httpx.Response(503, json={"error": "invalid_grant"}),
        httpx.Response(403, json={"error": "blocked"}),
        httpx.Response(404, json={"error": {"message": "x"}}),
        httpx.Response(200, json=SERVICENOW_REFUSAL),
        httpx.Response(200, json=["x"]),
        httpx.Response(200, content=b'{"access_token":"canary'),
        httpx.Response(200, content=b""),
        httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
        page("Instance Hibernating page"),
        page("Login password"),
        page("Unauthorized", 401),
        page("Bad request", 400),
        page("Bad gateway", 502),
        httpx.ConnectError("no"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("broke"),
        ConnectionResetError("reset"),
    ],
)
async def test_when_nothing_was_decided_nobody_is_refused(
    oauth: OAuthClient, instance: ScriptedInstance, reply: httpx.Response
) -> None:
    instance.replies(reply)
    with pytest.raises(TokenEndpointUnavailable):
        await oauth.refresh("canary-refresh")
    assert len(instance.requests) == 1


async def test_a_silent_token_endpoint_is_not_waited_for_longer_than_five_seconds(
    oauth: OAuthClient,
) -> None:
    assert oauth.seconds == 5.0
    async with cookieless_client(transport=SilentInstance()) as http:
        impatient = OAuthClient(ADDRESS, "our-client", "", REDIRECT, http, seconds=0.01)
        with pytest.raises(TokenEndpointUnavailable, match="TimeoutError"):
            await impatient.refresh("canary-refresh")


async def test_an_endless_token_answer_is_not_read_to_its_end(
    oauth: OAuthClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(200, content=b" " * 10_000_001))
    with pytest.raises(TokenEndpointUnavailable, match="AnswerTooLarge"):
        await oauth.refresh("canary-refresh")


async def test_a_token_is_revoked_without_standing_in_a_url(
    oauth: OAuthClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(200))
    await oauth.revoke("canary-refresh")
    (request,) = instance.requests
    assert (request.method, str(request.url)) == ("POST", f"{ADDRESS}/oauth_revoke_token.do")
    assert form(request) == {"token": ["canary-refresh"]}


@pytest.mark.parametrize("reply", [httpx.Response(500), page("x", 404), httpx.ReadError("x")])
async def test_an_unconfirmed_revocation_is_told(
    oauth: OAuthClient, instance: ScriptedInstance, reply: httpx.Response
) -> None:
    instance.replies(reply)
    with pytest.raises(TokenEndpointUnavailable):
        await oauth.revoke("canary-refresh")


async def test_no_token_is_shown_in_a_repr_a_log_or_an_exception(
    oauth: OAuthClient, instance: ScriptedInstance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    instance.replies(
        httpx.Response(200, json=TOKENS),
        httpx.Response(401, json=SERVICENOW_REFUSAL),
        httpx.Response(200, json=TOKENS | {"expires_in": "soon"}),
        httpx.ReadError("broke"),
        httpx.Response(200),
    )
    shown = [repr(oauth), repr(await oauth.exchange_code("canary-code", code_verifier="canary"))]
    for _ in range(3):
        with pytest.raises(OAuthFailure) as caught:
            await oauth.refresh(REFRESH_TOKEN)
        shown += traceback.format_exception(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    await oauth.revoke("canary-access")
    assert "canary" not in "".join(shown) + caplog.text


def test_the_challenge_is_the_hash_of_the_verifier(oauth: OAuthClient) -> None:
    verifier = new_verifier()
    url = oauth.authorization_url(state="s", code_verifier=verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert parse_qs(urlsplit(url).query)["code_challenge"] == [expected]
