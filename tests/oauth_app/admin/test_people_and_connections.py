"""What operators do with people and connections."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from oauth_app.fields import sealed
from oauth_app.models import Connection, Instance, User
from oauth_app.models.connections import Reason, State
from simulator.world import World
from tests.oauth_app.connected import change, connect, read
from tests.support.operators import operator_with, superuser

pytestmark = pytest.mark.usefixtures("db")

CONNECTIONS = "/admin/oauth_app/connection/"


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection."""
    return connect(world)


@pytest.fixture
def operator(db: None) -> Client:
    """The browser of an operator who may do everything."""
    return superuser()


def act(client: Client, action: str, *connections: Connection) -> Any:
    chosen = [each.pk for each in connections]
    body = {"action": action, "_selected_action": chosen}
    return client.post(CONNECTIONS, body, follow=True)


def test_the_list_shows_who_is_connected_and_no_token(operator: Client, abel: Connection) -> None:
    page = operator.get(CONNECTIONS).content.decode()
    assert "abel.tuter" in page
    assert "Active" in page
    assert abel.access_token not in page


def test_one_connection_shows_state_and_refreshes_and_no_token(
    operator: Client, abel: Connection
) -> None:
    page = operator.get(f"{CONNECTIONS}{abel.pk}/change/").content.decode()
    assert abel.sys_id in page
    stored = Connection.objects.values_list("access_token", "refresh_token").get()
    for secret in (abel.access_token, abel.refresh_token, *stored):
        assert str(secret) not in page


def test_disconnecting_removes_the_tokens_here_and_at_servicenow(
    operator: Client, abel: Connection, world: World
) -> None:
    page = act(operator, "disconnect", abel)
    after = read(abel)
    assert b"1 connection ended" in page.content
    assert (after.state, after.reason) == (State.DISCONNECTED, Reason.ENDED_BY_OPERATOR)
    assert world.credentials.live(abel.refresh_token, type_="refresh") is None
    assert LogEntry.objects.get().change_message == "Disconnected by an operator"


def test_two_people_of_one_name_on_two_instances_are_both_disconnected_there(
    operator: Client, abel: Connection, world: World
) -> None:
    other = Connection.objects.create(
        user=abel.user,
        instance=Instance.objects.create(base_url="https://other.service-now.com"),
        sys_id=abel.sys_id,
        user_name=abel.user_name,
    )
    change(other, access_token=sealed(other, "access_token", "of another instance"))
    page = act(operator, "disconnect", other, abel)
    assert world.credentials.live(abel.refresh_token, type_="refresh") is None
    assert "ServiceNow could not be told" in page.content.decode(), "the other host is not allowed"


def test_requiring_a_sign_in_removes_the_tokens_here_alone(
    operator: Client, abel: Connection, world: World
) -> None:
    act(operator, "require_sign_in", abel)
    after = read(abel)
    assert (after.state, after.reason) == (State.NEEDS_SIGN_IN, Reason.ASKED_BY_OPERATOR)
    assert (after.access_token, after.refresh_token) == ("", "")
    assert world.credentials.live(abel.refresh_token, type_="refresh")


def test_what_is_disconnected_is_not_ended_again(operator: Client, abel: Connection) -> None:
    act(operator, "disconnect", abel)
    act(operator, "require_sign_in", abel)
    assert read(abel).state == State.DISCONNECTED


def test_nobody_adds_changes_or_deletes_a_connection(operator: Client, abel: Connection) -> None:
    assert operator.get(f"{CONNECTIONS}add/").status_code == 403
    assert operator.post(f"{CONNECTIONS}{abel.pk}/change/", {"state": "active"}).status_code == 403
    assert operator.post(f"{CONNECTIONS}{abel.pk}/delete/", {"post": "yes"}).status_code == 403
    assert read(abel).is_active


def test_whoever_may_only_look_ends_nothing(abel: Connection) -> None:
    client = operator_with("view_connection")
    assert client.get(CONNECTIONS).status_code == 200
    act(client, "disconnect", abel)
    assert read(abel).is_active


