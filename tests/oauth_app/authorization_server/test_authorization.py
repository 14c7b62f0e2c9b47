"""An authorization request: what reaches a person, and what is refused before."""

import pytest
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import Application, Grant

from oauth_app.models import ClientGrant
from tests.oauth_app.authorization_server.mcp_client import (
    ISSUER,
    REDIRECT,
    WEB_REDIRECT,
    McpClient,
    challenge_of,
    query_of,
)


def error_of(response: HttpResponse) -> dict[str, str]:
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith(REDIRECT)
    assert not Grant.objects.exists()
    return query_of(response["Location"])


def refused(response: HttpResponse) -> None:
    """A page of ours: the browser is not sent to an address that is not to be trusted."""
    assert response.status_code == 400
    assert "Location" not in response
    assert not Grant.objects.exists()


def test_a_person_is_asked_before_anything_is_issued(abel: Client, mcp_client: McpClient):
    response = mcp_client.ask(abel)
    assert response.status_code == 200
    assert not Grant.objects.exists()
    assert not ClientGrant.objects.exists()


def test_no_pkce_is_refused(abel: Client, mcp_client: McpClient):
    found = error_of(mcp_client.ask(abel, code_challenge=None, code_challenge_method=None))
    assert found["error"] == "invalid_request"
    assert found["iss"] == ISSUER
    assert found["state"] == "st-1"


@pytest.mark.parametrize(
    ("method", "challenge"),
    [
        ("plain", "a-verifier-of-43-to-128-characters-0123456789"),
        (None, "a-verifier-of-43-to-128-characters-0123456789"),
        ("S512", challenge_of("x")),
        ("S256", "short"),
        ("S256", "x" * 200),
        ("S256", challenge_of("x")[:-1] + "="),
    ],
)
def test_only_a_proper_s256_challenge_is_taken(
    abel: Client, mcp_client: McpClient, method: str | None, challenge: str
):
    found = error_of(mcp_client.ask(abel, code_challenge=challenge, code_challenge_method=method))
    assert found["error"] == "invalid_request"
    assert found["iss"] == ISSUER


@pytest.mark.parametrize(
    "resource",
    [
        "https://other.example/mcp",
        "http://localhost:8080",
        "http://localhost:8080/mcp/other",
        "http://localhost:8080/mcp?x=1",
        "http://localhost:9090/mcp",
        "http://user@localhost:8080/mcp",
        "http://localhost:8080/mcp#fragment",
        "not an address",
        "http://[broken",
    ],
)
def test_a_foreign_resource_is_an_invalid_target(
    abel: Client, mcp_client: McpClient, resource: str
):
    found = error_of(mcp_client.ask(abel, resource=resource))
    assert found["error"] == "invalid_target"
    assert found["state"] == "st-1"
    assert found["iss"] == ISSUER


def test_one_foreign_resource_beside_ours_is_refused(abel: Client, mcp_client: McpClient):
    both = ["http://localhost:8080/mcp", "https://other.example/mcp"]
    assert error_of(mcp_client.ask(abel, resource=both))["error"] == "invalid_target"


@pytest.mark.parametrize(
    "resource", [None, "", "http://localhost:8080/mcp/", "HTTP://LOCALHOST:8080/mcp"]
)
def test_our_resource_may_be_left_out_or_spelled_differently(
    abel: Client, mcp_client: McpClient, resource: str | None
):
    assert mcp_client.ask(abel, resource=resource).status_code == 200


@pytest.mark.parametrize("kind", ["token", "id_token", "code token", "none"])
def test_no_response_type_but_code_is_answered(abel: Client, mcp_client: McpClient, kind: str):
    assert error_of(mcp_client.ask(abel, response_type=kind))["error"] in {
        "unsupported_response_type",
        "unauthorized_client",
        "invalid_request",
    }


def test_a_missing_response_type_is_refused(abel: Client, mcp_client: McpClient):
    assert error_of(mcp_client.ask(abel, response_type=None))["error"] == "invalid_request"


