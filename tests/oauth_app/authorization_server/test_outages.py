"""The authorization server while its database is away."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.databases import database_away
from tests.oauth_app.authorization_server.mcp_client import McpClient, register

GRANTS = {
    "a code": {"grant_type": "authorization_code", "code": "c", "redirect_uri": "http://[::1]/"},
    "a refresh token": {"grant_type": "refresh_token", "refresh_token": "r"},
    "a secret": {"grant_type": "client_credentials", "client_secret": "s"},
}
REQUESTS: dict[str, Callable[[Client], HttpResponse]] = {
    "a revocation": lambda web: web.post("/o/revoke_token/", {"token": "t", "client_id": "c"}),
    "a registration": register,
    "a look at a registration": lambda web: web.get(
        "/o/register/abc/", headers={"authorization": "Bearer t"}
    ),
    **{
        name: lambda web, form=form: web.post("/o/token/", {"client_id": "c", **form})
        for name, form in GRANTS.items()
    },
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_client_is_told_to_come_back_while_the_database_is_away(db: None, name: str):
    with database_away():
        answer = REQUESTS[name](Client())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "no-store"


def test_a_refresh_that_met_no_database_is_good_once_it_is_back(
    abel: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    with database_away():
        assert mcp_client.refresh(tokens["refresh_token"]).status_code == 503
    assert mcp_client.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("path", ["/", "/connection", "/services", "/o/authorize/?client_id=c"])
def test_a_person_is_told_to_try_again_while_the_database_is_away(abel: Client, path: str):
    abel.raise_request_exception = False
    with database_away():
        answer = abel.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database cannot be reached" in answer.content.decode()
