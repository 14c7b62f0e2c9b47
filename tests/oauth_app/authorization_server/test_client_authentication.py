"""How a client says who it is at the token and revocation endpoints: once, and as one client."""

import base64

import pytest
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken, RefreshToken

from tests.oauth_app.authorization_server.mcp_client import VERIFIER, McpClient
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_tokens import TOKEN_MUSTS

ENDPOINTS = pytest.mark.parametrize("path", ["/o/token/", "/o/revoke_token/"])


def basic(client_id: str, secret: str) -> dict[str, str]:
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


@pytest.fixture
def client(db: None) -> McpClient:
    """A client that authenticates itself with a header."""
    return McpClient.registered(token_endpoint_auth_method="client_secret_basic")


def ask(path: str, *, headers: dict[str, str], **body: str | list[str]) -> HttpResponse:
    known = {"grant_type": "refresh_token", "refresh_token": "x", "token": "x"}
    return Client(headers=headers).post(path, known | body)


def error_of(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


def test_a_client_with_a_secret_may_send_it_as_a_header(abel: Client, client: McpClient):
    code = client.code(abel)
    response = Client(headers=basic(client.client_id, client.client_secret)).post(
        "/o/token/",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": VERIFIER,
        },
    )
    assert response.status_code == 200
    assert response.json()["access_token"]


@guards(TOKEN_MUSTS)
@ENDPOINTS
@pytest.mark.parametrize("secret", ["wrong", "", "\x00", "ü"])
def test_a_failed_basic_authentication_is_challenged_as_basic(
    client: McpClient, path: str, secret: str
):
    response = ask(path, headers=basic(client.client_id, secret))
    assert error_of(response) == (401, "invalid_client")
    assert response["WWW-Authenticate"].startswith("Basic realm=")


@guards(TOKEN_MUSTS)
@ENDPOINTS
@pytest.mark.parametrize("client_id", ["unknown", "", "\x00", "https://"])
def test_an_unknown_client_is_an_invalid_client_with_a_challenge(
    db: None, path: str, client_id: str
):
    response = ask(path, headers=basic(client_id, "secret"))
    assert error_of(response) == (401, "invalid_client")
    assert response["WWW-Authenticate"].startswith("Basic realm=")


@ENDPOINTS
@pytest.mark.parametrize(
    "header", ["Basic", "Basic !", "Basic \xff\xff", "Basic bm9jb2xvbg==", "Bearer x", "Digest x=y"]
)
def test_a_header_that_is_no_authentication_authenticates_nobody(
    client: McpClient, path: str, header: str
):
    response = ask(path, headers={"authorization": header})
    assert error_of(response) == (401, "invalid_client")


@ENDPOINTS
@pytest.mark.parametrize("header", ["Basic !", "Basic /////w==", "Bearer x", "Digest x=y"])
def test_a_header_that_names_nobody_goes_with_no_client(client: McpClient, path: str, header: str):
    response = ask(path, headers={"authorization": header}, client_id=client.client_id)
    assert error_of(response) == (400, "invalid_request")


@guards(TOKEN_MUSTS)
@ENDPOINTS
def test_two_ways_of_authentication_in_one_request_are_refused(client: McpClient, path: str):
    headers = basic(client.client_id, client.client_secret)
    response = ask(path, headers=headers, client_secret=client.client_secret)
    assert error_of(response) == (400, "invalid_request")


@guards(TOKEN_MUSTS)
@ENDPOINTS
def test_header_and_body_cannot_name_two_clients(client: McpClient, path: str):
    other = McpClient.registered()
    headers = basic(client.client_id, client.client_secret)
    response = ask(path, headers=headers, client_id=other.client_id)
    assert error_of(response) == (400, "invalid_request")
    same = ask("/o/revoke_token/", headers=headers, client_id=client.client_id)
    assert same.status_code == 200


@guards(TOKEN_MUSTS)
@ENDPOINTS
@pytest.mark.parametrize("name", ["client_id", "grant_type", "refresh_token", "token", "scope"])
def test_a_parameter_given_twice_is_refused(mcp_client: McpClient, path: str, name: str):
    values = {"client_id": mcp_client.client_id} | {name: [mcp_client.client_id, "other"]}
    assert error_of(ask(path, headers={}, **values)) == (400, "invalid_request")


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("grant", ["", None])
def test_a_request_without_a_grant_type_is_refused(mcp_client: McpClient, grant: str | None):
    assert error_of(mcp_client.token(grant_type=grant)) == (400, "invalid_request")


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("missing", ["code", "refresh_token"])
def test_a_request_without_a_required_parameter_is_refused(
    abel: Client, mcp_client: McpClient, missing: str
):
    if missing == "refresh_token":
        response = mcp_client.token(grant_type="refresh_token")
    else:
        response = mcp_client.exchange(mcp_client.code(abel), **{missing: None})
    assert error_of(response) == (400, "invalid_request")
    assert not AccessToken.objects.filter(user__isnull=False).exists()


