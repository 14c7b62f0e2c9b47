"""`/oauth/reconnect-token`: only from one's own fresh browser session, only for oneself."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oauth_app import reconnect_tokens
from oauth_app.models import Connection, ReconnectToken
from tests.oauth_app.visitors import Visitor
from tests.support.operators import superuser

pytestmark = pytest.mark.usefixtures("db")

PATH = "/oauth/reconnect-token"


def post(client: Client, body: object, **headers: str) -> Any:
    return client.post(PATH, json.dumps(body), content_type="application/json", headers=headers)


def delete(client: Client, body: object) -> Any:
    return client.delete(PATH, json.dumps(body), content_type="application/json")


def grow_old(client: Client, *, seconds: float) -> None:
    """Let the sign-in of this browser have happened earlier."""
    session = client.session
    session["signed_in_at"] -= seconds
    session.save()


def test_a_person_makes_a_token_for_themselves(browser: Visitor, abel: Connection) -> None:
    answer = post(browser.client, {"name": "laptop"})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    made = answer.json()
    token = reconnect_tokens.find(made["reconnect_token"])
    assert token
    assert (token.user, token.connection, token.access) == (abel.user, abel, "read")
    assert made["personal_url"] == "http://localhost:8080/mcp?token=" + made["reconnect_token"]
    assert made["mcp_url"] == "http://localhost:8080/mcp"
    assert (made["id"], made["name"], made["hint"]) == (token.pk, "laptop", token.hint)
    assert datetime.fromisoformat(made["expires_at"]) <= timezone.now() + timedelta(days=100)


def test_write_access_and_a_life_may_be_chosen(browser: Visitor, abel: Connection) -> None:
    post(browser.client, {"name": "ci", "access": "write", "expires_in": 3600})
    token = ReconnectToken.objects.get()
    assert token.access == "write"
    assert token.expires_at - timezone.now() <= timedelta(hours=1)


def test_a_form_works_like_json(browser: Visitor, abel: Connection) -> None:
    assert browser.client.post(PATH, {"name": "laptop"}).status_code == 201


def test_no_personal_url_is_offered_while_operators_have_not_allowed_them(
    browser: Visitor, abel: Connection, settings: Any
) -> None:
    settings.MCP_URL_TOKENS = False
    assert "personal_url" not in post(browser.client, {"name": "laptop"}).json()


def test_without_a_session_nothing_is_made(browser: Visitor, abel: Connection) -> None:
    answer = post(Client(), {"name": "laptop"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "AUTH_REQUIRED"
    address = "http://localhost:8080/oauth/authorize?next=%2Fconnection%2Ftokens"
    assert answer.json()["sign_in_url"] == address
    assert not ReconnectToken.objects.exists()


def test_a_credential_for_mcp_makes_no_other(browser: Visitor, abel: Connection) -> None:
    raw = post(browser.client, {"name": "first"}).json()["reconnect_token"]
    answer = post(Client(), {"name": "second"}, Authorization=f"Bearer {raw}")
    assert answer.status_code == 401
    assert ReconnectToken.objects.count() == 1


def test_an_operator_makes_no_token_for_anybody(abel: Connection) -> None:
    answer = post(superuser(), {"name": "mine", "user_sys_id": abel.sys_id})
    assert answer.status_code == 401
    assert not ReconnectToken.objects.exists()


def test_a_session_that_points_to_someone_elses_connection_is_no_session(
    browser: Visitor, abel: Connection, beth: Connection
) -> None:
    session = browser.client.session
    session["connection_id"] = beth.pk
    session.save()
    assert post(browser.client, {"name": "laptop"}).status_code == 401


def test_a_sign_in_older_than_five_minutes_must_be_renewed_first(
    browser: Visitor, abel: Connection
) -> None:
    grow_old(browser.client, seconds=301)
    answer = post(browser.client, {"name": "laptop"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "AUTH_EXPIRED"
    assert answer.json()["sign_in_url"].startswith("http://localhost:8080/oauth/authorize")
    assert not ReconnectToken.objects.exists()
    browser.sign_in("abel.tuter")
    assert post(browser.client, {"name": "laptop"}).status_code == 201


def test_a_sign_in_of_the_future_is_not_fresh(browser: Visitor, abel: Connection) -> None:
    grow_old(browser.client, seconds=-3600)
    assert post(browser.client, {"name": "laptop"}).status_code == 403


def test_an_ended_connection_makes_no_token(browser: Visitor, abel: Connection) -> None:
    Connection.objects.update(state="needs_sign_in")
    answer = post(browser.client, {"name": "laptop"})
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH_EXPIRED")


def test_a_page_of_another_site_cannot_make_one(browser: Visitor, abel: Connection) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    answer = post(strict, {"name": "laptop"})
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")
    assert delete(strict, {"revoke_all": True}).status_code == 403
    assert not ReconnectToken.objects.exists()


def test_a_page_of_ours_can(browser: Visitor, abel: Connection) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    strict.cookies["csrftoken"] = "a" * 32
    answer = post(strict, {"name": "laptop"}, X_CSRFToken="a" * 32, Origin="http://testserver")
    assert answer.status_code == 201


def test_ones_own_sys_id_is_accepted_from_old_scripts(browser: Visitor, abel: Connection) -> None:
    answer = post(browser.client, {"name": "laptop", "user_sys_id": abel.sys_id})
    assert answer.status_code == 201


def test_charlie_gets_nothing_with_abels_sys_id(
    browser: Visitor, abel: Connection, other_browser: Visitor
) -> None:
    other_browser.sign_in("charlie.whitherspoon")
    answer = post(other_browser.client, {"name": "laptop", "user_sys_id": abel.sys_id})
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_YOURS")
    answer = delete(other_browser.client, {"revoke_all": True, "user_sys_id": abel.sys_id})
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_YOURS")
    assert not ReconnectToken.objects.exists()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "top\u202epal"}, "name"),
        ({"name": "laptop", "access": "admin"}, "access"),
        ({"name": "laptop", "expires_in": 1}, "expires_in"),
        ({"name": "laptop", "expires_in": 8_640_001}, "expires_in"),
        ({"name": "laptop", "expires_in": "soon"}, "expires_in"),
        ([], "body"),
    ],
)
def test_what_is_wrong_is_named(
    browser: Visitor, abel: Connection, body: object, named: str
) -> None:
    answer = post(browser.client, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")
    assert named in answer.json()["arguments"]


@pytest.mark.parametrize("body", ["{", "[" * 100_000], ids=["cut off", "nested deeply"])
def test_a_body_that_is_not_json_is_refused(browser: Visitor, abel: Connection, body: str) -> None:
    answer = browser.client.post(PATH, body, content_type="application/json")
    assert answer.json()["code"] == "VALIDATION_ERROR"


def test_other_methods_are_not_there(browser: Visitor, abel: Connection) -> None:
    assert browser.client.get(PATH).status_code == 405


@pytest.fixture
def raw(browser: Visitor, abel: Connection) -> str:
    """A token Abel has made."""
    return str(post(browser.client, {"name": "laptop"}).json()["reconnect_token"])


def test_one_token_is_revoked_by_its_text(browser: Visitor, raw: str) -> None:
    kept = post(browser.client, {"name": "other"}).json()["reconnect_token"]
    assert delete(browser.client, {"reconnect_token": raw}).json() == {"revoked": 1}
    assert reconnect_tokens.find(raw) is None
    assert reconnect_tokens.find(kept)


def test_one_token_is_revoked_by_its_id_however_old_the_sign_in(browser: Visitor, raw: str) -> None:
    grow_old(browser.client, seconds=3600)
    body = {"id": ReconnectToken.objects.get().pk}
    assert delete(browser.client, body).json() == {"revoked": 1}
    assert delete(browser.client, body).json() == {"revoked": 0}


def test_all_of_ones_own_are_revoked_at_once(
    browser: Visitor, raw: str, other_browser: Visitor, beth: Connection
) -> None:
    beths = post(other_browser.client, {"name": "Beth's"}).json()["reconnect_token"]
    post(browser.client, {"name": "second"})
    assert delete(browser.client, {"revoke_all": True}).json() == {"revoked": 2}
    assert reconnect_tokens.find(beths)


def test_charlie_cannot_revoke_abels_token(
    browser: Visitor, raw: str, other_browser: Visitor
) -> None:
    other_browser.sign_in("charlie.whitherspoon")
    for body in ({"reconnect_token": raw}, {"id": ReconnectToken.objects.get().pk}):
        answer = delete(other_browser.client, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert delete(other_browser.client, {"revoke_all": True}).json() == {"revoked": 0}
    assert reconnect_tokens.find(raw)


def test_a_text_that_is_no_token_at_all_is_not_found(browser: Visitor, abel: Connection) -> None:
    assert delete(browser.client, {"reconnect_token": "\ud800"}).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"revoke_all": False}, {"id": 1, "revoke_all": True}, {"id": "x"}]
)
def test_a_revocation_says_exactly_which(
    browser: Visitor, raw: str, body: dict[str, object]
) -> None:
    answer = delete(browser.client, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")
    assert reconnect_tokens.find(raw)


def test_without_a_session_nothing_is_revoked(raw: str) -> None:
    assert delete(Client(), {"reconnect_token": raw}).status_code == 401
    assert reconnect_tokens.find(raw)
