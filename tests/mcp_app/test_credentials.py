"""Who gets in: one valid credential, in its place, of this server; everybody else gets 401."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from oauth2_provider.models import AccessToken
from pytest_django import Settings

from mcp_app.auth import Presented, VerifiedCredentials, VerifiedUser, take_credential
from mcp_app.credentials import Credential, credential_of_access_token
from mcp_app.exceptions import CredentialRefused
from oauth_app import reconnect_tokens
from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.models import ClientGrant, ReconnectToken
from tests.mcp_app.clients import MCP, Http, request
from tests.mcp_app.people import Person
from tests.support.clock import Clock

PING = request("ping")
METADATA = "http://localhost:8080/.well-known/oauth-protected-resource/mcp"
CHALLENGE = f'scope="mcp:read mcp:write", resource_metadata="{METADATA}"'


async def test_without_a_credential_the_metadata_is_pointed_at(mcp: Http):
    answer = await mcp.post(PING)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == f"Bearer {CHALLENGE}"


async def refused(answer_of: object) -> bool:
    """Whether it was 401 `invalid_token` with the pointer to the metadata."""
    return (answer_of.status_code, answer_of.headers["www-authenticate"]) == (
        401,
        f'Bearer error="invalid_token", {CHALLENGE}',
    )


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer unknown",
        "Bearer snmcp_unknown",
        "Bearer ",
        "Bearer",
        "Basic YWJlbDpkZW1v",
        "Bearer a b",
        "Bearer \xe9",
        "Bearer " + "x" * 600,
        "",
        "unknown",
    ],
)
async def test_an_unknown_or_malformed_credential_is_refused(mcp: Http, authorization: str):
    headers = {"Authorization": authorization.encode("latin-1")}
    answer = await mcp.post(PING, headers=headers)
    assert await refused(answer)


async def test_a_token_that_is_over_is_refused(mcp: Http, abel: Person):
    token = await abel.access_token(lasts=timedelta(seconds=-1))
    assert await refused(await mcp.post(PING, token=token))


@pytest.mark.parametrize(
    "resource", ["https://other.example/mcp", "http://localhost:8080/api", "http://localhost:8080"]
)
async def test_a_token_for_another_audience_is_refused(mcp: Http, abel: Person, resource: str):
    assert await refused(await mcp.post(PING, token=await abel.access_token(resource=resource)))


async def test_a_token_for_another_server_is_refused(mcp: Http, abel: Person, settings: Settings):
    token = await abel.access_token()
    settings.MCP_RESOURCE = "https://other.example/mcp"
    assert await refused(await mcp.post(PING, token=token))


async def test_a_token_of_servicenow_is_refused(mcp: Http, abel: Person):
    assert await refused(await mcp.post(PING, token=abel.connection.access_token))
    assert await refused(await mcp.post(PING, token=abel.connection.refresh_token))


async def test_a_token_without_our_scope_is_refused(mcp: Http, abel: Person):
    assert await refused(await mcp.post(PING, token=await abel.access_token(scope="read")))


async def test_a_token_of_a_person_who_was_turned_off_is_refused(mcp: Http, abel: Person):
    tokens = [await abel.access_token(), await abel.reconnect_token()]
    abel.user.is_active = False
    await abel.user.asave()
    for token in tokens:
        assert await refused(await mcp.post(PING, token=token))


async def test_a_revoked_consent_ends_its_tokens(mcp: Http, abel: Person):
    token = await abel.access_token()
    await sync_to_async(revoke_grant)(await ClientGrant.objects.aget())
    assert await refused(await mcp.post(PING, token=token))


async def test_a_reconnect_token_opens_in_the_header_and_in_the_personal_url(
    mcp: Http, abel: Person
):
    token = await abel.reconnect_token()
    in_header = await mcp.post(PING, token=token)
    in_url = await mcp.post(PING, address=f"{MCP}?token={token}")
    assert (in_header.status_code, in_url.status_code) == (200, 200)


async def test_its_use_is_noted(mcp: Http, abel: Person):
    agent = {"User-Agent": "some-client/1.0"}
    await mcp.post(PING, token=await abel.reconnect_token(), headers=agent)
    token = await ReconnectToken.objects.aget()
    assert token.last_used_address == "203.0.113.7"
    assert token.last_used_client == "some-client/1.0"
    assert token.last_used_at is not None


async def test_charlie_cannot_use_abels_reconnect_token_after_it_was_revoked(
    mcp: Http, abel: Person
):
    token = await abel.reconnect_token()
    assert (await mcp.post(PING, token=token)).status_code == 200
    await sync_to_async(reconnect_tokens.revoke)(await ReconnectToken.objects.aget())
    assert await refused(await mcp.post(PING, token=token))
    assert await refused(await mcp.post(PING, address=f"{MCP}?token={token}"))


@pytest.mark.parametrize("change", ["expired", "idle"])
async def test_a_reconnect_token_that_is_over_is_refused(mcp: Http, abel: Person, change: str):
    token = await abel.reconnect_token()
    past = timezone.now() - timedelta(days=31)
    changed = {"expires_at": past} if change == "expired" else {"idle_since": past}
    await ReconnectToken.objects.aupdate(**changed)
    assert await refused(await mcp.post(PING, token=token))


async def test_the_personal_url_is_an_operators_switch(mcp: Http, abel: Person, settings: Settings):
    token = await abel.reconnect_token()
    settings.MCP_URL_TOKENS = False
    assert await refused(await mcp.post(PING, address=f"{MCP}?token={token}"))
    assert (await mcp.post(PING, token=token)).status_code == 200


@pytest.mark.parametrize("name", ["token", "access_token"])
async def test_an_access_token_in_the_url_is_refused(mcp: Http, abel: Person, name: str):
    token = await abel.access_token()
    assert await refused(await mcp.post(PING, address=f"{MCP}?{name}={token}"))


async def test_a_reconnect_token_under_another_name_in_the_url_is_refused(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    assert await refused(await mcp.post(PING, address=f"{MCP}?access_token={token}"))
    assert (await mcp.post(PING, address=f"{MCP}?Token={token}")).status_code == 401


async def test_a_query_of_many_parts_is_refused(mcp: Http, abel: Person):
    parts = "&".join(f"a{number}=1" for number in range(30))
    answer = await mcp.post(PING, token=await abel.access_token(), address=f"{MCP}?{parts}")
    assert await refused(answer)


async def test_more_than_one_credential_is_refused(mcp: Http, abel: Person):
    access, reconnect = await abel.access_token(), await abel.reconnect_token()
    both = await mcp.post(PING, token=access, address=f"{MCP}?token={reconnect}")
    twice = await mcp.post(PING, address=f"{MCP}?token={reconnect}&token={reconnect}")
    headers = [("Authorization", f"Bearer {access}"), ("Authorization", f"Bearer {reconnect}")]
    two_headers = await mcp.web.post("", headers=headers, content=b"{}")
    for answer in (both, twice, two_headers):
        assert answer.status_code == 400
        assert "more than one credential" in answer.text


async def test_a_refusal_is_logged_with_its_reason_and_without_the_credential(
    mcp: Http, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", logger="mcp_app.endpoint")
    await mcp.post(PING, address=f"{MCP}?access_token=canary", headers={"User-Agent": "x"})
    [logged] = [one for one in caplog.records if one.name == "mcp_app.endpoint"]
    assert "This credential is not accepted in a URL" in str(logged.msg)
    assert "203.0.113.7" in str(logged.msg)
    assert "canary" not in caplog.text


async def test_cookies_open_nothing(mcp: Http, abel: Person):
    answer = await mcp.post(PING, headers={"Cookie": "sessionid=anything; access_token=x"})
    assert answer.status_code == 401


def test_the_query_string_is_gone_once_it_was_read():
    scope = {"headers": [], "query_string": b"token=snmcp_canary"}
    presented = take_credential(scope)
    assert scope["query_string"] == b""
    assert presented.is_in_url
    assert "canary" not in repr(presented)


def test_the_query_string_is_gone_also_when_it_is_refused():
    scope = {"headers": [], "query_string": b"access_token=canary"}
    with pytest.raises(CredentialRefused):
        take_credential(scope)
    assert scope["query_string"] == b""


async def test_the_sdk_is_given_a_principal_and_no_token(db: None, abel: Person):
    raw = await abel.access_token()
    credential = await sync_to_async(credential_of_access_token)(raw)
    assert credential is not None
    user = VerifiedUser(credential)
    assert user.access_token.token == ""
    assert user.access_token.subject == str(abel.user.pk)
    assert user.access_token.claims == {"iss": "http://localhost:8080"}
    assert user.scopes == ["mcp:read", "mcp:write"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(clock: Clock) -> VerifiedCredentials:
    return VerifiedCredentials(clock=clock)


async def verified(kept: VerifiedCredentials, token: str) -> Credential:
    presented = Presented(token, is_in_url=False)
    return await kept.verified(presented, address="203.0.113.7", client="tests")


async def test_a_verified_credential_is_kept_for_half_a_second(
    db: None, abel: Person, kept: VerifiedCredentials, clock: Clock
):
    token = await abel.access_token()
    first = await verified(kept, token)
    await AccessToken.objects.all().adelete()
    clock.now += 0.4
    assert await verified(kept, token) is first
    clock.now += 0.2
    with pytest.raises(CredentialRefused):
        await verified(kept, token)


async def test_a_forgotten_credential_is_asked_for_at_once(
    db: None, abel: Person, kept: VerifiedCredentials
):
    token = await abel.access_token()
    await verified(kept, token)
    await AccessToken.objects.all().adelete()
    kept.forget()
    with pytest.raises(CredentialRefused):
        await verified(kept, token)


async def test_credentials_of_two_people_are_kept_apart(
    db: None, abel: Person, beth: Person, kept: VerifiedCredentials
):
    of_abel, of_beth = await abel.access_token(), await beth.access_token()
    for _ in range(2):
        assert (await verified(kept, of_abel)).user_id == abel.user.pk
        assert (await verified(kept, of_beth)).user_id == beth.user.pk


async def test_only_so_many_credentials_are_kept(db: None, abel: Person, clock: Clock):
    kept = VerifiedCredentials(clock=clock, most=1)
    first, second = await abel.access_token(), await abel.access_token()
    before = await verified(kept, first)
    assert await verified(kept, first) is before
    await verified(kept, second)
    assert await verified(kept, first) is not before
