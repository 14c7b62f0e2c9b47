"""Reconnect tokens on their page: made after a fresh sign-in, shown once, revocable."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from oauth_app.models import Connection, ReconnectToken
from oauth_app.models.connections import State
from oauth_app.reconnect_tokens import find, touch
from tests.mcp_app.portal.pages import text_of
from tests.oauth_app.authorization_server.people import browser_of

PAGE = "/connection/tokens"
REVOKE = "/connection/tokens/revoke"
NEW = {"name": "My script", "access": "read", "expires_in": "604800"}


def made(browser: Client, **changed: str) -> str:
    response = browser.post(PAGE, NEW | changed)
    assert response.status_code == 200, response.content.decode()
    return str(response.context["made"]["raw"])


def test_a_stranger_signs_in_first(db: None):
    assert Client().get(PAGE)["Location"] == "/oauth/authorize?next=%2Fconnection%2Ftokens"


def test_read_only_and_thirty_days_are_the_default(abel: Client):
    form = abel.get(PAGE).context["form"]
    assert form["access"].value() == "read"
    assert form["expires_in"].value() == 30 * 86_400


def test_a_token_is_shown_once_with_its_personal_url(abel: Client):
    response = abel.post(PAGE, NEW)
    raw = response.context["made"]["raw"]
    page = response.content.decode()
    assert raw in page
    assert f"http://localhost:8080/mcp?token={raw}" in page
    assert "no-store" in response["Cache-Control"]
    assert raw not in abel.get(PAGE).content.decode()
    token = find(raw)
    assert token is not None
    assert token.access == "read"
    assert token.hint in text_of(abel.get(PAGE))
    assert timedelta(days=6) < token.expires_at - timezone.now() <= timedelta(days=7)


def test_a_new_token_is_in_no_session_and_no_cookie(abel: Client):
    raw = made(abel)
    assert all(raw not in str(stored.get_decoded()) for stored in Session.objects.all())
    assert raw not in str(abel.cookies)


def test_there_is_no_personal_url_where_the_operator_does_not_want_it(
    abel: Client, settings: Settings
):
    settings.MCP_URL_TOKENS = False
    page = abel.post(PAGE, NEW).content.decode()
    assert "?token=" not in page
    assert "Personal URL" not in page


def test_a_token_that_may_write_is_a_choice(abel: Client):
    token = find(made(abel, access="write"))
    assert token is not None
    assert token.access == "write"


@pytest.mark.parametrize(
    "changed", [{"name": ""}, {"name": "x" * 81}, {"access": "admin"}, {"expires_in": "99999999"}]
)
def test_a_wrong_form_makes_no_token(abel: Client, changed: dict[str, str]):
    response = abel.post(PAGE, NEW | changed)
    assert response.status_code == 400
    assert not ReconnectToken.objects.exists()


def test_the_lives_to_choose_from_end_with_the_operators_longest(abel: Client, settings: Settings):
    settings.RECONNECT_TOKEN_TTL = 10 * 86_400
    choices = [value for value, _ in abel.get(PAGE).context["form"].fields["expires_in"].choices]
    assert choices == [86_400, 7 * 86_400, 10 * 86_400]
    settings.RECONNECT_TOKEN_TTL = 3_600
    choices = [value for value, _ in abel.get(PAGE).context["form"].fields["expires_in"].choices]
    assert choices == [3_600]
    assert made(abel, expires_in="3600")


def test_an_old_sign_in_makes_no_token_and_is_sent_to_sign_in_again(abel: Client):
    stale = browser_of(Connection.objects.get(), signed_in_ago=timedelta(minutes=5))
    page = stale.get(PAGE)
    assert "younger than five minutes" in text_of(page)
    assert "Make token" not in text_of(page)
    response = stale.post(PAGE, NEW)
    assert response.status_code == 302
    assert response["Location"] == "/oauth/authorize?next=%2Fconnection%2Ftokens"
    assert not ReconnectToken.objects.exists()


def test_an_ended_connection_makes_no_token(abel: Client):
    Connection.objects.update(state=State.NEEDS_SIGN_IN)
    assert abel.post(PAGE, NEW)["Location"].startswith("/oauth/authorize")
    assert not ReconnectToken.objects.exists()


def test_the_list_says_when_from_where_and_by_what_a_token_was_used(abel: Client):
    token = find(made(abel))
    assert token is not None
    assert "Never used" in text_of(abel.get(PAGE))
    touch(token, address="203.0.113.7", client="n8n 1.2")
    assert "from 203.0.113.7 by n8n 1.2" in text_of(abel.get(PAGE))


def test_revoking_one_token_leaves_the_others(abel: Client):
    first, second = made(abel), made(abel, name="Other")
    token = find(first)
    assert token is not None
    response = abel.post(REVOKE, {"action": "one", "id": token.pk}, follow=True)
    assert "1 token is revoked" in text_of(response)
    assert find(first) is None
    assert find(second) is not None
    assert "My script" not in text_of(abel.get(PAGE))


def test_revoking_all_ends_every_token_even_with_an_old_sign_in(abel: Client):
    raws = [made(abel), made(abel)]
    stale = browser_of(Connection.objects.get(), signed_in_ago=timedelta(days=1))
    response = stale.post(REVOKE, {"action": "all"}, follow=True)
    assert "2 tokens are revoked" in text_of(response)
    assert [find(raw) for raw in raws] == [None, None]


def test_charlie_cannot_see_or_revoke_abels_token(abel: Client, charlie: Client):
    raw = made(abel)
    assert "My script" not in text_of(charlie.get(PAGE))
    form = {"action": "one", "id": ReconnectToken.objects.get().pk}
    assert charlie.post(REVOKE, form).status_code == 404
    charlie.post(REVOKE, {"action": "all"})
    assert find(raw) is not None


@pytest.mark.parametrize(
    "form",
    [{}, {"action": "one"}, {"action": "one", "id": "x"}, {"action": "one", "id": "9" * 30}],
)
def test_a_damaged_form_revokes_nothing(abel: Client, form: dict[str, str]):
    raw = made(abel)
    assert abel.post(REVOKE, form).status_code == 404
    assert find(raw) is not None


def test_tokens_are_revoked_by_posts_only(abel: Client):
    assert abel.get(REVOKE).status_code == 405


def test_a_forged_form_makes_and_revokes_nothing(abel: Client):
    raw = made(abel)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = abel.cookies
    assert strict.post(PAGE, NEW).status_code == 403
    assert strict.post(REVOKE, {"action": "all"}).status_code == 403
    assert find(raw) is not None
    assert ReconnectToken.objects.count() == 1