def test_a_person_from_servicenow_is_sent_away_from_the_admin(abel: Connection) -> None:
    client = Client()
    client.force_login(abel.user)
    answer = client.get(CONNECTIONS)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_people_are_listed_with_their_state_and_told_from_operators(
    operator: Client, abel: Connection
) -> None:
    people = "/admin/oauth_app/user/"
    everybody = operator.get(people).content.decode()
    assert "abel.tuter@localhost_8090" in everybody
    assert "Active" in everybody
    assert "abel.tuter" in operator.get(f"{people}?kind=person").content.decode()
    assert "abel.tuter" not in operator.get(f"{people}?kind=operator").content.decode()
    connections = operator.get(f"{people}{abel.user_id}/change/").content.decode()
    assert abel.access_token not in connections


def test_turning_a_person_off_ends_their_session(operator: Client, abel: Connection) -> None:
    client = Client()
    client.force_login(abel.user)
    address = reverse("admin:oauth_app_user_change", args=[abel.user_id])
    form = operator.get(address).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, [])}
    data.pop("is_active")
    data |= {"connections-TOTAL_FORMS": 0, "connections-INITIAL_FORMS": 0}
    for name in ("last_login", "date_joined", "password"):
        data.pop(name, None)
    assert operator.post(address, data).status_code == 302
    assert not User.objects.get(pk=abel.user_id).is_active
    assert "_auth_user_id" not in client.get("/").wsgi_request.session or not (
        client.get("/").wsgi_request.user.is_authenticated
    )


def test_nobody_is_deleted(operator: Client, abel: Connection) -> None:
    address = reverse("admin:oauth_app_user_delete", args=[abel.user_id])
    assert operator.post(address, {"post": "yes"}).status_code == 403


def test_the_list_of_connections_needs_few_queries_however_many_there_are(
    operator: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    for person in world.instance.query("sys_user", "active=true")[:15]:
        connect(world, person["user_name"])
    for path in (CONNECTIONS, "/admin/oauth_app/user/"):
        with django_assert_max_num_queries(10):
            assert operator.get(path).status_code == 200


@pytest.mark.parametrize(
    "rights", [{"is_superuser": "on"}, {"is_staff": "on"}, {"user_permissions": "1"}]
)
def test_an_operator_who_may_edit_people_hands_out_no_rights(
    abel: Connection, rights: dict[str, str]
) -> None:
    operator = operator_with("change_user", "view_user")
    olga = User.objects.get(username="olga")
    before = set(olga.user_permissions.values_list("pk", flat=True))
    for person in (olga, abel.user):
        address = reverse("admin:oauth_app_user_change", args=[person.pk])
        answer = operator.post(address, {"username": person.username, "is_active": "on"} | rights)
        assert answer.status_code == 302
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.get(pk=abel.user_id).is_staff
    assert set(olga.user_permissions.values_list("pk", flat=True)) == before


def test_an_operator_who_may_edit_people_takes_over_no_superuser(db: None) -> None:
    superuser()
    otto = User.objects.get(username="otto")
    operator = operator_with("change_user", "view_user")
    password = {"password1": "taken-over-1234", "password2": "taken-over-1234"}
    address = reverse("admin:auth_user_password_change", args=[otto.pk])
    assert operator.post(address, password).status_code == 403
    address = reverse("admin:oauth_app_user_change", args=[otto.pk])
    assert operator.post(address, {"username": "otto"}).status_code == 403
    otto.refresh_from_db()
    assert otto.is_active
    assert otto.check_password("x")


def test_a_superuser_makes_operators(operator: Client, abel: Connection) -> None:
    address = reverse("admin:oauth_app_user_change", args=[abel.user_id])
    inline = {"connections-TOTAL_FORMS": "0", "connections-INITIAL_FORMS": "0"}
    body = {"username": "abel", "is_active": "on", "is_staff": "on"} | inline
    assert operator.post(address, body).status_code == 302
    assert User.objects.get(pk=abel.user_id).is_staff
