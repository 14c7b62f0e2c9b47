"""A reconnect token as an "API key", in the headers that clients without OAuth send it in."""

import pytest

from mcp_app.auth import Presented, VerifiedCredentials, challenge, take_credential
from mcp_app.exceptions import CredentialRefused, SeveralCredentials
from tests.mcp_app.clients import MCP, Http, request
from tests.mcp_app.people import Person

PING = request("ping")
ALIAS = "/mcp/servicenow"
METADATA = "http://localhost:8080/.well-known/oauth-protected-resource"


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("Authorization", "{}"),
        ("Authorization", " {} "),
        ("Authorization", "bearer {}"),
        ("X-API-Key", "{}"),
        ("x-api-key", " {} "),
    ],
)
async def test_a_reconnect_token_opens_as_an_api_key(
    mcp: Http, abel: Person, header: str, text: str
):
    token = await abel.reconnect_token()
    answer = await mcp.post(PING, headers={header: text.format(token)})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "text", ["", "unknown", "snmcp_unknown", "Bearer {}", "{} {}", "ApiKey {}", "{}\xe9"]
)
async def test_what_is_no_live_reconnect_token_opens_nothing_as_an_api_key(
    mcp: Http, abel: Person, text: str
):
    sent = text.replace("{}", await abel.reconnect_token())
    answer = await mcp.post(PING, headers={"X-API-Key": sent.encode("latin-1")})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_an_access_token_needs_its_scheme_and_is_no_api_key(mcp: Http, abel: Person):
    token = await abel.access_token()
    for headers in ({"Authorization": token}, {"X-API-Key": token}):
        assert (await mcp.post(PING, headers=headers)).status_code == 401


async def test_a_user_name_and_password_are_refused_with_what_to_use_instead(mcp: Http):
    answer = await mcp.post(PING, headers={"Authorization": "Basic YWJlbDpkZW1v"})
    assert answer.status_code == 401
    assert "use OAuth or a reconnect token" in answer.text


async def test_a_key_beside_another_credential_is_refused(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    beside_bearer = await mcp.post(PING, token=token, headers={"X-API-Key": token})
    beside_url = await mcp.post(PING, headers={"X-API-Key": token}, address=f"{MCP}?token={token}")
    twice = await mcp.web.post("", headers=[("X-API-Key", token)] * 2, content=b"{}")
    for answer in (beside_bearer, beside_url, twice):
        assert answer.status_code == 400
        assert "more than one credential" in answer.text


async def test_a_key_in_the_body_opens_nothing(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    body = {**PING, "params": {"api_key": token, "token": token, "Authorization": token}}
    assert (await mcp.post(body)).status_code == 401


async def test_a_refused_key_is_not_logged(
    mcp: Http, abel: Person, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    await mcp.post(PING, headers={"X-API-Key": "snmcp_canary-of-a-key"})
    await mcp.post(PING, headers={"Authorization": "snmcp_canary-of-a-key"})
    assert "canary" not in caplog.text


def test_the_challenge_of_each_path_points_to_its_own_metadata():
    assert f'resource_metadata="{METADATA}/mcp"' in challenge()
    assert f'resource_metadata="{METADATA}/mcp/servicenow"' in challenge(path=ALIAS)
    for headers in ([], [(b"authorization", b"Basic x")]):
        with pytest.raises(CredentialRefused) as refused:
            take_credential({"headers": headers, "query_string": b""}, path=ALIAS)
        assert f'"{METADATA}/mcp/servicenow"' in refused.value.headers["WWW-Authenticate"]


def test_several_credentials_are_no_matter_of_a_path():
    scope = {"headers": [(b"x-api-key", b"a"), (b"authorization", b"b")], "query_string": b""}
    with pytest.raises(SeveralCredentials):
        take_credential(scope, path=ALIAS)


async def test_what_opened_the_alias_a_moment_ago_does_not_open_the_endpoint(
    db: None, abel: Person
):
    kept = VerifiedCredentials()
    alone = Presented(
        await abel.access_token(resource=f"http://localhost:8080{ALIAS}"), is_in_url=False
    )
    of_both = Presented(await abel.access_token(), is_in_url=False)
    for presented in (alone, of_both, alone):
        found = await kept.verified(presented, address="", client="", path=ALIAS)
        assert found.user_id == abel.user.pk
    assert (await kept.verified(of_both, address="", client="")).user_id == abel.user.pk
    with pytest.raises(CredentialRefused) as refused:
        await kept.verified(alone, address="", client="")
    assert f'"{METADATA}/mcp"' in refused.value.headers["WWW-Authenticate"]