def test_a_scope_we_do_not_know_alone_is_refused(abel: Client, mcp_client: McpClient):
    assert error_of(mcp_client.ask(abel, scope="openid admin"))["error"] == "invalid_scope"


def test_scopes_we_do_not_know_are_left_out(abel: Client, mcp_client: McpClient):
    asked = "openid mcp:read offline_access"
    tokens = mcp_client.tokens(abel, scope=asked)
    assert tokens["scope"] == "mcp:read"


def test_a_client_that_names_no_scope_asks_for_both(abel: Client, mcp_client: McpClient):
    assert mcp_client.tokens(abel, scope=None)["scope"] == "mcp:read mcp:write"


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:33418/other",
        "http://127.0.0.1:33418/callback?next=evil",
        "http://127.0.0.1:33418/callback#x",
        "http://localhost:33418/callback",
        "https://127.0.0.1:33418/callback",
        "http://evil.example/callback",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_that_was_not_registered_is_not_followed(
    abel: Client, mcp_client: McpClient, uri: str
):
    refused(mcp_client.ask(abel, redirect_uri=uri))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_local_client_may_listen_on_another_port(abel: Client, host: str):
    client = McpClient.registered(redirect_uris=[f"http://{host}:33418/callback"])
    assert client.ask(abel, redirect_uri=f"http://{host}:51234/callback").status_code == 200
    assert client.ask(abel, redirect_uri=f"http://{host}/callback").status_code == 200


def test_a_website_may_not_listen_on_another_port(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT])
    refused(client.ask(abel, redirect_uri="https://client.example:8443/callback"))


def test_the_only_registered_redirect_need_not_be_named(abel: Client, mcp_client: McpClient):
    assert mcp_client.ask(abel, redirect_uri=None).status_code == 200


def test_of_several_registered_redirects_one_must_be_named(abel: Client):
    client = McpClient.registered(redirect_uris=[REDIRECT, WEB_REDIRECT])
    refused(client.ask(abel, redirect_uri=None))


@pytest.mark.parametrize("registered", ["http://evil.example/cb", "evil-app://cb"])
def test_a_redirect_against_the_policy_is_refused_whoever_registered_it(
    abel: Client, registered: str
):
    application = Application.objects.create(
        name="Made by hand",
        redirect_uris=registered,
        client_type=Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    )
    client = McpClient(application.client_id, redirect_uri=registered)
    refused(client.ask(abel))
    refused(client.ask(abel, redirect_uri=None))


@pytest.mark.parametrize("client_id", ["unknown", "", None, "\x00", "https://127.0.0.1/client"])
def test_an_unknown_client_gets_no_redirect(
    abel: Client, mcp_client: McpClient, client_id: str | None
):
    refused(mcp_client.ask(abel, client_id=client_id))


def test_a_query_that_cannot_be_decoded_is_refused(abel: Client):
    refused(abel.get("/o/authorize/?client_id=%zz&x=%"))


def test_a_parameter_given_twice_is_refused(abel: Client, mcp_client: McpClient):
    refused(mcp_client.ask(abel, redirect_uri=[REDIRECT, "http://evil.example/cb"]))


@pytest.mark.parametrize("shortcut", ["approval_prompt", "skip_authorization", "allow"])
@pytest.mark.parametrize("value", ["auto", "none", "true"])
def test_no_parameter_skips_the_question(
    abel: Client, mcp_client: McpClient, shortcut: str, value: str
):
    mcp_client.tokens(abel)
    response = abel.get("/o/authorize/", mcp_client.question() | {shortcut: value})
    assert response.status_code == 200
    assert "Location" not in response


def test_a_client_marked_as_trusted_is_asked_about_all_the_same(
    abel: Client, mcp_client: McpClient
):
    Application.objects.update(skip_authorization=True)
    assert mcp_client.ask(abel).status_code == 200
