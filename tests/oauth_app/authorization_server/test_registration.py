"""Dynamic client registration: what is taken, what is refused, and how."""

import json

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from oauth_app.authorization_server import registration
from oauth_app.authorization_server.client_metadata import (
    RegistrationRefused,
    read_client_metadata,
)
from tests.oauth_app.authorization_server.mcp_client import REDIRECT, McpClient, register
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_clients import CLIENT_MUSTS

pytestmark = pytest.mark.usefixtures("db")


def test_a_public_client_is_registered_without_a_secret():
    response = register()
    body = response.json()
    assert response.status_code == 201
    assert body["token_endpoint_auth_method"] == "none"
    assert body["redirect_uris"] == [REDIRECT]
    assert body["grant_types"] == ["authorization_code", "refresh_token"]
    assert body["response_types"] == ["code"]
    assert body["client_name"] == "Claude Code"
    assert "client_secret" not in body
    assert body["client_secret_expires_at"] == 0
    assert isinstance(body["client_id_issued_at"], int)
    assert response["Cache-Control"].startswith("max-age=0")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_a_confidential_client_gets_its_secret_once_and_it_is_kept_hashed(method: str):
    body = register(token_endpoint_auth_method=method).json()
    assert body["token_endpoint_auth_method"] == method
    stored = Application.objects.get(client_id=body["client_id"])
    assert body["client_secret"]
    assert body["client_secret"] != stored.client_secret


def test_a_client_that_names_no_auth_method_is_confidential():
    response = Client().post(
        "/o/register/", {"redirect_uris": [REDIRECT]}, content_type="application/json"
    )
    assert response.json()["token_endpoint_auth_method"] == "client_secret_basic"


def test_grant_types_that_are_not_offered_are_left_out_of_the_answer():
    response = register(grant_types=["authorization_code", "client_credentials", "implicit"])
    assert response.json()["grant_types"] == ["authorization_code", "refresh_token"]
    stored = Application.objects.get(client_id=response.json()["client_id"])
    assert stored.authorization_grant_type == Application.GRANT_AUTHORIZATION_CODE


