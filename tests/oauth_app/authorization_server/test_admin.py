"""MCP clients in the admin: who connected what; no token, no secret, nothing to edit."""

import pytest
from django.contrib import admin
from django.test import Client
from oauth2_provider.models import (
    AccessToken,
    Application,
    DeviceGrant,
    Grant,
    IDToken,
    RefreshToken,
)

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.support.operators import operator_with, superuser

CLIENTS = "/admin/oauth2_provider/application/"
GRANTS = "/admin/oauth_app/clientgrant/"
TOKENS = "/admin/oauth2_provider/accesstoken/"


@pytest.fixture
def operator(db: None) -> Client:
    """The browser of an operator who may do everything."""
    return superuser()


def pages(browser: Client) -> list[str]:
    """Every list and every row's page that shows something of clients."""
    addresses = [
        CLIENTS,
        GRANTS,
        TOKENS,
        *(f"{CLIENTS}{row.pk}/change/" for row in Application.objects.all()),
        *(f"{GRANTS}{row.pk}/change/" for row in ClientGrant.objects.all()),
        *(f"{TOKENS}{row.pk}/change/" for row in AccessToken.objects.filter(user__isnull=False)),
    ]
    answers = [browser.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(addresses)
    return [answer.content.decode() for answer in answers]


def test_an_operator_sees_clients_people_and_what_they_may_do(
    operator: Client, abel: Client, mcp_client: McpClient
):
    mcp_client.tokens(abel)
    clients, grants, tokens, *_ = pages(operator)
    assert "Claude Code" in clients
    assert "abel.tuter" in grants
    assert "Read and write" in grants
    assert "mcp:read mcp:write" in tokens


def test_no_token_secret_hash_or_code_is_on_any_page(operator: Client, abel: Client):
    client = McpClient.registered(token_endpoint_auth_method="client_secret_post")
    code = client.code(abel)
    tokens = client.exchange(client.code(abel), client_secret=client.client_secret).json()
    stored = AccessToken.objects.get(user__isnull=False)
    secrets = [
        client.client_secret,
        Application.objects.get().client_secret,
        code,
        Grant.objects.get().code,
        tokens["access_token"],
        tokens["refresh_token"],
        stored.token_checksum,
    ]
    for page in pages(operator):
        assert [secret for secret in secrets if secret in page] == []


@pytest.mark.parametrize("address", [CLIENTS, GRANTS, TOKENS])
def test_nothing_is_added_edited_or_deleted_by_hand(
    operator: Client, abel: Client, mcp_client: McpClient, address: str
):
    mcp_client.tokens(abel)
    assert operator.get(f"{address}add/").status_code == 403
    model = {CLIENTS: Application, GRANTS: ClientGrant, TOKENS: AccessToken}[address]
    row = f"{address}{model.objects.latest('pk').pk}"
    assert operator.post(f"{row}/change/", {"name": "x"}).status_code == 403
    assert operator.post(f"{row}/delete/", {"post": "yes"}).status_code == 403


def test_the_toolkits_own_pages_for_tokens_are_gone():
    for model in (Grant, IDToken, RefreshToken, DeviceGrant):
        assert not admin.site.is_registered(model)


def test_a_token_that_manages_a_registration_is_not_listed(operator: Client, db: None):
    McpClient.registered()
    assert "Claude Code" not in operator.get(TOKENS).content.decode()
    row = AccessToken.objects.get()
    assert operator.get(f"{TOKENS}{row.pk}/change/").status_code == 302


def test_an_operator_with_the_right_ends_a_consent(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    browser = operator_with("view_clientgrant", "change_clientgrant")
    form = {"action": "end_consents", "_selected_action": ClientGrant.objects.get().pk}
    response = browser.post(GRANTS, form, follow=True)
    assert "1 consent ended" in response.content.decode()
    assert verify_access_token(tokens["access_token"], resource=MCP) is None
    assert ClientGrant.objects.get().revoked_at is not None


def test_an_operator_with_the_right_disconnects_a_client_from_everybody(
    abel: Client, beth: Client, mcp_client: McpClient
):
    mcp_client.tokens(abel)
    mcp_client.tokens(beth)
    other = McpClient.registered(client_name="Other").tokens(abel)
    browser = operator_with("view_application", "change_clientgrant")
    row = Application.objects.get(client_id=mcp_client.client_id)
    form = {"action": "disconnect_everybody", "_selected_action": row.pk}
    response = browser.post(CLIENTS, form, follow=True)
    assert "2 consents ended" in response.content.decode()
    assert verify_access_token(other["access_token"], resource=MCP) is not None


def test_an_operator_who_may_only_look_ends_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    browser = operator_with("view_clientgrant")
    form = {"action": "end_consents", "_selected_action": ClientGrant.objects.get().pk}
    browser.post(GRANTS, form)
    assert verify_access_token(tokens["access_token"], resource=MCP) is not None


def test_charlie_has_no_admin(charlie: Client):
    for address in (CLIENTS, GRANTS, TOKENS):
        assert charlie.get(address).status_code == 302
