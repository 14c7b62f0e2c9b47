"""Tokens of service principals: one person's, inside what they gave, without anybody in front."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, RefreshToken

from oauth_app import service_clients
from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.authorization_server.verification import VerifiedToken, verify_access_token
from oauth_app.disconnection import disconnect
from oauth_app.exceptions import NotYours, SignInNeeded
from oauth_app.models import ClientGrant, Connection, ServiceClient, User
from oauth_app.models.connections import Reason, State
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_service_principals import SERVICE_MUSTS
from tests.oauth_app.authorization_server.people import connected_person
from tests.oauth_app.authorization_server.service_principals import ServicePrincipal

ALIAS = f"{MCP}/servicenow"


@pytest.fixture
def connection(db: None) -> Connection:
    return connected_person("abel.tuter", "Abel Tuter")


@pytest.fixture
def principal(connection: Connection) -> ServicePrincipal:
    return ServicePrincipal.made_by(connection)


def error_of(answer: HttpResponse) -> tuple[int, str]:
    assert "access_token" not in answer.content.decode()
    return answer.status_code, answer.json()["error"]


def verified(token: str, *, at: str = MCP) -> VerifiedToken | None:
    return verify_access_token(token, resource=at)


def test_it_gets_a_token_that_acts_as_the_person_who_made_it(
    principal: ServicePrincipal, connection: Connection
):
    found = verified(principal.token())
    assert found is not None
    assert (found.user, found.client_name) == (connection.user, "Night shift")
    assert found.service_client == principal.row
    assert found.client_grant == principal.row.client_grant
    assert found.scopes == {"mcp:read", "mcp:write"}


def test_both_ways_to_authenticate_a_client_are_taken(principal: ServicePrincipal):
    for answer in (principal.asks(), principal.asks_in_header()):
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert verified(answer.json()["access_token"]) is not None


def test_the_token_is_a_bearer_token_for_an_hour_at_most(principal: ServicePrincipal):
    answer = principal.asks().json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3600
    assert answer["scope"] == "mcp:read mcp:write"


def test_a_token_does_not_outlive_its_principal(connection: Connection):
    short = ServicePrincipal.made_by(connection, expires_in=timedelta(minutes=5))
    assert 290 <= short.asks().json()["expires_in"] <= 300


@guards(SERVICE_MUSTS)
def test_a_refresh_token_should_not_be_included(principal: ServicePrincipal):
    assert "refresh_token" not in principal.asks().json()
    assert not RefreshToken.objects.exists()


def test_the_secret_is_stored_hashed(principal: ServicePrincipal):
    stored = Application.objects.get(client_id=principal.client_id)
    assert principal.secret not in (stored.client_secret, repr(principal.row), str(principal.row))
    assert len(principal.secret) > 43


@guards(SERVICE_MUSTS)
@pytest.mark.parametrize("secret", ["wrong", "", "snmcp_secret_", None])
def test_client_authentication_must_succeed(principal: ServicePrincipal, secret: str | None):
    assert error_of(principal.asks(client_secret=secret)) == (401, "invalid_client")


@guards(SERVICE_MUSTS)
def test_a_wrong_secret_in_the_header_is_challenged(principal: ServicePrincipal):
    principal.secret = "wrong"
    answer = principal.asks_in_header()
    assert error_of(answer) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic")


@guards(SERVICE_MUSTS)
def test_a_secret_opens_only_the_client_it_was_made_for(
    principal: ServicePrincipal, connection: Connection
):
    other = ServicePrincipal.made_by(connection)
    assert error_of(principal.asks(client_id=other.client_id)) == (401, "invalid_client")


@guards(SERVICE_MUSTS)
@pytest.mark.parametrize("method", ["none", "client_secret_post", "client_secret_basic"])
def test_the_grant_must_be_used_by_service_principals_only(db: None, method: str):
    client = McpClient.registered(token_endpoint_auth_method=method)
    answer = client.token(grant_type="client_credentials", client_secret=client.client_secret)
    assert error_of(answer) in {(401, "invalid_client"), (400, "unauthorized_client")}


@guards(SERVICE_MUSTS)
def test_a_client_cannot_register_itself_for_the_grant(db: None):
    client = McpClient.registered(
        grant_types=["authorization_code", "client_credentials"],
        token_endpoint_auth_method="client_secret_post",
    )
    answer = client.token(grant_type="client_credentials", client_secret=client.client_secret)
    assert error_of(answer) == (400, "unauthorized_client")


@pytest.mark.parametrize("source", ["manual", "dcr", "cimd"])
@pytest.mark.parametrize("secret", ["a secret", ""])
def test_a_client_with_the_grant_that_nobody_made_for_themselves_gets_nothing(
    connection: Connection, source: str, secret: str
):
    Application.objects.create(
        client_id="by-hand",
        client_secret=secret,
        user=connection.user,
        client_type="confidential" if secret else "public",
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        registration_source=source,
    )
    answer = McpClient("by-hand").token(grant_type="client_credentials", client_secret=secret)
    assert error_of(answer) == (401, "invalid_client")


def test_nobody_makes_one_for_another_person(connection: Connection):
    of_beth = connected_person("beth.anglin", "Beth Anglin")
    with pytest.raises(NotYours):
        service_clients.make(user=of_beth.user, connection=connection, name="Night shift")
    Connection.objects.update(state=State.NEEDS_SIGN_IN)
    with pytest.raises(SignInNeeded):
        service_clients.make(user=connection.user, connection=connection, name="Night shift")
    assert not Application.objects.exists()


@guards(SERVICE_MUSTS)
def test_a_service_principal_must_not_use_another_grant(principal: ServicePrincipal):
    for grant in ({"grant_type": "authorization_code", "code": "x"}, {"grant_type": "password"}):
        answer = principal.asks(**grant, username="abel.tuter", password="demo")
        assert error_of(answer)[1] in {"unauthorized_client", "unsupported_grant_type"}
    answer = principal.asks(grant_type="refresh_token", refresh_token="x")
    assert error_of(answer) == (400, "invalid_grant")


def test_nobody_is_asked_to_let_a_service_principal_in(principal: ServicePrincipal, beth: Client):
    page = McpClient(principal.client_id).ask(beth)
    assert page.status_code == 400
    assert ClientGrant.objects.count() == 1


@guards(SERVICE_MUSTS)
def test_a_scope_beyond_what_was_given_is_invalid(connection: Connection):
    reading = ServicePrincipal.made_by(connection, access="read")
    assert reading.asks().json()["scope"] == "mcp:read"
    for scope in ("mcp:read mcp:write", "mcp:write", "mcp:read,mcp:write"):
        assert error_of(reading.asks(scope=scope)) == (400, "invalid_scope")


@pytest.mark.parametrize("scope", ["admin", "mcp:read\x00"])
def test_an_unknown_scope_alone_is_invalid(principal: ServicePrincipal, scope: str):
    assert error_of(principal.asks(scope=scope))[0] == 400


def test_a_token_may_be_asked_for_with_less(principal: ServicePrincipal):
    answer = principal.asks(scope="mcp:read")
    assert answer.json()["scope"] == "mcp:read"
    found = verified(answer.json()["access_token"])
    assert found is not None
    assert found.scopes == {"mcp:read"}


def test_scopes_may_come_with_commas_as_servicenows_form_takes_them(principal: ServicePrincipal):
    for scope in ("mcp:read,mcp:write", "mcp:read, mcp:write", "mcp:write"):
        assert principal.asks(scope=scope).json()["scope"] == "mcp:read mcp:write"


def test_the_resource_decides_where_the_token_opens(principal: ServicePrincipal):
    of_both, alone = principal.token(), principal.token(resource=ALIAS)
    assert (verified(of_both) is None, verified(of_both, at=ALIAS) is None) == (False, False)
    assert (verified(alone) is None, verified(alone, at=ALIAS) is None) == (True, False)


@guards(SERVICE_MUSTS)
@pytest.mark.parametrize("resource", ["https://other.example/mcp", "urn:x", [MCP, f"{MCP}/x"]])
def test_a_service_principal_gets_no_token_for_a_foreign_resource(
    principal: ServicePrincipal, resource: str | list[str]
):
    assert error_of(principal.asks(resource=resource)) == (400, "invalid_target")


def test_parameters_must_not_be_given_twice(principal: ServicePrincipal):
    answer = principal.asks(scope=["mcp:read", "mcp:read"])
    assert error_of(answer) == (400, "invalid_request")


@guards(SERVICE_MUSTS)
def test_an_ended_principal_gets_no_token_and_its_tokens_open_nothing(principal: ServicePrincipal):
    token = principal.token()
    assert service_clients.revoke_all(ServiceClient.objects.all()) == 1
    assert service_clients.revoke_all(ServiceClient.objects.all()) == 0
    assert verified(token) is None
    assert error_of(principal.asks()) == (401, "invalid_client")


def test_ending_its_consent_is_the_same(principal: ServicePrincipal):
    token = principal.token()
    revoke_grant(principal.row.client_grant)
    assert verified(token) is None
    assert error_of(principal.asks()) == (401, "invalid_client")


@guards(SERVICE_MUSTS)
def test_an_expired_principal_gets_no_token_and_its_tokens_open_nothing(
    principal: ServicePrincipal,
):
    token = principal.token()
    ServiceClient.objects.update(expires_at=timezone.now())
    assert verified(token) is None
    assert error_of(principal.asks()) == (401, "invalid_client")


def test_an_expired_token_opens_nothing(principal: ServicePrincipal):
    token = principal.token()
    AccessToken.objects.update(expires=timezone.now())
    assert verified(token) is None


def test_a_person_who_was_turned_off_has_no_service_principals(principal: ServicePrincipal):
    token = principal.token()
    User.objects.update(is_active=False)
    assert verified(token) is None
    assert error_of(principal.asks()) == (401, "invalid_client")


def test_disconnecting_ends_them_as_it_ends_reconnect_tokens(
    principal: ServicePrincipal, connection: Connection, monkeypatch: pytest.MonkeyPatch
):
    token = principal.token()
    Connection.objects.update(access_token="", refresh_token="")  # nothing to revoke elsewhere
    connection.refresh_from_db()
    disconnect(connection=connection, reason=Reason.ASKED_BY_PERSON)
    assert verified(token) is None
    assert error_of(principal.asks()) == (401, "invalid_client")


def test_revoking_a_token_leaves_the_principal(principal: ServicePrincipal):
    token = principal.token()
    answer = principal.web.post(
        "/o/revoke_token/",
        {"token": token, "client_id": principal.client_id, "client_secret": principal.secret},
    )
    assert answer.status_code == 200
    assert verified(token) is None
    assert verified(principal.token()) is not None


@guards(SERVICE_MUSTS)
def test_another_client_cannot_revoke_its_tokens(principal: ServicePrincipal):
    token = principal.token()
    other = McpClient.registered()
    other.web.post("/o/revoke_token/", {"token": token, "client_id": other.client_id})
    assert verified(token) is not None


def test_each_token_is_its_makers_alone(principal: ServicePrincipal):
    of_beth = ServicePrincipal.made_by(connected_person("beth.anglin", "Beth Anglin"))
    found = [verified(each.token()) for each in (principal, of_beth, principal)]
    assert [each.user.username for each in found if each] == [
        "abel.tuter",
        "beth.anglin",
        "abel.tuter",
    ]


def test_its_use_is_noted_with_the_address(principal: ServicePrincipal):
    verify_access_token(principal.token(), resource=MCP, address="203.0.113.7")
    grant = ClientGrant.objects.get()
    assert grant.last_used_at is not None
    assert grant.last_used_address == "203.0.113.7"


def test_the_grant_is_announced_to_clients(db: None):
    metadata = Client().get("/.well-known/oauth-authorization-server").json()
    assert "client_credentials" in metadata["grant_types_supported"]