@guards(TOKEN_MUSTS)
def test_a_code_needs_its_verifier(abel: Client, mcp_client: McpClient):
    code = mcp_client.code(abel)
    assert mcp_client.exchange(code, code_verifier=None).status_code == 400
    assert mcp_client.exchange(code, code_verifier="x" * 43).status_code == 400
    assert not AccessToken.objects.filter(user__isnull=False).exists()


@guards(TOKEN_MUSTS)
def test_a_client_with_a_secret_cannot_refresh_without_it(abel: Client, client: McpClient):
    secret = {"client_secret": client.client_secret}
    tokens = client.exchange(client.code(abel), **secret).json()
    assert error_of(client.refresh(tokens["refresh_token"])) == (401, "invalid_client")
    assert client.refresh(tokens["refresh_token"], **secret).status_code == 200


@guards(TOKEN_MUSTS)
def test_an_access_token_is_no_refresh_token(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    assert error_of(mcp_client.refresh(tokens["access_token"])) == (400, "invalid_grant")


@guards(TOKEN_MUSTS)
def test_no_answer_with_or_without_tokens_may_be_stored(abel: Client, mcp_client: McpClient):
    good = mcp_client.exchange(mcp_client.code(abel))
    bad = mcp_client.exchange("made-up")
    unknown = McpClient("gone").exchange("made-up")
    refused = mcp_client.token(grant_type="password")
    for response in (good, bad, unknown, refused):
        assert "no-store" in response["Cache-Control"]
        assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"grant_type": "refresh_token"}'),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff&grant_type=%00"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"grant_type=refresh_token"),
        ("multipart/form-data; boundary=x", b"no part"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
        ("", b""),
    ],
)
def test_a_body_that_is_no_form_is_refused_as_one(db: None, content_type: str, body: bytes):
    response = Client().post("/o/token/", body, content_type=content_type)
    assert response.status_code == 400


# --- revoking --------------------------------------------------------------------------------


@guards(TOKEN_MUSTS)
def test_a_client_with_a_secret_cannot_revoke_without_it(abel: Client, client: McpClient):
    secret = {"client_secret": client.client_secret}
    tokens = client.exchange(client.code(abel), **secret).json()
    body = {"client_id": client.client_id, "token": tokens["refresh_token"]}
    assert error_of(Client().post("/o/revoke_token/", body)) == (401, "invalid_client")
    assert RefreshToken.objects.filter(revoked=None).count() == 1


@guards(TOKEN_MUSTS)
def test_a_revocation_that_names_no_token_is_refused(mcp_client: McpClient):
    response = Client().post("/o/revoke_token/", {"client_id": mcp_client.client_id})
    assert error_of(response) == (400, "invalid_request")


@guards(TOKEN_MUSTS)
@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "made-up"])
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_wrong_hint_saves_no_token_from_being_revoked(
    abel: Client, mcp_client: McpClient, hint: str, kind: str
):
    tokens = mcp_client.tokens(abel)
    body = {"client_id": mcp_client.client_id, "token": tokens[kind], "token_type_hint": hint}
    assert Client().post("/o/revoke_token/", body).status_code == 200
    assert not RefreshToken.objects.filter(revoked=None).exists()
    assert not AccessToken.objects.filter(user__isnull=False).exists()


def test_signing_out_on_one_computer_ends_nothing_on_another(abel: Client, mcp_client: McpClient):
    here, there = mcp_client.tokens(abel), mcp_client.tokens(abel)
    body = {"client_id": mcp_client.client_id, "token": here["refresh_token"]}
    assert Client().post("/o/revoke_token/", body).status_code == 200
    assert mcp_client.refresh(here["refresh_token"]).status_code == 400
    assert mcp_client.refresh(there["refresh_token"]).status_code == 200


# --- pages of other origins --------------------------------------------------------------------


@ENDPOINTS
def test_a_page_of_any_origin_may_read_the_refusals_too(mcp_client: McpClient, path: str):
    unknown = ask(path, headers={"origin": "https://inspector.example"}, client_id="gone")
    malformed = ask(f"{path}?x=1", headers={"origin": "https://inspector.example"})
    by_get = Client().get(path)
    for response in (unknown, malformed, by_get):
        assert response.status_code in {400, 401, 405}
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "WWW-Authenticate" in response["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in response
