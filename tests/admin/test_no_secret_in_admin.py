"""Whoever opens whatever page of the admin sees no secret, not even its hash or ciphertext."""

import pytest
from django.contrib import admin
from django.test import Client

from oauth_app.models import Connection, Instance, User
from tests.admin import canaries
from tests.admin.pages import every_page

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.timeout(30)]


@pytest.fixture
def secrets(db: None) -> list[str]:
    return canaries.fill()


def _statuses(client: Client, *, secrets: list[str]) -> dict[str, int]:
    passwords = [each for each in User.objects.values_list("password", flat=True) if each]
    statuses = {}
    for address in every_page():
        page = client.get(address)
        shown = page.content.decode()
        assert not [each for each in [*secrets, *passwords] if each in shown], address
        statuses[address] = page.status_code
    return statuses


def test_the_canaries_are_there():
    canaries.fill()
    assert Connection.objects.get().access_token == f"{canaries.CANARY}-access-token"
    assert Instance.objects.get().client_secret == f"{canaries.CANARY}-client-secret"


def test_a_superuser_sees_no_secret(secrets: list[str]):
    statuses = _statuses(canaries.operator("root", superuser=True), secrets=secrets)
    assert statuses["/admin/"] == statuses["/admin/audit_app/toolcall/"] == 200
    assert set(statuses.values()) <= {200, 302, 403}


def test_an_operator_who_may_view_everything_sees_no_secret_and_changes_nothing(
    secrets: list[str],
):
    statuses = _statuses(canaries.operator("olga", permissions="view_"), secrets=secrets)
    for address, status in statuses.items():
        may_not_open = address.endswith(("/add/", "/delete/"))
        assert status == (403 if may_not_open else 200), address


def test_an_operator_without_permissions_sees_the_first_page_only(secrets: list[str]):
    statuses = _statuses(canaries.operator("otto"), secrets=secrets)
    opened = {address for address, status in statuses.items() if status == 200}
    assert opened == {"/admin/", "/admin/password_change/", "/admin/jsi18n/"}


def test_charlie_who_is_no_operator_gets_nothing(secrets: list[str]):
    statuses = _statuses(canaries.person("charlie.whitherspoon"), secrets=secrets)
    assert {status for address, status in statuses.items() if "jsi18n" not in address} == {302}


def test_nobody_without_a_session_gets_anything(secrets: list[str]):
    statuses = _statuses(Client(headers={"host": "localhost"}), secrets=secrets)
    assert {status for address, status in statuses.items() if "jsi18n" not in address} == {302}


def test_no_list_can_be_searched_for_a_secret():
    """A search finds by a part: one letter after the other, whoever may search could read it."""
    for model, model_admin in admin.site._registry.items():
        for searched in model_admin.search_fields:
            field = searched.lstrip("^=@").split("__")[0]
            for secret in ["token", "secret", "code", "password", "hash", "session"]:
                assert secret not in field, f"{model.__name__}.{searched}"


def test_a_secret_that_an_operator_typed_does_not_come_back_with_the_errors():
    client = canaries.operator("root", superuser=True)
    typed = {"base_url": "no address", "new_client_secret": canaries.CANARY}
    page = client.post("/admin/oauth_app/instance/add/", typed)
    assert "new_client_secret" in page.content.decode()
    assert canaries.CANARY not in page.content.decode()
