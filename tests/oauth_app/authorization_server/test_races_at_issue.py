"""What ends between the moment a client was believed and the moment its tokens are stored."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, Grant

from oauth_app.authorization_server.codes import allow
from oauth_app.authorization_server.requests import AuthorizationRefused, ClientRequest
from oauth_app.models import ClientGrant
from tests.oauth_app.authorization_server.mcp_client import (
    VERIFIER,
    WEB_REDIRECT,
    McpClient,
    challenge_of,
)
from tests.oauth_app.authorization_server.people import browser_of, connected_person
from tests.oauth_app.authorization_server.service_principals import ServicePrincipal

pytestmark = pytest.mark.usefixtures("db")


class EndedMeanwhile:
    """Ends every consent right before the first query that reads consents."""

    def __init__(self) -> None:
        self.has_struck = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if 'FROM "oauth_app_clientgrant"' in sql and not self.has_struck:
            self.has_struck = True
            ClientGrant.objects.update(revoked_at=timezone.now())
        return execute(sql, *rest)


def test_a_service_principal_that_ends_while_it_asks_gets_no_token():
    principal = ServicePrincipal.made_by(connected_person("abel.tuter", "Abel Tuter"))
    ended = EndedMeanwhile()
    with connection.execute_wrapper(ended):
        answer = principal.asks()
    assert ended.has_struck
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not AccessToken.objects.exists()


def test_an_address_that_a_client_gave_up_meanwhile_gets_no_code_and_leaves_no_consent():
    abel = connected_person("abel.tuter", "Abel Tuter")
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT])
    request = client.ask(browser_of(abel)).wsgi_request
    asked = ClientRequest(client.client_id, WEB_REDIRECT, "", ("mcp:read",), challenge_of(VERIFIER))
    Application.objects.update(redirect_uris="https://elsewhere.example/callback")
    with pytest.raises(AuthorizationRefused) as refused:
        allow(request, asked, user=abel.user, access="read", toolsets=["people"])
    assert refused.value.redirect_to is None
    assert not ClientGrant.objects.exists()
    assert not Grant.objects.exists()
