"""Signing in, as it should go."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from oauth_app.models import AuthorizationRequest, BrowserSession, Connection, Instance, User
from oauth_app.views import CALLBACKS, SIGN_INS
from simulator.world import World
from tests.oauth_app.visitors import Visitor

pytestmark = pytest.mark.usefixtures("db")


def test_the_welcome_page_has_one_button_that_names_the_instance(browser: Visitor) -> None:
    page = browser.client.get("/")
    assert page.status_code == 200
    assert page.content.count(b'class="button primary"') == 1
    assert b"Sign in with ServiceNow" in page.content
    assert b"localhost:8090" in page.content


def test_a_monitor_may_ask_for_the_head_of_the_welcome_page(browser: Visitor) -> None:
    assert browser.client.head("/").status_code == 200


def test_a_person_signs_in_and_has_a_connection_of_their_own(browser: Visitor) -> None:
    answer = browser.sign_in("abel.tuter")
    assert (answer.status_code, answer["Location"]) == (302, "/connection")
    connection = Connection.objects.get()
    assert connection.user_name == "abel.tuter"
    assert connection.is_active
    assert connection.access_token
    assert connection.refresh_token
    assert connection.sys_id == "62826bf03710200044e0bfc8bcbe5df1"


def test_state_and_pkce_leave_with_the_browser_and_only_their_hashes_stay(browser: Visitor) -> None:
    asked = parse_qs(urlsplit(browser.begin()).query)
    request = AuthorizationRequest.objects.get()
    assert asked["code_challenge_method"] == ["S256"]
    assert request.state_hash not in asked["state"]
    assert request.code_verifier not in asked["code_challenge"]
    stored = AuthorizationRequest.objects.values_list("code_verifier", flat=True).get()
    assert request.code_verifier not in stored


def test_a_person_comes_back_to_the_page_they_wanted(browser: Visitor) -> None:
    answer = browser.sign_in("abel.tuter", next_path="/connection/tokens?from=mail")
    assert answer["Location"] == "/connection/tokens?from=mail"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "tokens",
        "/conn\x00ection",
        "/\t/evil.example",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(browser: Visitor, elsewhere: str) -> None:
    assert browser.sign_in("abel.tuter", next_path=elsewhere)["Location"] == "/connection"


def test_the_welcome_page_leads_a_signed_in_person_to_their_connection(
    browser: Visitor, abel: Connection
) -> None:
    assert browser.client.get("/")["Location"] == "/connection"


def test_the_session_key_changes_when_a_person_signs_in(browser: Visitor) -> None:
    browser.client.session.save()
    session = browser.client.session
    session["planted"] = "by an attacker"
    session.save()
    before = session.session_key or ""
    browser.client.cookies["sessionid"] = before
    browser.sign_in("abel.tuter")
    assert browser.client.session.session_key != before


def test_someone_else_in_the_same_browser_gets_a_session_without_anything_of_the_first(
    browser: Visitor, abel: Connection
) -> None:
    session = browser.client.session
    session["draft"] = "Abel's"
    session.save()
    browser.sign_in("beth.anglin")
    assert "draft" not in browser.client.session
    assert browser.client.session["connection_id"] != abel.pk


def test_the_same_person_signing_in_again_keeps_their_session_and_their_connection(
    browser: Visitor, abel: Connection
) -> None:
    session = browser.client.session
    session["draft"] = "Abel's"
    session.save()
    browser.sign_in("abel.tuter")
    assert browser.client.session["draft"] == "Abel's"
    assert Connection.objects.get().pk == abel.pk


def test_the_session_knows_when_the_person_signed_in(browser: Visitor, abel: Connection) -> None:
    age = timezone.now().timestamp() - browser.client.session["signed_in_at"]
    assert 0 <= age < 60


def test_whoever_reads_the_database_finds_no_session_key(
    browser: Visitor, abel: Connection
) -> None:
    held = browser.client.cookies["sessionid"].value
    stored = BrowserSession.objects.values_list("session_key", flat=True)
    assert held not in stored
    browser.client.cookies["sessionid"] = str(stored[0])
    assert browser.client.get("/").status_code == 200  # the welcome page: not signed in


def test_a_person_from_servicenow_has_no_password_and_is_no_operator(abel: Connection) -> None:
    assert not abel.user.has_usable_password()
    assert not abel.user.is_staff
    assert abel.user.username == "abel.tuter@localhost_8090"
    assert (abel.user.first_name, abel.user.last_name) == ("Abel", "Tuter")


def test_an_operator_of_the_same_name_is_someone_else(browser: Visitor) -> None:
    operator = User.objects.create_superuser("abel.tuter@localhost_8090", "abel.tuter@example.com")
    browser.sign_in("abel.tuter")
    person = Connection.objects.get().user
    assert person != operator
    assert person.username == "abel.tuter@localhost_8090+2"


def test_nobody_is_linked_by_e_mail_or_user_name(browser: Visitor, abel: Connection) -> None:
    Connection.objects.filter(pk=abel.pk).update(sys_id="f" * 32)
    browser.sign_in("abel.tuter")
    people = get_user_model().objects.filter(email=abel.user.email)
    assert people.count() == 2
    assert Connection.objects.exclude(pk=abel.pk).get().user != abel.user


def test_a_person_renamed_at_servicenow_stays_the_same_person(
    browser: Visitor, abel: Connection, world: World
) -> None:
    renamed = {"user_name": "abel.t", "first_name": "Abel", "last_name": "T", "name": "Abel T"}
    world.instance.update("sys_user", abel.sys_id, renamed)
    browser.client.logout()
    browser.sign_in("abel.t")
    again = Connection.objects.get()
    assert (again.pk, again.user_name, again.user.last_name) == (abel.pk, "abel.t", "T")


def test_signing_in_again_wakes_a_connection_that_had_ended(
    browser: Visitor, abel: Connection
) -> None:
    Connection.objects.update(state="needs_sign_in", reason="rejected_by_instance")
    browser.sign_in("abel.tuter")
    again = Connection.objects.get()
    assert again.is_active
    assert again.version > abel.version
    assert again.reason == ""


@pytest.mark.parametrize(("is_https", "name"), [(True, "__Host-signing-in"), (False, "signing-in")])
def test_the_cookie_that_binds_a_sign_in_is_kept_from_scripts_and_other_hosts(
    browser: Visitor,
    settings: Any,
    is_https: bool,  # noqa: FBT001  # a test's parameter
    name: str,
) -> None:
    settings.IS_HTTPS = is_https
    browser.begin()
    cookie = browser.client.cookies[name]
    assert cookie["httponly"] is True
    assert bool(cookie["secure"]) is is_https
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert cookie["max-age"] == 600


def test_a_planted_value_of_another_shape_is_replaced(browser: Visitor) -> None:
    browser.client.cookies["signing-in"] = "planted"
    browser.begin()
    assert len(browser.client.cookies["signing-in"].value) == 43


def test_one_address_cannot_begin_sign_ins_without_end(browser: Visitor) -> None:
    for _ in range(SIGN_INS.most - 2):
        SIGN_INS.spend("127.0.0.1")
    answers = [browser.client.get("/oauth/authorize") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "TOO_MANY_SIGN_INS" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "6"
    assert AuthorizationRequest.objects.count() == 2
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get("/oauth/authorize").status_code == 302


def test_without_redis_no_sign_in_begins_and_one_that_began_is_finished(
    browser: Visitor, settings: Settings
) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    settings.CACHES = {"default": {"BACKEND": "tests.support.counted_here.NobodyCounts"}}
    refused = browser.client.get("/oauth/authorize")
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "SIGN_INS_PAUSED" in refused.content.decode()
    assert "stays signed in" in refused.content.decode()
    assert browser.come_back(returned)["Location"] == "/connection"


def test_one_address_cannot_come_back_without_end(browser: Visitor) -> None:
    for _ in range(CALLBACKS.most):
        CALLBACKS.spend("127.0.0.1")
    assert browser.come_back({"code": "x", "state": "made-up"}).status_code == 429


def test_two_sign_ins_in_two_tabs_both_succeed(browser: Visitor) -> None:
    first, second = browser.begin(), browser.begin("/connection/clients")
    assert browser.come_back(browser.at_servicenow(second, "abel.tuter")).status_code == 302
    assert browser.come_back(browser.at_servicenow(first, "abel.tuter")).status_code == 302


def test_the_good_until_date_is_a_hundred_days_after_the_sign_in(abel: Connection) -> None:
    assert abel.refresh_token_expires_at is not None
    left = abel.refresh_token_expires_at - timezone.now()
    assert timedelta(days=99, hours=23) < left <= timedelta(days=100)


def test_signing_out_ends_the_session_and_leaves_the_connection(
    browser: Visitor, abel: Connection
) -> None:
    assert browser.client.post("/oauth/sign-out")["Location"] == "/"
    assert "_auth_user_id" not in browser.client.session
    assert Connection.objects.get().is_active


def test_a_link_cannot_sign_anybody_out(browser: Visitor, abel: Connection) -> None:
    assert browser.client.get("/oauth/sign-out").status_code == 405
    assert browser.client.session["connection_id"] == abel.pk


def test_the_instance_is_made_from_the_settings_once(browser: Visitor) -> None:
    browser.begin()
    browser.begin()
    instance = Instance.objects.get()
    assert (instance.base_url, instance.is_default) == ("http://localhost:8090", True)
    assert instance.client_secret == "simulator-secret"
