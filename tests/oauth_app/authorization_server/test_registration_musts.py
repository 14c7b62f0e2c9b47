"""What a registration answers in full, and what nobody but its client may do with it."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken, Application, RefreshToken

from oauth_app.models import ClientGrant
from tests.oauth_app.authorization_server.mcp_client import REDIRECT, McpClient, register
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_clients import CLIENT_MUSTS

pytestmark = pytest.mark.usefixtures("db")
METHODS = pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])


def manage(method: str, path: str, token: str = "", **metadata: object) -> HttpResponse:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    described = {
        "redirect_uris": [REDIRECT],
        "token_endpoint_auth_method": "none",
        **metadata,
    }
    body = json.dumps(described)
    return Client(headers=headers).generic(method, path, body, content_type="application/json")


class Registration:
    """A registered client with its token."""

    def __init__(self, **metadata: object) -> None:
        self.body = register(**metadata).json()
        self.path = self.body["registration_client_uri"].removeprefix("http://localhost:8080")
        self.token = self.body["registration_access_token"]

    def ask(self, method: str, **metadata: object) -> HttpResponse:
        return manage(method, self.path, self.token, **metadata)


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize("method", ["none", "client_secret_post", "client_secret_basic"])
def test_a_registration_answer_leaves_nothing_out(method: str):
    body = register(token_endpoint_auth_method=method, scope="mcp:read").json()
    expected = {
        "client_id",
        "client_id_issued_at",
        "client_secret_expires_at",
        "client_name",
        "grant_types",
        "redirect_uris",
        "registration_access_token",
        "registration_client_uri",
        "response_types",
        "token_endpoint_auth_method",
    }
    assert expected - body.keys() == set()
    assert ("client_secret" in body) == (method != "none")
    assert body["token_endpoint_auth_method"] == method


@guards(CLIENT_MUSTS)
@METHODS
def test_a_registration_is_managed_with_its_own_token_only(method: str):
    mine, other = Registration(), Registration()
    for token in ("", "made-up", other.token, mine.body["client_id"]):
        assert manage(method, mine.path, token).status_code == 401
    assert Application.objects.count() == 2


@guards(CLIENT_MUSTS)
@METHODS
def test_an_access_token_manages_no_registration(abel: Client, mcp_client: McpClient, method: str):
    tokens = mcp_client.tokens(abel)
    path = f"/o/register/{mcp_client.client_id}/"
    for kind in ("access_token", "refresh_token"):
        assert manage(method, path, tokens[kind]).status_code == 401
    assert Application.objects.count() == 1


@guards(CLIENT_MUSTS)
@METHODS
def test_a_registration_that_does_not_exist_is_answered_as_a_wrong_token(method: str):
    mine = Registration()
    assert manage(method, "/o/register/gone/", mine.token).status_code == 401
    assert manage(method, "/o/register/%00/", mine.token).status_code == 401


@guards(CLIENT_MUSTS)
def test_a_deleted_registration_takes_all_its_credentials_along(abel: Client):
    mine = Registration()
    client = McpClient(mine.body["client_id"])
    tokens = client.tokens(abel)
    assert mine.ask("DELETE").status_code == 204
    assert mine.ask("GET").status_code == 401
    refreshed = client.refresh(tokens["refresh_token"])
    assert (refreshed.status_code, refreshed.json()["error"]) == (401, "invalid_client")
    for model in (AccessToken, RefreshToken, ClientGrant):
        assert not model.objects.exists()


@guards(CLIENT_MUSTS)
def test_a_registration_is_not_replaced_by_that_of_another_client():
    mine, other = Registration(), Registration()
    response = mine.ask("PUT", client_id=other.body["client_id"])
    assert (response.status_code, response.json()["error"]) == (400, "invalid_client_metadata")
    assert mine.ask("PUT", client_id=mine.body["client_id"]).status_code == 200


@guards(CLIENT_MUSTS)
def test_a_client_cannot_choose_its_own_secret():
    mine = Registration(token_endpoint_auth_method="client_secret_post")
    method = mine.body["token_endpoint_auth_method"]
    mine.ask("PUT", token_endpoint_auth_method=method, client_secret="chosen-by-me")
    client = McpClient(mine.body["client_id"])
    chosen = client.refresh("x", client_secret="chosen-by-me")
    issued = client.refresh("x", client_secret=mine.body["client_secret"])
    assert (chosen.status_code, chosen.json()["error"]) == (401, "invalid_client")
    assert (issued.status_code, issued.json()["error"]) == (400, "invalid_grant")


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize("method", ["none", "client_secret_post"])
def test_an_update_takes_no_secret_away_and_leaves_none_untold(method: str):
    mine = Registration(token_endpoint_auth_method=method)
    other = "none" if method != "none" else "client_secret_basic"
    response = mine.ask("PUT", token_endpoint_auth_method=other)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_client_metadata")
    assert mine.ask("PUT", token_endpoint_auth_method=method).status_code == 200


def test_a_secret_is_told_only_once():
    mine = Registration(token_endpoint_auth_method="client_secret_post")
    assert "client_secret" in mine.body
    assert "client_secret" not in mine.ask("GET").json()


def test_a_page_of_any_origin_may_read_refusals_of_a_registration():
    refused = register(redirect_uris=["http://evil.example/cb"])
    assert refused.status_code == 400
    assert refused["Access-Control-Allow-Origin"] == "*"
    asked = Client().options("/o/register/x/")
    assert asked.status_code == 204
    assert "DELETE" in asked["Access-Control-Allow-Methods"]
