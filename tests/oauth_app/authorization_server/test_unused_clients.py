"""Registration is open to everybody, so unused registrations go again."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from oauth_app.authorization_server.grants import revoke_grants
from oauth_app.authorization_server.unused_clients import KEPT, remove_unused_clients
from oauth_app.models import ClientGrant
from tests.oauth_app.authorization_server.mcp_client import McpClient


def later() -> int:
    return remove_unused_clients(now=timezone.now() + KEPT + timedelta(seconds=1))


def test_a_client_nobody_let_in_goes_after_a_week_with_its_registration_token(db: None):
    McpClient.registered()
    assert remove_unused_clients(now=timezone.now()) == 0
    assert later() == 1
    assert not Application.objects.exists()
    assert not AccessToken.objects.exists()
    assert later() == 0


def test_a_client_somebody_let_in_stays_even_if_they_ended_that(
    abel: Client, mcp_client: McpClient
):
    mcp_client.tokens(abel)
    assert later() == 0
    revoke_grants(ClientGrant.objects.all())
    assert later() == 0
    assert Application.objects.exists()


def test_a_client_made_by_an_operator_stays(db: None):
    Application.objects.create(
        redirect_uris="https://client.example/cb",
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    )
    assert later() == 0
