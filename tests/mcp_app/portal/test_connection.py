"""My connection: how it stands, what to copy, and the way out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oauth_app.models import Connection, Instance, ReconnectToken
from oauth_app.models.connections import Reason, State
from oauth_app.reconnect_tokens import make
from tests.mcp_app.portal.pages import text_of

PAGE = "/connection"


def badge(browser: Client) -> tuple[str, str]:
    state = browser.get(PAGE).context["state"]
    return state.level, str(state.title)


def test_a_stranger_signs_in_first_and_comes_back(db: None):
    response = Client().get(PAGE)
    assert response.status_code == 302
    assert response["Location"] == "/oauth/authorize?next=%2Fconnection"


def test_the_page_shows_whose_connection_it_is_and_the_mcp_address(abel: Client):
    text = text_of(abel.get(PAGE))
    assert "Abel Tuter on Demo" in text
    assert "abel.tuter" in text
    assert "localhost:8090" in text
    assert "http://localhost:8080/mcp" in text
    assert "claude mcp add --transport http servicenow http://localhost:8080/mcp" in text
    assert "Sign out" in text


def test_a_working_connection_is_green(abel: Client):
    assert badge(abel) == ("good", "Connected")
    assert "Sign in again" not in text_of(abel.get(PAGE))


def test_a_connection_that_ends_within_a_week_is_amber(abel: Client):
    ends = timezone.now() + timedelta(days=6)
    Connection.objects.update(refresh_token_expires_at=ends)
    assert badge(abel) == ("warn", "Ends soon")
    assert "Sign in again" in text_of(abel.get(PAGE))


def test_a_connection_whose_renewal_fails_is_amber_and_asks_nothing_of_the_person(abel: Client):
    Connection.objects.update(refresh_failures=1)
    assert badge(abel) == ("warn", "Renewal is failing")
    assert "Sign in again" not in text_of(abel.get(PAGE))


def test_a_paused_instance_is_amber(abel: Client):
    Instance.objects.update(is_paused=True)
    assert badge(abel) == ("warn", "Paused")


def test_a_connection_that_needs_its_person_is_red_and_says_why(abel: Client):
    Connection.objects.update(state=State.NEEDS_SIGN_IN, reason=Reason.REJECTED_BY_INSTANCE)
    assert badge(abel) == ("bad", "Sign in again")
    response = abel.get(PAGE)
    assert "ServiceNow refused to renew" in text_of(response)
    instance = Instance.objects.get().pk
    assert (
        f"/oauth/authorize?instance={instance}&amp;next=%2Fconnection" in response.content.decode()
    )


def test_a_connection_without_known_ends_still_has_a_page(abel: Client):
    Connection.objects.update(refresh_token_expires_at=None, refreshed_at=None, name="")
    text = text_of(abel.get(PAGE))
    assert "none needed yet" in text
    assert "abel.tuter on Demo" in text


@pytest.mark.usefixtures("simulator")
def test_disconnecting_forgets_the_tokens_and_says_what_happened(abel: Client):
    connection = Connection.objects.get()
    make(user=connection.user, connection=connection, name="script")
    response = abel.post(PAGE, follow=True)
    assert "You are disconnected" in text_of(response)
    connection.refresh_from_db()
    assert connection.state == State.DISCONNECTED
    assert connection.refresh_token == ""
    assert connection.access_token == ""
    assert ReconnectToken.objects.get().revoked_at is not None
    assert badge(abel) == ("bad", "Disconnected")
    assert "This removes your ServiceNow tokens" not in text_of(abel.get(PAGE))


@pytest.mark.usefixtures("simulator")
def test_charlie_disconnects_nobody_but_charlie(abel: Client, charlie: Client):
    abels = Connection.objects.get(user_name="abel.tuter")
    charlie.post(PAGE, {"connection": abels.pk, "id": abels.pk})
    abels.refresh_from_db()
    assert abels.is_active


def test_charlie_sees_nothing_of_abel(abel: Client, charlie: Client):
    text = text_of(charlie.get(PAGE))
    assert "Charlie Whitherspoon on Demo" in text
    assert "Abel" not in text


def test_a_forged_form_disconnects_nobody(abel: Client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = abel.cookies
    assert strict.post(PAGE).status_code == 403
    assert Connection.objects.get().is_active


def test_no_token_is_on_the_page(abel: Client):
    page = abel.get(PAGE).content.decode()
    assert "an access token" not in page
    assert "a refresh token" not in page


def test_the_page_needs_no_inline_script_or_style(abel: Client):
    page = abel.get(PAGE).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "<script>" not in page
