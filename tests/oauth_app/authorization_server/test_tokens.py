"""Codes become tokens once, for the client, the verifier and the address they were made for."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import Request
from oauthlib.oauth2 import InvalidGrantError

from oauth_app.authorization_server.token_families import end_family
from oauth_app.authorization_server.validator import McpValidator
from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant, GrantedToken, User
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_tokens import TOKEN_MUSTS

KINDS = ("access_token", "refresh_token")


def opens(tokens: dict[str, str]) -> bool:
    return verify_access_token(tokens["access_token"], resource=MCP) is not None


def error_of(response: HttpResponse, status: int = 400) -> str:
    assert response.status_code == status, response.content
    return str(response.json()["error"])


def test_a_code_becomes_a_bearer_token_and_a_refresh_token(abel: Client, mcp_client: McpClient):
    response = mcp_client.exchange(mcp_client.code(abel))
    tokens = response.json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 43_200
    assert tokens["scope"] == "mcp:read mcp:write"
    assert "no-store" in response["Cache-Control"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert opens(tokens)


@guards(TOKEN_MUSTS)
def test_a_confidential_client_must_show_its_secret(abel: Client):
    client = McpClient.registered(token_endpoint_auth_method="client_secret_post")
    code = client.code(abel)
    assert error_of(client.exchange(code), 401) == "invalid_client"
    assert error_of(client.exchange(code, client_secret="wrong"), 401) == "invalid_client"
    assert client.exchange(code, client_secret=client.client_secret).status_code == 200


def test_codes_and_tokens_are_stored_as_hashes_only(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    assert not Grant.objects.filter(code=code).exists()
    tokens = mcp_client.exchange(code).json()
    for model in (AccessToken, RefreshToken):
        for stored in model.objects.values():
            assert tokens["access_token"] not in map(str, stored.values())
            assert tokens["refresh_token"] not in map(str, stored.values())


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("verifier", ["wrong-verifier-" + "x" * 40, "", None])
def test_a_wrong_verifier_gets_nothing(abel: Client, mcp_client: McpClient, verifier: str | None):
    code = mcp_client.code(abel)
    assert error_of(mcp_client.exchange(code, code_verifier=verifier)) in {
        "invalid_grant",
        "invalid_request",
    }
    assert not AccessToken.objects.filter(user__isnull=False).exists()


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:33418/other", "http://127.0.0.1:1/callback", "https://evil.example"]
)
def test_the_redirect_must_be_the_same_at_both_legs(abel: Client, mcp_client: McpClient, uri: str):
    code = mcp_client.code(abel)
    assert error_of(mcp_client.exchange(code, redirect_uri=uri)) == "invalid_request"
    assert not AccessToken.objects.filter(user__isnull=False).exists()


@guards(TOKEN_MUSTS)
def test_a_code_of_another_client_gets_nothing(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    thief = McpClient.registered(client_name="Thief")
    assert error_of(thief.exchange(code)) == "invalid_grant"
    assert mcp_client.exchange(code).status_code == 200


@guards(TOKEN_MUSTS)
def test_a_code_used_twice_ends_what_the_first_use_gave(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    tokens = mcp_client.exchange(code).json()
    assert error_of(mcp_client.exchange(code)) == "invalid_grant"
    assert not opens(tokens)
    assert error_of(mcp_client.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert ClientGrant.objects.get().revoked_at is not None


def test_another_client_cannot_end_a_consent_with_a_used_code(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    tokens = mcp_client.exchange(code).json()
    assert error_of(McpClient.registered().exchange(code)) == "invalid_grant"
    assert opens(tokens)


@guards(TOKEN_MUSTS)
def test_an_old_code_gets_nothing(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert error_of(mcp_client.exchange(code)) == "invalid_grant"


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("code", ["made-up", "", None, "\x00", "ü"])
def test_a_made_up_code_gets_nothing(abel: Client, mcp_client: McpClient, code: str | None):
    assert error_of(mcp_client.exchange("", code=code)) in {
        "invalid_grant",
        "invalid_request",
    }


def test_a_code_of_somebody_who_was_turned_off_gets_nothing(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    User.objects.update(is_active=False)
    assert error_of(mcp_client.exchange(code)) == "invalid_grant"


@guards(TOKEN_MUSTS)
def test_a_foreign_resource_at_the_token_leg_is_an_invalid_target(
    abel: Client, mcp_client: McpClient
):
    code = mcp_client.code(abel)
    response = mcp_client.exchange(code, resource="https://other.example/mcp")
    assert error_of(response) == "invalid_target"
    assert not AccessToken.objects.filter(user__isnull=False).exists()


def test_a_token_is_for_the_mcp_endpoint_even_if_the_client_never_said_so(
    abel: Client, mcp_client: McpClient
):
    code = mcp_client.code(abel, resource=None)
    tokens = mcp_client.exchange(code, resource=None).json()
    assert AccessToken.objects.get(user__isnull=False).resource == [MCP]
    assert opens(tokens)


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("client_id", ["gone", "\x00"])
def test_an_unknown_client_at_the_token_leg_is_told_to_register_again(
    mcp_client: McpClient, client_id: str
):
    stranger = McpClient(client_id, web=mcp_client.web)
    assert error_of(stranger.exchange("code"), 401) == "invalid_client"


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize(
    "grant",
    [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ],
)
def test_no_other_grant_is_known(mcp_client: McpClient, grant: str):
    response = mcp_client.token(grant_type=grant, username="abel.tuter", password="demo")
    assert error_of(response) == "unsupported_grant_type"


@guards(TOKEN_MUSTS)
def test_credentials_in_the_address_are_refused(mcp_client: McpClient):
    for path in ("/o/token/", "/o/revoke_token/"):
        response = Client().post(f"{path}?client_id={mcp_client.client_id}&x=%zz")
        assert error_of(response) == "invalid_request"


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("path", ["/o/token/", "/o/revoke_token/"])
def test_tokens_are_never_to_be_had_by_get(mcp_client: McpClient, path: str):
    assert Client().get(path).status_code == 405


# --- refreshing ------------------------------------------------------------------------------


def test_a_refresh_token_gives_a_new_pair_and_ends_the_old_one(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert not opens(first)
    assert opens(second)
    third = mcp_client.refresh(second["refresh_token"], resource=MCP).json()
    assert opens(third)
    assert ClientGrant.objects.count() == 1


@guards(TOKEN_MUSTS)
def test_a_refresh_token_of_another_client_gets_nothing_and_ends_nothing(
    abel: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    thief = McpClient.registered(client_name="Thief")
    assert error_of(thief.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert opens(tokens)
    assert mcp_client.refresh(tokens["refresh_token"]).status_code == 200


@guards(TOKEN_MUSTS)
def test_a_refresh_for_a_foreign_resource_is_an_invalid_target(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    response = mcp_client.refresh(tokens["refresh_token"], resource="https://other.example/mcp")
    assert error_of(response) == "invalid_target"
    assert opens(tokens)


@guards(TOKEN_MUSTS)
def test_a_refresh_cannot_widen_the_scope(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel, answer={"read_only": "on"})
    response = mcp_client.refresh(tokens["refresh_token"], scope="mcp:read mcp:write")
    assert error_of(response) == "invalid_scope"


@guards(TOKEN_MUSTS)
def test_a_refresh_token_over_its_life_gets_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=91))
    assert error_of(mcp_client.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_somebody_who_was_turned_off_gets_no_new_tokens(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    User.objects.update(is_active=False)
    assert error_of(mcp_client.refresh(tokens["refresh_token"])) == "invalid_grant"


@guards(TOKEN_MUSTS)
def test_a_made_up_refresh_token_gets_nothing(mcp_client: McpClient):
    assert error_of(mcp_client.refresh("made-up")) == "invalid_grant"


# --- revoking --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_ends_its_consent_by_revoking_either_token(
    abel: Client, mcp_client: McpClient, kind: str
):
    tokens = mcp_client.tokens(abel)
    body = {"client_id": mcp_client.client_id, "token": tokens[kind]}
    assert Client().post("/o/revoke_token/", body).status_code == 200
    assert not opens(tokens)
    assert error_of(mcp_client.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert ClientGrant.objects.get().revoked_at is not None


@guards(TOKEN_MUSTS)
def test_another_client_cannot_revoke_a_token(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    thief = McpClient.registered()
    body = {"client_id": thief.client_id, "token": tokens["refresh_token"]}
    assert Client().post("/o/revoke_token/", body).status_code == 200
    assert opens(tokens)


def test_revoking_an_unknown_token_is_no_error(mcp_client: McpClient):
    body = {"client_id": mcp_client.client_id, "token": "made-up"}
    assert Client().post("/o/revoke_token/", body).status_code == 200


def test_deleting_a_client_ends_its_tokens(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    Application.objects.filter(client_id=mcp_client.client_id).delete()
    assert not opens(tokens)


# --- races and damage ------------------------------------------------------------------------


def copy_of_the_code() -> Grant:
    copy = Grant.objects.get()
    copy.pk = None
    return copy


def test_of_two_exchanges_at_one_moment_the_second_gets_nothing(
    abel: Client, mcp_client: McpClient
):
    code = mcp_client.code(abel)
    still_there = copy_of_the_code()
    tokens = mcp_client.exchange(code).json()
    still_there.save()  # as the second exchange read it, just before the first was done
    assert error_of(mcp_client.exchange(code)) == "invalid_grant"
    assert opens(tokens)
    assert AccessToken.objects.filter(user__isnull=False).count() == 1


def test_a_code_that_another_exchange_took_in_the_middle_is_refused(mcp_client: McpClient):
    validator, request = McpValidator(), Request("/o/token/")
    request.client = Application.objects.get(client_id=mcp_client.client_id)
    for check in (
        lambda: validator.confirm_redirect_uri("id", "gone", "https://c.example", request.client),
        lambda: validator.get_code_challenge("gone", request),
        lambda: validator.get_code_challenge_method("gone", request),
    ):
        with pytest.raises(InvalidGrantError):
            check()


def test_ending_a_family_that_is_gone_ends_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    end_family(uuid4())
    end_family(None)
    assert opens(tokens)


@guards(TOKEN_MUSTS)
def test_a_consent_revoked_in_the_middle_of_an_exchange_gives_nothing(
    abel: Client, mcp_client: McpClient
):
    code = mcp_client.code(abel)
    ClientGrant.objects.update(revoked_at=timezone.now())
    assert error_of(mcp_client.exchange(code)) == "invalid_grant"
    assert not AccessToken.objects.filter(user__isnull=False).exists()


def test_a_code_without_a_consent_gives_nothing(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    GrantedToken.objects.all().delete()
    assert error_of(mcp_client.exchange(code)) == "invalid_grant"


@guards(TOKEN_MUSTS)
def test_the_server_itself_issues_no_code_without_a_consent(abel: Client, mcp_client: McpClient):
    request = RequestFactory().post("/o/authorize/")
    request.user = User.objects.get()
    with pytest.raises(OAuthToolkitError) as refusal:
        get_oauthlib_core().create_authorization_response(
            request, scopes=["mcp:read"], credentials=mcp_client.question(), allow=True
        )
    assert refusal.value.oauthlib_error.error == "access_denied"
    assert not Grant.objects.exists()


def test_no_code_and_no_token_is_logged_even_at_debug(
    abel: Client, mcp_client: McpClient, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    code = mcp_client.code(abel)
    first = mcp_client.exchange(code).json()
    second = mcp_client.refresh(first["refresh_token"]).json()
    mcp_client.refresh(first["refresh_token"])
    mcp_client.refresh(first["refresh_token"], scope="mcp:read")
    assert caplog.records
    for secret in (code, *(pair[kind] for pair in (first, second) for kind in KINDS)):
        assert secret not in caplog.text
