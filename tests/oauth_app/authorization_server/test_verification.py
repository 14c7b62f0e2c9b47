"""What an access token proves at `/mcp`, and what proves nothing there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from oauth_app.authorization_server.grants import (
    connected_clients,
    revoke_grant,
    revoke_grants,
)
from oauth_app.authorization_server.verification import VerifiedToken, verify_access_token
from oauth_app.models import ClientGrant, GrantedToken, User
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient, register


def verified(tokens: dict[str, str], *, resource: str = MCP) -> VerifiedToken | None:
    return verify_access_token(tokens["access_token"], resource=resource)


def test_a_token_names_its_person_client_and_consent(abel: Client, mcp_client: McpClient):
    found = verified(mcp_client.tokens(abel, answer={"toolsets": ["incidents"]}))
    assert found is not None
    assert found.user.username == "abel.tuter"
    assert found.application.client_id == mcp_client.client_id
    assert found.client_name == "Claude Code"
    assert found.scopes == {"mcp:read", "mcp:write"}
    assert found.client_grant == ClientGrant.objects.get()
    assert found.access == "write"
    assert found.toolsets == {"incidents"}
    assert not found.asked_for_less


def test_a_client_that_asked_for_less_may_ask_again(abel: Client, mcp_client: McpClient):
    found = verified(mcp_client.tokens(abel, scope="mcp:read"))
    assert found is not None
    assert found.access == "read"
    assert found.asked_for_less


def test_a_person_who_narrowed_is_not_asked_again(abel: Client, mcp_client: McpClient):
    found = verified(mcp_client.tokens(abel, answer={"read_only": "on"}))
    assert found is not None
    assert found.access == "read"
    assert found.scopes == {"mcp:read"}
    assert not found.asked_for_less


def test_a_consent_for_every_toolset_has_no_list(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    ClientGrant.objects.update(toolsets=None)
    found = verified(tokens)
    assert found is not None
    assert found.toolsets is None


def test_what_was_allowed_last_counts_for_all_tokens_of_a_client_at_an_address(
    abel: Client, mcp_client: McpClient
):
    first = mcp_client.tokens(abel)
    second = mcp_client.tokens(abel, answer={"read_only": "on", "toolsets": ["incidents"]})
    for tokens in (first, second):
        found = verified(tokens)
        assert found is not None
        assert found.access == "read"
        assert found.toolsets == {"incidents"}
    revoke_grant(ClientGrant.objects.get())
    assert verified(first) is None
    assert verified(second) is None


def test_consents_at_two_addresses_of_a_client_stay_apart(abel: Client):
    here, elsewhere = "http://localhost:33418/callback", "https://client.example/callback"
    client = McpClient.registered(redirect_uris=[here, elsewhere])
    wide = client.tokens(abel)
    client.redirect_uri = elsewhere
    narrow = client.tokens(abel, answer={"read_only": "on"})
    refreshed = client.refresh(wide["refresh_token"]).json()
    narrow_again = client.refresh(narrow["refresh_token"]).json()
    for tokens, access in ((refreshed, "write"), (narrow_again, "read")):
        found = verified(tokens)
        assert found is not None
        assert found.access == access
    first, second = ClientGrant.objects.order_by("pk")
    revoke_grant(first)
    assert verified(refreshed) is None
    assert verified(narrow_again) is not None
    assert second.revoked_at is None


@pytest.mark.parametrize(
    "resource", ["https://other.example/mcp", "http://localhost:8080/api", "http://localhost:8080"]
)
def test_a_token_opens_no_other_resource(abel: Client, mcp_client: McpClient, resource: str):
    assert verified(mcp_client.tokens(abel), resource=resource) is None


@pytest.mark.parametrize("audience", [[], ["https://other.example/mcp"], ["nonsense"]])
def test_a_token_of_another_or_no_audience_opens_nothing(
    abel: Client, mcp_client: McpClient, audience: list[str]
):
    tokens = mcp_client.tokens(abel)
    AccessToken.objects.update(resource=audience)
    assert verified(tokens) is None


def test_an_expired_token_opens_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    AccessToken.objects.update(expires=timezone.now())
    assert verified(tokens) is None


def test_a_token_of_somebody_who_was_turned_off_opens_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    User.objects.update(is_active=False)
    assert verified(tokens) is None


def test_a_token_without_our_scope_opens_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    AccessToken.objects.update(scope="mcp:write")
    assert verified(tokens) is None


def test_a_token_whose_consent_is_gone_opens_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    GrantedToken.objects.all().delete()
    assert verified(tokens) is None
    assert mcp_client.refresh(tokens["refresh_token"]).status_code == 400


def test_a_token_whose_refresh_token_is_gone_opens_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    RefreshToken.objects.all().delete()
    assert verified(tokens) is None


def test_a_token_tied_to_another_persons_consent_opens_nothing(
    abel: Client, beth: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    ClientGrant.objects.update(user=User.objects.get(username="beth.anglin"))
    assert verified(tokens) is None


def test_a_registration_token_opens_nothing(db: None):
    token = register().json()["registration_access_token"]
    assert verify_access_token(token, resource=MCP) is None
    AccessToken.objects.update(resource=[MCP], scope="mcp:read")
    assert verify_access_token(token, resource=MCP) is None


@pytest.mark.parametrize("raw", ["", "made-up", "snmcp_x", "ü", "\udcff", "\x00"])
def test_what_is_no_token_opens_nothing(db: None, raw: str):
    assert verify_access_token(raw, resource=MCP) is None


def test_a_revoked_consent_ends_its_tokens_at_once_and_the_code_on_its_way(
    abel: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    code = mcp_client.code(abel)
    assert revoke_grants(ClientGrant.objects.all()) == 1
    assert verified(tokens) is None
    assert not AccessToken.objects.filter(user__isnull=False).exists()
    assert mcp_client.exchange(code).status_code == 400
    assert mcp_client.refresh(tokens["refresh_token"]).status_code == 400


def test_revoking_marks_the_moment_only_once(abel: Client, mcp_client: McpClient):
    mcp_client.tokens(abel)
    grant = ClientGrant.objects.get()
    revoke_grant(grant)
    grant.refresh_from_db()
    moment = grant.revoked_at
    revoke_grant(grant)
    grant.refresh_from_db()
    assert grant.revoked_at == moment


def test_the_last_use_is_noted_at_most_once_a_minute(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    verified(tokens)
    first = ClientGrant.objects.get().last_used_at
    verified(tokens)
    assert ClientGrant.objects.get().last_used_at == first
    long_ago = timezone.now() - timedelta(minutes=2)
    ClientGrant.objects.update(last_used_at=long_ago)
    verified(tokens)
    assert ClientGrant.objects.get().last_used_at > long_ago


def test_only_clients_that_hold_tokens_are_connected(
    abel: Client, beth: Client, mcp_client: McpClient
):
    mcp_client.code(abel)  # never exchanged
    mcp_client.tokens(abel)
    mcp_client.tokens(beth)
    person = User.objects.get(username="abel.tuter")
    (grant,) = connected_clients(person)
    assert grant.user == person
    revoke_grant(grant)
    assert connected_clients(person) == []


def test_a_token_of_no_family_hangs_on_no_consent_and_opens_nothing(
    abel: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    RefreshToken.objects.update(token_family=None)
    assert verified(tokens) is None


def test_a_token_of_no_client_opens_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    RefreshToken.objects.all().delete()
    AccessToken.objects.update(application=None)
    assert verified(tokens) is None