@pytest.mark.parametrize(
    "uri",
    [
        "https://claude.ai/api/mcp/auth_callback",
        "http://localhost:6274/oauth/callback",
        "http://127.0.0.1/callback",
        "http://[::1]:1234/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "vscode://vscode.github-authentication/did-authenticate",
    ],
)
def test_https_loopback_and_known_apps_may_be_redirected_to(uri: str):
    assert register(redirect_uris=[uri]).status_code == 201


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "uri",
    [
        "http://client.example/callback",
        "http://localhost.evil.example/callback",
        "http://127.0.0.1.evil.example/cb",
        "javascript:alert(1)",
        "data:text/html,hello",
        "evil-app://callback",
        "https://client.example/callback#fragment",
        "https://user:secret@client.example/callback",
        "https://*.example/callback",
        "https:///callback",
        "https://client.example/with space",
        "https://[broken/callback",
        "https://client.example:99999/cb",
        "//client.example/callback",
        "",
        "https://client.example/" + "a" * 1000,
        "https://client.example/\u202egpj.exe",
        "https://cl\u0430ude.ai/callback",
        "https://\uff43laude.ai/callback",
        "https://evil.example\u3002claude.ai/callback",
        "https://evil.example\\.claude.ai/callback",
        "https://evil.example%2f.claude.ai/callback",
        "https://client.example;sandbox/callback",
        "https://client.example,other/callback",
        "https://client.example/<script>",
    ],
)
def test_every_other_redirect_is_refused_with_the_code_of_rfc_7591(uri: str):
    response = register(redirect_uris=[REDIRECT, uri])
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_redirect_uri"
    assert not Application.objects.exists()


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    ("metadata", "member"),
    [
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": "https://client.example/cb"}, "redirect_uris"),
        ({"redirect_uris": [7]}, "redirect_uris"),
        ({"redirect_uris": [REDIRECT] * 11}, "redirect_uris"),
        ({"client_name": {"en": "x"}}, "client_name"),
        ({"grant_types": ["client_credentials"]}, "grant_types"),
        ({"grant_types": ["refresh_token"]}, "grant_types"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "token_endpoint_auth_method"),
    ],
)
def test_wrong_metadata_is_refused_naming_the_member(metadata: dict[str, object], member: str):
    response = register(**metadata)
    assert response.status_code == 400
    assert response.json()["error"].startswith("invalid_")
    assert response.json()["error_description"].startswith(f"{member}: ")
    assert "Value error" not in response.json()["error_description"]
    assert not Application.objects.exists()


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"a":' * 500, b"\xff\xfe", b"7"])
def test_a_body_that_is_not_an_object_is_refused(body: bytes):
    response = Client().post("/o/register/", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client_metadata"


@pytest.mark.parametrize("length", ["abc", "-1", "1_0", "9" * 5_000])
def test_a_length_that_is_no_number_is_not_believed(length: str):
    response = Client().post(
        "/o/register/",
        "{}",
        content_type="application/json",
        headers={"content-length": length},
    )
    assert response.status_code in {400, 413}


def test_a_large_registration_is_refused_unread():
    response = register(client_name="x" * 20_000)
    assert response.status_code == 413
    assert response.json()["error"] == "invalid_client_metadata"


def test_a_large_body_that_hides_its_length_is_refused_too():
    body = json.dumps({"redirect_uris": [REDIRECT], "client_name": "x" * 20_000})
    with pytest.raises(RegistrationRefused) as refusal:
        read_client_metadata(body.encode())
    assert refusal.value.status == 413


def test_the_name_a_client_gives_itself_is_cleaned_and_capped():
    body = register(client_name="\u202eevil\x00 \n\t Cl\u200baude " + "x" * 200).json()
    stored = Application.objects.get(client_id=body["client_id"])
    assert stored.name.startswith("evil Claude xxx")
    assert len(stored.name) == 60
    assert stored.name.isprintable()


def test_one_address_cannot_register_without_end():
    for _ in range(registration.REGISTRATIONS.most):
        assert register().status_code == 201
    refused = register()
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert refused["RateLimit-Limit"] == str(registration.REGISTRATIONS.most)
    assert refused.json()["error"] == "temporarily_unavailable"
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert register(elsewhere).status_code == 201


def test_a_signed_in_person_does_not_come_to_own_a_client_by_a_forged_request(abel: Client):
    body = register(abel).json()
    assert Application.objects.get(client_id=body["client_id"]).user is None


@guards(CLIENT_MUSTS)
def test_reading_and_deleting_a_registration_takes_its_own_token():
    body = register().json()
    uri = body["registration_client_uri"]
    assert uri.startswith("http://localhost:8080/o/register/")
    path = uri.removeprefix("http://localhost:8080")
    token = {"authorization": f"Bearer {body['registration_access_token']}"}
    assert Client().get(path).status_code == 401
    read = Client(headers=token).get(path)
    assert read.json()["client_id"] == body["client_id"]
    assert read.json()["registration_client_uri"] == uri
    other = register().json()["registration_access_token"]
    assert Client(headers={"authorization": f"Bearer {other}"}).delete(path).status_code == 401
    assert Client(headers=token).delete(path).status_code == 204
    assert Client(headers=token).get(path).status_code == 401


@guards(CLIENT_MUSTS)
def test_replacing_a_registration_obeys_the_same_policy():
    body = register().json()
    path = body["registration_client_uri"].removeprefix("http://localhost:8080")
    browser = Client(headers={"authorization": f"Bearer {body['registration_access_token']}"})
    evil = {"redirect_uris": ["http://evil.example/cb"], "token_endpoint_auth_method": "none"}
    assert browser.put(path, evil, content_type="application/json").status_code == 400
    good = {"redirect_uris": ["https://good.example/cb"], "token_endpoint_auth_method": "none"}
    changed = browser.put(path, good, content_type="application/json")
    assert changed.status_code == 200
    stored = Application.objects.get(client_id=body["client_id"])
    assert stored.redirect_uris == "https://good.example/cb"


def test_the_registration_token_is_kept_hashed_and_opens_nothing_else():
    token = register().json()["registration_access_token"]
    assert token not in {row.token for row in AccessToken.objects.all()}


@guards(CLIENT_MUSTS)
def test_only_posts_register():
    assert Client().get("/o/register/").status_code == 405


def test_a_client_of_a_browser_page_may_read_the_answer():
    assert register()["Access-Control-Allow-Origin"] == "*"


def test_a_registered_client_has_its_id():
    assert McpClient.registered().client_id
