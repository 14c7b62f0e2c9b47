"""What operators do with instances: a secret goes in and never comes out."""

from typing import Any

import pytest
from django.test import Client

from oauth_app.instances import default_instance
from oauth_app.models import Connection, Instance, User
from simulator.world import World
from tests.oauth_app.connected import connect
from tests.support.operators import operator_with, superuser

pytestmark = pytest.mark.usefixtures("db")

INSTANCES = "/admin/oauth_app/instance/"
ACME = {
    "name": "Acme",
    "base_url": "https://ACME.service-now.com/",
    "client_id": "the-client",
    "new_client_secret": "very-secret-indeed",
    "refresh_token_life": 8_640_000,
    "is_active": "on",
}


@pytest.fixture
def operator(db: None, settings: Any) -> Client:
    """The browser of an operator, on a site whose settings allow two hosts."""
    settings.SERVICENOW_ALLOWED_HOSTS = ["localhost", "acme.service-now.com", "b.example.com"]
    return superuser()


@pytest.fixture
def acme(operator: Client) -> Instance:
    """An instance made in the admin."""
    assert operator.post(f"{INSTANCES}add/", ACME).status_code == 302
    return Instance.objects.get()


def change(operator: Client, instance: Instance, **values: Any) -> Any:
    form = {**ACME, "new_client_secret": "", **values}
    return operator.post(f"{INSTANCES}{instance.pk}/change/", form)


def test_an_instance_is_made_with_one_spelling_of_its_address(acme: Instance) -> None:
    assert acme.base_url == "https://acme.service-now.com"
    assert acme.client_secret == "very-secret-indeed"


def test_the_secret_is_on_no_page(operator: Client, acme: Instance) -> None:
    stored = Instance.objects.values_list("client_secret", flat=True).get()
    for path in ("", f"{acme.pk}/change/", f"{acme.pk}/history/"):
        page = operator.get(INSTANCES + path).content.decode()
        assert "very-secret-indeed" not in page
        assert str(stored) not in page


def test_a_secret_not_entered_stays_as_it_was(operator: Client, acme: Instance) -> None:
    change(operator, acme, name="Acme Inc.")
    after = Instance.objects.get()
    assert (after.name, after.client_secret) == ("Acme Inc.", "very-secret-indeed")
    assert after.secret_changed_at == acme.secret_changed_at


def test_another_secret_is_stored_and_its_time_noted(operator: Client, acme: Instance) -> None:
    change(operator, acme, new_client_secret="another")
    after = Instance.objects.get()
    assert after.client_secret == "another"
    assert after.secret_changed_at > acme.secret_changed_at


def test_another_client_id_keeps_the_secret_and_counts_as_a_change(
    operator: Client, acme: Instance
) -> None:
    change(operator, acme, client_id="another-client")
    after = Instance.objects.get()
    assert (after.client_id, after.client_secret) == ("another-client", "very-secret-indeed")
    assert after.secret_changed_at > acme.secret_changed_at


def test_an_instance_may_be_made_without_a_secret_for_a_public_client(operator: Client) -> None:
    operator.post(f"{INSTANCES}add/", {**ACME, "new_client_secret": ""})
    assert Instance.objects.get().client_secret == ""


@pytest.mark.parametrize("address", ["https://evil.example", "http://acme.service-now.com", "x"])
def test_a_host_that_is_not_allowed_is_refused(operator: Client, address: str) -> None:
    page = operator.post(f"{INSTANCES}add/", {**ACME, "base_url": address})
    assert page.status_code == 200
    assert not Instance.objects.exists()


def test_the_address_is_fixed_once_people_are_connected(operator: Client, acme: Instance) -> None:
    person = User.objects.create(username="abel")
    Connection.objects.create(user=person, instance=acme, sys_id="a" * 32)
    change(operator, acme, base_url="https://b.example.com")
    assert Instance.objects.get().base_url == "https://acme.service-now.com"


def test_an_instance_in_use_cannot_be_deleted(operator: Client, acme: Instance) -> None:
    person = User.objects.create(username="abel")
    Connection.objects.create(user=person, instance=acme, sys_id="a" * 32)
    operator.post(f"{INSTANCES}{acme.pk}/delete/", {"post": "yes"})
    assert Instance.objects.exists()


def test_the_client_of_the_settings_is_not_for_the_admin_to_set(
    operator: Client, world: World
) -> None:
    connect(world)
    instance = Instance.objects.get()
    page = operator.get(f"{INSTANCES}{instance.pk}/change/").content.decode()
    assert "new_client_secret" not in page
    change(operator, instance, new_client_secret="x", client_id="y")
    after = Instance.objects.get()
    assert (after.client_id, after.client_secret) == (instance.client_id, instance.client_secret)


def test_pausing_an_instance_is_a_check_box(operator: Client, acme: Instance) -> None:
    change(operator, acme, is_paused="on")
    assert Instance.objects.get().is_paused


def test_another_instance_becomes_the_default(operator: Client, acme: Instance) -> None:
    before = default_instance()
    body = {"action": "make_default", "_selected_action": [acme.pk]}
    operator.post(INSTANCES, body)
    assert list(Instance.objects.filter(is_default=True)) == [acme]
    assert before != acme


def test_whoever_may_only_look_sees_no_field_for_a_secret(acme: Instance) -> None:
    client = operator_with("view_instance")
    page = client.get(f"{INSTANCES}{acme.pk}/change/")
    assert page.status_code == 200
    assert b"new_client_secret" not in page.content
    assert change(client, acme, name="mine").status_code == 403
