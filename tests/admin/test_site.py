"""Who gets into the admin, what its pages may load, and where its navigation leads."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from oauth_app.models import User
from snmcp_project.admin_login import LOG_INS
from snmcp_project.admin_site import NAVIGATION, may_open
from tests.admin import canaries

pytestmark = pytest.mark.usefixtures("db")


def _policy(client: Client, address: str) -> dict[str, list[str]]:
    header = client.get(address).headers["Content-Security-Policy"]
    directives = [each.split() for each in header.split(";")]
    return {name: sources for name, *sources in directives}


def _links(client: Client) -> set[str]:
    page = client.get("/admin/").content.decode()
    return set(re.findall(r'href="(/admin/[^"?]+/)"', page))


def test_an_operator_logs_in_with_a_password():
    canaries.operator("olga")
    browser = Client(headers={"host": "localhost"})
    answer = browser.post(
        "/admin/login/?next=/admin/",
        {"username": "olga", "password": canaries.PASSWORD, "next": "/admin/"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert browser.get("/admin/").status_code == 200


def test_nobody_guesses_passwords_from_one_address_without_end():
    canaries.operator("olga")
    guess = {"username": "olga", "password": "guess", "next": "/admin/"}
    right = guess | {"password": canaries.PASSWORD}
    browser = Client()
    for _ in range(LOG_INS.most):
        assert browser.post("/admin/login/", guess).status_code == 200
    refused = browser.post("/admin/login/", right)
    assert refused.status_code == 200
    assert "Too many tries from your network" in refused.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/admin/login/", right).status_code == 302


def test_without_redis_no_password_is_compared(settings: Settings):
    canaries.operator("olga")
    settings.CACHES = {"default": {"BACKEND": "tests.support.counted_here.NobodyCounts"}}
    right = {"username": "olga", "password": canaries.PASSWORD, "next": "/admin/"}
    refused = Client().post("/admin/login/", right)
    assert refused.status_code == 200
    assert "cannot be counted just now" in refused.content.decode()


def test_charlie_signed_in_with_servicenow_is_sent_to_the_operators_login():
    answer = canaries.person("charlie.whitherspoon").get("/admin/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")


def test_charlie_cannot_log_in_even_with_a_password():
    charlie = User.objects.create(username="charlie.whitherspoon")
    charlie.set_password(canaries.PASSWORD)
    charlie.save()
    browser = Client(headers={"host": "localhost"})
    answer = browser.post(
        "/admin/login/", {"username": charlie.username, "password": canaries.PASSWORD}
    )
    assert answer.status_code == 200
    assert "for a staff account" in answer.content.decode()
    assert browser.get("/admin/").status_code == 302


def test_an_operator_who_was_deactivated_is_out_at_once():
    client = canaries.operator("olga", permissions="view_")
    User.objects.filter(username="olga").update(is_active=False)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ["/admin/", "/admin/audit_app/toolcall/"])
def test_admin_pages_may_load_what_unfold_needs_and_nothing_else(address: str):
    policy = _policy(canaries.operator("root", superuser=True), address)
    assert policy["script-src"] == ["'self'", "'unsafe-eval'"]
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["default-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]


def test_the_login_page_has_the_admins_policy_too():
    assert (
        "'unsafe-eval'"
        in _policy(Client(headers={"host": "localhost"}), "/admin/login/")["script-src"]
    )


def test_pages_outside_the_admin_keep_the_strict_policy():
    browser = Client(headers={"host": "localhost"})
    for address in ["/no-such-page", "/"]:
        policy = _policy(browser, address)
        assert policy["script-src"] == ["'self'"]
        assert policy["style-src"] == ["'self'"]


def test_no_admin_page_has_an_inline_script():
    client = canaries.operator("root", superuser=True)
    canaries.fill()
    for address in ["/admin/", "/admin/audit_app/toolcall/", "/admin/auth/group/add/"]:
        page = client.get(address).content.decode()
        assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page), address
        assert not re.findall(r"\son(click|change|submit|load)=", page), address


def test_the_navigation_names_every_list_there_is_in_the_words_of_the_field():
    named = {entry.model for entries in NAVIGATION.values() for entry in entries}
    registered = {model._meta.label for model in admin.site._registry}
    assert registered <= named


def test_the_navigation_leads_to_every_list_a_superuser_may_open():
    client = canaries.operator("root", superuser=True)
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert address in _links(client)
        assert client.get(address).status_code == 200


def test_the_navigation_shows_an_operator_only_what_they_may_open():
    links = _links(canaries.operator("olga", permissions="view_toolcall"))
    assert "/admin/audit_app/toolcall/" in links
    assert "/admin/auth/group/" not in links


def test_groups_are_made_with_their_permissions():
    client = canaries.operator("root", superuser=True)
    answer = client.post("/admin/auth/group/add/", {"name": "Helpdesk", "permissions": []})
    assert answer.status_code == 302
    assert "Helpdesk" in client.get("/admin/auth/group/").content.decode()


def test_every_list_takes_at_most_ten_queries():
    canaries.fill()
    client = canaries.operator("root", superuser=True)
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        with CaptureQueriesContext(connection) as made:
            assert client.get(address).status_code == 200
        assert len(made) <= 10, address


def test_a_model_without_pages_is_in_nobodys_navigation(rf: RequestFactory):
    request = rf.get("/admin/")
    request.user = User(username="root", is_staff=True, is_superuser=True)
    assert may_open(request, "audit_app.ToolCall")
    assert not may_open(request, "oauth_app.AuthorizationRequest")
