"""Instances: from the settings or the admin, on allowed hosts, and never moved once used."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oauth_app.exceptions import HostNotAllowed
from oauth_app.instances import (
    allowed_address,
    change_client,
    comes_from_settings,
    default_instance,
    instance_for_sign_in,
    make_default,
    oauth_client,
    seems_unreachable,
)
from oauth_app.models import Connection, Instance
from simulator.world import World
from tests.oauth_app.connected import change, connect, read

pytestmark = pytest.mark.usefixtures("db")

ELSEWHERE = "https://other.service-now.com"


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection to the instance of the settings."""
    return connect(world)


def test_another_host_in_the_settings_makes_another_instance_and_moves_no_token(
    abel: Connection, settings: Any
) -> None:
    settings.SERVICENOW_INSTANCE_URL = ELSEWHERE
    settings.SERVICENOW_ALLOWED_HOSTS = ["other.service-now.com"]
    instance = default_instance()
    assert instance
    assert (instance.base_url, instance.is_default) == (ELSEWHERE, True)
    assert read(abel).instance.base_url == "http://localhost:8090"
    assert not read(abel).instance.is_default
    assert not instance.connections.exists()


def test_another_client_or_secret_in_the_settings_is_an_update(
    abel: Connection, settings: Any
) -> None:
    later = timezone.now() + timedelta(hours=1)
    change(abel, refresh_failures=3, next_refresh_at=later)
    before = Instance.objects.get()
    settings.SERVICENOW_CLIENT_SECRET = "another"
    settings.SERVICENOW_CLIENT_ID = "another id"
    assert default_instance() == before
    after = Instance.objects.get()
    assert (after.client_id, after.client_secret) == ("another id", "another")
    assert after.secret_changed_at > before.secret_changed_at
    assert read(abel).next_refresh_at is None, "what failed before is tried at once"


def test_a_process_does_not_put_back_the_client_that_a_newer_one_has_taken_over(
    abel: Connection, settings: Any
) -> None:
    settings.SERVICENOW_CLIENT_SECRET = "of the process that is still running"
    instance = default_instance()
    assert instance
    change_client(instance=instance, client_id=instance.client_id, client_secret="new")
    assert default_instance() == instance
    assert Instance.objects.get().client_secret == "new"


def test_the_same_settings_change_nothing(abel: Connection) -> None:
    before = Instance.objects.values().get()
    default_instance()
    assert Instance.objects.values().get() == before


def test_the_address_of_an_instance_in_use_cannot_be_changed(abel: Connection) -> None:
    instance = Instance.objects.get()
    instance.base_url = ELSEWHERE
    with pytest.raises(HostNotAllowed, match="fixed once people are connected"):
        instance.save()


def test_the_address_of_an_unused_instance_can_be_changed() -> None:
    instance = Instance.objects.create(base_url="https://mistyped.service-now.com", client_id="c")
    instance.base_url = ELSEWHERE
    instance.save()
    assert Instance.objects.get().base_url == ELSEWHERE


@pytest.mark.parametrize(
    "address",
    [
        "http://other.service-now.com",
        "https://other.service-now.com.evil.example",
        "https://user@other.service-now.com",
        "https://other.service-now.com/path",
        "https://evil.example",
        "other.service-now.com",
        "",
    ],
)
def test_an_address_that_is_not_allowed_is_refused(settings: Any, address: str) -> None:
    settings.SERVICENOW_ALLOWED_HOSTS = ["other.service-now.com"]
    with pytest.raises(HostNotAllowed):
        allowed_address(address)


def test_an_allowed_address_has_one_spelling(settings: Any) -> None:
    settings.SERVICENOW_ALLOWED_HOSTS = [" Other.service-now.com "]
    assert allowed_address("HTTPS://OTHER.service-now.com/") == ELSEWHERE


async def test_a_row_that_was_changed_in_the_database_gets_no_client(settings: Any) -> None:
    instance = Instance(base_url="https://evil.example", client_id="c")
    with pytest.raises(HostNotAllowed):
        oauth_client(instance)


def test_without_settings_the_default_instance_of_the_admin_is_used(settings: Any) -> None:
    settings.SERVICENOW_INSTANCE_URL = ""
    assert default_instance() is None
    assert instance_for_sign_in(None) is None
    first = Instance.objects.create(base_url="https://one.example.com", client_id="c")
    second = Instance.objects.create(base_url="https://two.example.com", client_id="c")
    assert default_instance() == first
    make_default(second)
    assert default_instance() == second
    make_default(first)
    assert list(Instance.objects.filter(is_default=True)) == [first]


def test_a_closed_instance_is_not_offered(settings: Any) -> None:
    settings.SERVICENOW_INSTANCE_URL = ""
    closed = Instance.objects.create(base_url=ELSEWHERE, client_id="c", is_active=False)
    assert instance_for_sign_in(None) is None
    assert instance_for_sign_in(closed.pk) is None


def test_an_instance_can_be_asked_for_by_id(abel: Connection) -> None:
    other = Instance.objects.create(base_url=ELSEWHERE, client_id="c")
    assert instance_for_sign_in(other.pk) == other


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("https://OTHER.service-now.com/", True), ("https://one.example.com", False), ("", False)],
)
def test_the_settings_own_their_instance(settings: Any, setting: str, expected: bool) -> None:  # noqa: FBT001  # a test's parameter
    settings.SERVICENOW_INSTANCE_URL = setting
    assert comes_from_settings(Instance(base_url=ELSEWHERE)) is expected


def test_settings_that_name_no_address_own_no_instance(settings: Any) -> None:
    settings.SERVICENOW_INSTANCE_URL = "nonsense"
    assert not comes_from_settings(Instance(base_url=ELSEWHERE))


def test_the_welcome_page_warns_while_the_instance_did_not_answer(
    abel: Connection, world: World
) -> None:
    def warned() -> bool:
        return b"did not answer a moment ago" in Client().get("/").content

    assert not warned()
    now = timezone.now()
    change(abel, last_fault="unavailable", failed_at=now)
    assert warned()
    assert not seems_unreachable(Instance.objects.create(base_url=ELSEWHERE))
    connect(world, "beth.anglin")
    assert not warned(), "somebody has got through since"
    Connection.objects.exclude(pk=abel.pk).delete()
    change(abel, failed_at=now - timedelta(minutes=11))
    assert not warned(), "that is old news"


def test_an_instance_is_called_by_its_name_or_its_host() -> None:
    assert Instance(base_url=ELSEWHERE).title == "other.service-now.com"
    assert str(Instance(base_url=ELSEWHERE, name="Acme")) == Instance(name="Acme").title == "Acme"
