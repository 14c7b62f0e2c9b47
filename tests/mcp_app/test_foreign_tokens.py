"""What is no access token of ours for `/mcp` opens nothing, and is told where to get one."""

import secrets
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client
from django.utils import timezone
from httpx import Response
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from oauth_app.hashing import stored_hash
from tests.mcp_app.clients import MCP, Http, request
from tests.mcp_app.people import Person
from tests.oauth_app.authorization_server.mcp_client import register
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_tokens import TOKEN_MUSTS

PING = request("ping")
POINTER = (
    'scope="mcp:read mcp:write", '
    'resource_metadata="http://localhost:8080/.well-known/oauth-protected-resource/mcp"'
)
INVALID = f'Bearer error="invalid_token", {POINTER}'


async def challenge(mcp: Http, token: str) -> str:
    """What a request with `token` is answered: a refusal with its challenge, in every revision."""
    answers = [await mcp.post(PING, token=token), await mcp.modern(PING, token=token)]
    assert [answer.status_code for answer in answers] == [401, 401]
    (told,) = {answer.headers["www-authenticate"] for answer in answers}
    return told


async def opened(mcp: Http, token: str) -> bool:
    """Whether the very same token opens the door: the test would prove nothing if it did not."""
    answer: Response = await mcp.post(PING, token=token)
    return answer.status_code == 200


@guards(TOKEN_MUSTS)
async def test_a_request_without_a_token_is_pointed_to_the_metadata(mcp: Http):
    for answer in (await mcp.post(PING), await mcp.web.get(""), await mcp.web.delete("")):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == f"Bearer {POINTER}"


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize(
    "audience",
    [
        "https://other.example/mcp",
        "https://localhost:8080/mcp",
        "http://localhost:9090/mcp",
        "http://localhost:8080",
        "http://localhost:8080/api",
        "http://localhost:8080/mcp/other",
        "http://localhost:8080/mcp/servicenow",
        "http://localhost:8080/MCP",
        "nonsense",
    ],
)
async def test_a_token_of_another_audience_opens_nothing(mcp: Http, abel: Person, audience: str):
    assert await challenge(mcp, await abel.access_token(resource=audience)) == INVALID


@guards(TOKEN_MUSTS)
async def test_a_token_that_servicenow_issued_opens_nothing(mcp: Http, abel: Person):
    for token in (abel.connection.access_token, abel.connection.refresh_token):
        assert token
        assert await challenge(mcp, token) == INVALID


@guards(TOKEN_MUSTS)
async def test_a_token_that_manages_a_registration_opens_nothing(mcp: Http):
    answer = await sync_to_async(register)()
    token = answer.json()["registration_access_token"]
    assert await challenge(mcp, token) == INVALID
    # Nor if it were for this endpoint and carried our scope: it belongs to nobody's consent.
    await AccessToken.objects.aupdate(resource=[settings.MCP_RESOURCE], scope="mcp:read")
    assert await challenge(mcp, token) == INVALID


@guards(TOKEN_MUSTS)
async def test_a_refresh_token_opens_nothing(mcp: Http, abel: Person):
    await abel.access_token()
    raw = secrets.token_urlsafe(32)
    await RefreshToken.objects.aupdate(token_checksum=stored_hash(raw))
    assert await challenge(mcp, raw) == INVALID


@guards(TOKEN_MUSTS)
async def test_a_code_opens_nothing(mcp: Http, abel: Person):
    await abel.access_token()
    raw = secrets.token_urlsafe(32)
    await Grant.objects.acreate(
        user=abel.user,
        application=await Application.objects.aget(),
        code=stored_hash(raw),
        expires=timezone.now() + timedelta(minutes=1),
        scope="mcp:read",
        resource=[settings.MCP_RESOURCE],
    )
    assert await challenge(mcp, raw) == INVALID


@guards(TOKEN_MUSTS)
async def test_an_expired_token_opens_nothing(mcp: Http, abel: Person, long_ago: timedelta):
    assert await challenge(mcp, await abel.access_token(lasts=long_ago)) == INVALID


@guards(TOKEN_MUSTS)
async def test_a_token_that_its_client_revoked_opens_nothing(mcp: Http, abel: Person):
    token = await abel.access_token()
    assert await opened(mcp, token)
    client = await Application.objects.aget()
    body = {"client_id": client.client_id, "token": token}
    answer = await sync_to_async(Client().post)("/o/revoke_token/", body)
    assert answer.status_code == 200
    assert await challenge(mcp, token) == INVALID


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("name", ["token", "access_token", "bearer", "authorization"])
async def test_a_token_in_the_query_string_opens_nothing(mcp: Http, abel: Person, name: str):
    token = await abel.access_token()
    assert await opened(mcp, token)
    answer = await mcp.post(PING, address=f"{MCP}?{name}={token}")
    assert answer.status_code == 401
    assert POINTER in answer.headers["www-authenticate"]


@guards(TOKEN_MUSTS)
async def test_a_token_in_the_body_opens_nothing(mcp: Http, abel: Person):
    token = await abel.access_token()
    in_json = await mcp.post(PING | {"access_token": token})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    in_form = await mcp.post(f"access_token={token}".encode(), headers=form)
    for answer in (in_json, in_form):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == f"Bearer {POINTER}"


@guards(TOKEN_MUSTS)
async def test_a_cookie_opens_nothing(mcp: Http, abel: Person):
    def session_of_abel() -> str:
        browser = Client()
        browser.force_login(abel.user)
        return browser.cookies.output(attrs=[], header="", sep=";").strip()

    cookie = await sync_to_async(session_of_abel)()
    assert "=" in cookie
    answer = await mcp.post(PING, headers={"Cookie": cookie})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == f"Bearer {POINTER}"


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("scheme", ["Basic", "Token", "DPoP", "MAC", "Bearer:", ""])
async def test_another_scheme_opens_nothing(mcp: Http, abel: Person, scheme: str):
    token = await abel.access_token()
    answer = await mcp.post(PING, headers={"Authorization": f"{scheme} {token}".strip()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == INVALID
