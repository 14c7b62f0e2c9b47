"""What ends between the moment a client was believed and the moment its tokens are stored."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken

from oauth_app.models import ClientGrant
from tests.oauth_app.authorization_server.people import connected_person
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
