"""What clients discover before they know us."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_clients import CLIENT_MUSTS

pytestmark = pytest.mark.usefixtures("db")
ISSUER = "http://localhost:8080"


def metadata(path: str = "oauth-authorization-server") -> dict[str, object]:
    response = Client().get(f"/.well-known/{path}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return dict(response.json())


@guards(CLIENT_MUSTS)
def test_the_issuer_is_the_public_address_byte_for_byte(settings: Settings):
    assert metadata()["issuer"] == settings.PUBLIC_BASE_URL == ISSUER


@guards(CLIENT_MUSTS)
def test_the_issuer_does_not_follow_the_host_header(settings: Settings):
    settings.ALLOWED_HOSTS = ["*"]
    response = Client(headers={"host": "evil.example"}).get(
        "/.well-known/oauth-authorization-server"
    )
    assert "evil.example" not in response.content.decode()


def test_every_endpoint_a_client_needs_is_named():
    found = metadata()
    assert found["authorization_endpoint"] == f"{ISSUER}/o/authorize/"
    assert found["token_endpoint"] == f"{ISSUER}/o/token/"
    assert found["registration_endpoint"] == f"{ISSUER}/o/register/"
    assert found["revocation_endpoint"] == f"{ISSUER}/o/revoke_token/"
    assert "introspection_endpoint" not in found


@guards(CLIENT_MUSTS)
def test_only_the_code_flow_with_s256_and_client_credentials_are_offered():
    found = metadata()
    assert found["response_types_supported"] == ["code"]
    assert found["response_modes_supported"] == ["query"]
    assert found["grant_types_supported"] == [
        "authorization_code",
        "refresh_token",
        "client_credentials",
    ]
    assert found["code_challenge_methods_supported"] == ["S256"]


@guards(CLIENT_MUSTS)
def test_public_clients_issuer_answers_and_url_identified_clients_are_announced():
    found = metadata()
    assert "none" in found["token_endpoint_auth_methods_supported"]
    assert found["authorization_response_iss_parameter_supported"] is True
    assert found["client_id_metadata_document_supported"] is True
    assert found["scopes_supported"] == ["mcp:read", "mcp:write"]


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    ("path", "resource"), [("", "/mcp"), ("/mcp", "/mcp"), ("/mcp/servicenow", "/mcp/servicenow")]
)
def test_the_protected_resource_is_the_address_itself_byte_for_byte(path: str, resource: str):
    found = metadata(f"oauth-protected-resource{path}")
    assert found["resource"] == f"{ISSUER}{resource}"
    assert found["authorization_servers"] == [ISSUER]
    assert found["bearer_methods_supported"] == ["header"]
    assert found["scopes_supported"] == ["mcp:read", "mcp:write"]


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "path",
    [
        "oauth-protected-resource/other",
        "oauth-protected-resource/mcp/other",
        "oauth-authorization-server/mcp",
    ],
)
def test_no_metadata_is_made_up_for_other_paths(path: str):
    assert Client().get(f"/.well-known/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "members"),
    [
        (
            "oauth-authorization-server",
            {
                "issuer",
                "authorization_endpoint",
                "token_endpoint",
                "registration_endpoint",
                "revocation_endpoint",
                "scopes_supported",
                "response_types_supported",
                "response_modes_supported",
                "grant_types_supported",
                "code_challenge_methods_supported",
                "token_endpoint_auth_methods_supported",
                "revocation_endpoint_auth_methods_supported",
                "authorization_response_iss_parameter_supported",
                "client_id_metadata_document_supported",
            },
        ),
        (
            "oauth-protected-resource",
            {
                "resource",
                "resource_name",
                "authorization_servers",
                "scopes_supported",
                "bearer_methods_supported",
            },
        ),
    ],
)
def test_nothing_else_is_promised(path: str, members: set[str]):
    assert metadata(path).keys() == members


def test_pages_of_any_origin_may_read_the_metadata_but_never_with_cookies():
    response = Client(headers={"origin": "https://inspector.example"}).get(
        "/.well-known/oauth-authorization-server"
    )
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("path", ["/o/token/", "/o/register/", "/o/revoke_token/"])
def test_a_browser_may_ask_before_it_posts(path: str):
    response = Client().options(path)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert "Content-Type" in response["Access-Control-Allow-Headers"]


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "path",
    [
        "/o/applications/",
        "/o/authorized_tokens/",
        "/o/introspect/",
        "/o/device-authorization/",
        "/o/userinfo/",
        "/.well-known/openid-configuration",
    ],
)
def test_no_other_page_of_the_toolkit_is_reachable(path: str):
    assert Client().get(path).status_code == 404
