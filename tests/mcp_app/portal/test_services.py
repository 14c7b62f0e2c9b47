"""Service principals on their page: made after a fresh sign-in, shown once, ended at any time."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import Connection, ServiceClient
from oauth_app.models.connections import State
from oauth_app.service_clients import NewServiceClient
from tests.mcp_app.portal.pages import text_of
from tests.oauth_app.authorization_server.mcp_client import MCP
from tests.oauth_app.authorization_server.people import browser_of

PAGE = "/connection/services"
REVOKE = "/connection/services/revoke"
NEW = {
    "name": "Night shift",
    "access": "read",
    "expires_in": "604800",
    "toolsets": ["incidents"],
}
SIGN_IN = "/oauth/authorize?next=%2Fconnection%2Fservices"


def made(browser: Client, **changed: object) -> NewServiceClient:
    response = browser.post(PAGE, NEW | changed)
    assert response.status_code == 200, response.content.decode()
    found = response.context["made"]
    assert isinstance(found, NewServiceClient)
    return found


def token_for(principal: NewServiceClient) -> HttpResponse:
    body = {
        "grant_type": "client_credentials",
        "client_id": principal.client_id,
        "client_secret": principal.secret,
    }
    return Client().post("/o/token/", body)


def test_a_stranger_signs_in_first(db: None):
    assert Client().get(PAGE)["Location"] == SIGN_IN


def test_read_only_is_the_default(abel: Client):
    form = abel.get(PAGE).context["form"]
    assert form["access"].value() == "read"
    assert form["expires_in"].value() == 30 * 86_400
    assert "incidents" in form["toolsets"].value()


def test_the_secret_is_shown_once_beside_what_the_client_needs(abel: Client):
    response = abel.post(PAGE, NEW)
    new, page = response.context["made"], response.content.decode()
    for shown in (new.client_id, new.secret, "http://localhost:8080/o/token/", f"{MCP}/servicenow"):
        assert shown in page
    assert "no-store" in response["Cache-Control"]
    again = abel.get(PAGE).content.decode()
    assert new.secret not in again
    assert new.client_id in again
    assert all(new.secret not in str(stored.get_decoded()) for stored in Session.objects.all())
    assert new.secret not in Application.objects.get().client_secret


def test_it_goes_as_far_and_as_long_as_was_chosen(abel: Client):
    principal = made(abel).service_client
    assert principal.client_grant.access == "read"
    assert principal.client_grant.toolsets == ["incidents"]
    assert timedelta(days=6) < principal.expires_at - timezone.now() <= timedelta(days=7)
    assert made(abel, access="write").service_client.client_grant.access == "write"


def test_a_person_makes_one_for_themselves_whatever_else_is_posted(abel: Client, beth: Client):
    of_beth = Connection.objects.get(user_name="beth.anglin")
    foreign = {"user": of_beth.user_id, "connection": of_beth.pk, "user_sys_id": of_beth.sys_id}
    principal = made(abel, **foreign).service_client
    assert principal.client_grant.user.username == "abel.tuter"
    assert principal.connection.user_name == "abel.tuter"


def test_it_ends_with_the_sign_in_at_servicenow_at_the_latest(abel: Client):
    ends = timezone.now() + timedelta(days=2)
    Connection.objects.update(refresh_token_expires_at=ends)
    assert made(abel).service_client.expires_at == ends


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"access": "admin"},
        {"expires_in": "99999999"},
        {"toolsets": []},
        {"toolsets": ["incidents", "everything"]},
    ],
)
def test_a_wrong_form_makes_nothing(abel: Client, changed: dict[str, object]):
    assert abel.post(PAGE, NEW | changed).status_code == 400
    assert not ServiceClient.objects.exists()
    assert not Application.objects.exists()


def test_an_old_sign_in_makes_nothing_and_is_sent_to_sign_in_again(abel: Client):
    stale = browser_of(Connection.objects.get(), signed_in_ago=timedelta(minutes=5))
    assert "younger than five minutes" in text_of(stale.get(PAGE))
    assert stale.post(PAGE, NEW)["Location"] == SIGN_IN
    Connection.objects.update(state=State.NEEDS_SIGN_IN)
    assert abel.post(PAGE, NEW)["Location"] == SIGN_IN
    assert not ServiceClient.objects.exists()


def test_the_list_says_when_and_from_where_it_was_used(abel: Client):
    principal = made(abel)
    assert "Never used" in text_of(abel.get(PAGE))
    token = token_for(principal).json()["access_token"]
    verify_access_token(token, resource=MCP, address="203.0.113.7")
    assert "from 203.0.113.7" in text_of(abel.get(PAGE))


def test_it_is_no_connected_client_that_could_be_asked_for_more(abel: Client):
    made(abel)
    assert "Night shift" not in text_of(abel.get("/connection/clients"))


def test_ending_one_leaves_the_others_and_ending_all_needs_no_fresh_sign_in(abel: Client):
    first, second = made(abel), made(abel, name="Other")
    form = {"action": "one", "id": first.service_client.pk}
    assert "1 service principal is ended" in text_of(abel.post(REVOKE, form, follow=True))
    assert (token_for(first).status_code, token_for(second).status_code) == (401, 200)
    assert "Night shift" not in text_of(abel.get(PAGE))
    stale = browser_of(Connection.objects.get(), signed_in_ago=timedelta(days=1))
    stale.post(REVOKE, {"action": "all"})
    assert token_for(second).status_code == 401


def test_charlie_cannot_see_or_end_abels(abel: Client, charlie: Client):
    principal = made(abel)
    assert "Night shift" not in text_of(charlie.get(PAGE))
    form = {"action": "one", "id": principal.service_client.pk}
    assert charlie.post(REVOKE, form).status_code == 404
    charlie.post(REVOKE, {"action": "all"})
    assert token_for(principal).status_code == 200


def test_damaged_and_forged_forms_end_and_make_nothing(abel: Client):
    principal = made(abel)
    for form in ({}, {"action": "one"}, {"action": "one", "id": "9" * 30}):
        assert abel.post(REVOKE, form).status_code == 404
    assert abel.get(REVOKE).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = abel.cookies
    assert strict.post(PAGE, NEW).status_code == 403
    assert strict.post(REVOKE, {"action": "all"}).status_code == 403
    assert token_for(principal).status_code == 200
    assert ServiceClient.objects.count() == 1
