"""Clients that identify themselves by the address of their metadata document (CIMD)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application
from pytest_django import Settings

from oauth_app.authorization_server.document_limits import DOCUMENTS
from tests.oauth_app.authorization_server.mcp_client import McpClient, yes
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_clients import CLIENT_MUSTS

DOCUMENT = "https://client.example/oauth/metadata.json"


class Documents:
    """Stands where the toolkit's fetcher stands, which goes to the network."""

    published: dict[str, Any] = {}
    fetched = 0

    def fetch(self, _client_id: str) -> tuple[dict[str, Any], int]:
        assert not connection.in_atomic_block, "a transaction is held while the network is asked"
        type(self).fetched += 1
        return self.published, 300


@pytest.fixture
def published(settings: Settings, db: None) -> dict[str, Any]:
    settings.OAUTH2_PROVIDER = django_settings.OAUTH2_PROVIDER | {
        "CIMD_METADATA_FETCHER": f"{__name__}.Documents"
    }
    Documents.published = {
        "client_id": DOCUMENT,
        "client_name": "Claude",
        "redirect_uris": ["https://client.example/callback", "http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    }
    return Documents.published


def test_a_client_needs_no_registration_and_is_vouched_for_by_its_domain(
    abel: Client, published: dict[str, Any]
):
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    page = client.ask(abel)
    assert page.status_code == 200
    assert "Vouched for by client.example" in page.content.decode()
    assert client.tokens(abel)["scope"] == "mcp:read mcp:write"
    stored = Application.objects.get()
    assert stored.registration_source == Application.RegistrationSource.CIMD


def test_its_document_need_not_name_the_port_on_this_computer(
    abel: Client, published: dict[str, Any]
):
    client = McpClient(DOCUMENT, redirect_uri="http://127.0.0.1:51234/callback")
    assert client.tokens(abel)["access_token"]


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "uri", ["http://client.example/callback", "evil-app://callback", "javascript:alert(1)"]
)
def test_a_document_cannot_get_around_the_redirect_policy(
    abel: Client, published: dict[str, Any], uri: str
):
    published["redirect_uris"] = [uri]
    response = McpClient(DOCUMENT, redirect_uri=uri).ask(abel)
    assert response.status_code == 400
    assert "Location" not in response


def test_an_old_document_is_fetched_again_before_the_answer_counts(
    abel: Client, published: dict[str, Any]
):
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    page = client.ask(abel)
    Application.objects.update(cimd_expires_at=timezone.now() - timedelta(seconds=1))
    published["redirect_uris"] = ["https://client.example/moved"]
    before = Documents.fetched
    response = abel.post("/o/authorize/", yes(page))
    assert Documents.fetched == before + 1
    assert response.status_code == 400
    assert "Location" not in response


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "uri",
    [
        "https://client.example/other",
        "https://client.example/callback/",
        "https://client.example/callback?next=1",
        "https://evil.example/callback",
        "https://client.example.evil.example/callback",
        "http://127.0.0.1/other",
        "http://127.0.0.1.evil.example/callback",
        "cursor://client.example/callback",
    ],
)
def test_a_redirect_that_is_not_in_the_document_is_refused(
    abel: Client, published: dict[str, Any], uri: str
):
    response = McpClient(DOCUMENT, redirect_uri=uri).ask(abel)
    assert response.status_code == 400
    assert "Location" not in response


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "member",
    [
        {"client_secret": "s"},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_post"},
    ],
)
def test_a_document_with_a_secret_is_refused(
    abel: Client, published: dict[str, Any], member: dict[str, Any]
):
    published |= member
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    assert client.ask(abel).status_code == 400
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "member",
    [
        {"redirect_uris": []},
        {"redirect_uris": "https://client.example/callback"},
        {"redirect_uris": [7]},
        {"grant_types": ["client_credentials"]},
        {"client_name": {"en": "Claude"}},
    ],
)
def test_a_malformed_document_makes_no_client(
    abel: Client, published: dict[str, Any], member: dict[str, Any]
):
    published |= member
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    assert client.ask(abel).status_code == 400


@guards(CLIENT_MUSTS)
def test_a_document_never_takes_over_a_registered_client(abel: Client, published: dict[str, Any]):
    Application.objects.create(
        client_id=DOCUMENT,
        name="Made by an operator",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris="https://operator.example/callback",
    )
    before = Documents.fetched
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    assert client.ask(abel).status_code == 400
    assert Documents.fetched == before
    assert Application.objects.get().name == "Made by an operator"


def test_a_document_that_is_still_good_is_not_fetched_again(
    abel: Client, published: dict[str, Any]
):
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    before = Documents.fetched
    client.ask(abel)
    client.tokens(abel)
    assert Documents.fetched == before + 1


def test_a_document_that_cannot_be_had_again_leaves_the_last_good_one(
    abel: Client, published: dict[str, Any]
):
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    tokens = client.tokens(abel)
    Application.objects.update(cimd_expires_at=timezone.now() - timedelta(seconds=1))
    published["client_id"] = "https://client.example/moved.json"
    assert client.refresh(tokens["refresh_token"]).status_code == 200


@guards(CLIENT_MUSTS)
def test_a_document_that_names_another_client_is_refused(abel: Client, published: dict[str, Any]):
    published["client_id"] = "https://claude.ai/oauth/metadata.json"
    client = McpClient(DOCUMENT, redirect_uri="https://client.example/callback")
    assert client.ask(abel).status_code == 400


@pytest.mark.parametrize(
    "client_id",
    [
        "https://127.0.0.1/metadata.json",
        "https://[::1]/metadata.json",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/metadata.json",
        "https://[::ffff:127.0.0.1]/metadata.json",
        "https://[64:ff9b::7f00:1]/metadata.json",
        "https://client.example",
        "https://user@client.example/metadata.json",
        "https://client.example/../metadata.json",
    ],
)
def test_no_document_is_fetched_from_inside(abel: Client, client_id: str):
    response = McpClient(client_id, redirect_uri="https://client.example/callback").ask(abel)
    assert response.status_code == 400
    assert not Application.objects.exists()


def test_a_domain_that_only_looks_like_another_vouches_for_nobody(
    abel: Client, published: dict[str, Any]
):
    published["client_id"] = "https://cl\u0430ude.ai/oauth/metadata.json"
    response = McpClient(
        published["client_id"], redirect_uri="https://client.example/callback"
    ).ask(abel)
    assert response.status_code == 400
    assert not Application.objects.exists()


def test_strangers_cannot_have_documents_fetched_without_end(
    abel: Client, published: dict[str, Any]
):
    def ask_for(number: int, web: Client) -> int:
        published["client_id"] = f"{DOCUMENT}?{number}"
        asked = {"grant_type": "refresh_token", "refresh_token": "x"}
        before = Documents.fetched
        web.post("/o/token/", asked | {"client_id": published["client_id"]})
        return Documents.fetched - before

    stranger = Client()
    fetched = [ask_for(number, stranger) for number in range(DOCUMENTS.most + 1)]
    assert fetched == [1] * DOCUMENTS.most + [0]
    assert ask_for(1000, Client(REMOTE_ADDR="203.0.113.9")) == 1
