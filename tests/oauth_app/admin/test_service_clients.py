"""Service principals in the admin: seen and ended by operators, made and read by none."""

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant, ServiceClient
from tests.oauth_app.authorization_server.mcp_client import MCP
from tests.oauth_app.authorization_server.people import connected_person
from tests.oauth_app.authorization_server.service_principals import ServicePrincipal
from tests.support.operators import operator_with, superuser

LIST = "/admin/oauth_app/serviceclient/"
CLIENTS = "/admin/oauth2_provider/application/"


@pytest.fixture
def principal(db: None) -> ServicePrincipal:
    return ServicePrincipal.made_by(connected_person("abel.tuter", "Abel Tuter"))


def end(browser: Client) -> str:
    form = {"action": "end", "_selected_action": ServiceClient.objects.get().pk}
    return browser.post(LIST, form, follow=True).content.decode()


def test_an_operator_sees_whose_they_are_and_no_secret(principal: ServicePrincipal):
    token = principal.token()
    verify_access_token(token, resource=MCP, address="203.0.113.7")
    browser, row = superuser(), ServiceClient.objects.get()
    for address in (LIST, f"{LIST}{row.pk}/change/"):
        page = browser.get(address).content.decode()
        for shown in ("Night shift", "abel.tuter", "203.0.113.7"):
            assert shown in page
        for secret in (token, principal.secret, Application.objects.get().client_secret):
            assert secret not in page


def test_they_are_shown_as_such_wherever_clients_and_tokens_are(principal: ServicePrincipal):
    principal.token()
    browser = superuser()
    grant, token = ClientGrant.objects.get(), AccessToken.objects.get()
    for address in (
        CLIENTS,
        "/admin/oauth_app/clientgrant/",
        f"/admin/oauth_app/clientgrant/{grant.pk}/change/",
        "/admin/oauth2_provider/accesstoken/",
        f"/admin/oauth2_provider/accesstoken/{token.pk}/change/",
    ):
        assert "Night shift (service principal)" in browser.get(address).content.decode(), address


def test_nobody_makes_edits_or_deletes_one_here(principal: ServicePrincipal):
    browser, row = superuser(), ServiceClient.objects.get()
    for page in ("add/", f"{row.pk}/change/", f"{row.pk}/delete/"):
        assert browser.post(f"{LIST}{page}", {"post": "yes"}).status_code == 403
    assert ServiceClient.objects.filter(client_grant__revoked_at=None).exists()


def test_an_operator_with_the_right_ends_one(principal: ServicePrincipal):
    token = principal.token()
    browser = operator_with("view_serviceclient", "change_serviceclient")
    assert "1 service principal ended" in end(browser)
    assert verify_access_token(token, resource=MCP) is None
    assert principal.asks().status_code == 401
    assert "0 service principals ended" in end(browser)


def test_an_operator_who_may_only_look_ends_nothing(principal: ServicePrincipal):
    end(operator_with("view_serviceclient"))
    assert principal.asks().status_code == 200
