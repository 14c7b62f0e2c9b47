"""Somebody leaves: nothing that was theirs opens anything, each kind of credential by its name."""

from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.contrib.admin.models import LogEntry

from oauth_app import people, reconnect_tokens
from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.disconnection import disconnect
from oauth_app.exceptions import OauthAppFailure
from oauth_app.models import BrowserSession, ClientGrant, Connection, Instance, User
from oauth_app.models.connections import Reason
from oauth_app.tokens import ConnectionTokens
from simulator.control.faults import Fault, FaultKind
from simulator.world import World
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.oauth_app.authorization_server.service_principals import ServicePrincipal
from tests.oauth_app.connected import connect
from tests.oauth_app.visitors import Visitor
from tests.support.operators import operator_with, superuser

pytestmark = pytest.mark.usefixtures("db")

Credentials = dict[str, Callable[[], bool]]


def credentials_of(connection: Connection, browser: Visitor) -> Credentials:
    """One credential of every kind, each as the question whether it opens anything."""
    client = McpClient.registered()
    access = client.tokens(browser.client)["access_token"]
    refresh = client.tokens(browser.client)["refresh_token"]
    code = client.code(browser.client)
    _, reconnect = reconnect_tokens.make(
        user=connection.user, connection=connection, name="My laptop"
    )
    principal = ServicePrincipal.made_by(connection)
    service = principal.token()
    return {
        "MCP access token": lambda: verify_access_token(access, resource=MCP) is not None,
        "MCP refresh token": lambda: client.refresh(refresh).status_code == 200,
        "authorization code": lambda: client.exchange(code).status_code == 200,
        "reconnect token": lambda: reconnect_tokens.find(reconnect) is not None,
        "service token": lambda: verify_access_token(service, resource=MCP) is not None,
        "service secret": lambda: principal.asks().status_code == 200,
        "browser session": lambda: browser.client.get("/connection").status_code == 200,
        "ServiceNow token": lambda: serves(connection),
    }


def serves(connection: Connection) -> bool:
    try:
        return bool(async_to_sync(ConnectionTokens(connection.pk).current)())
    except OauthAppFailure:
        return False


def opening(credentials: Credentials) -> set[str]:
    return {kind for kind, opens in credentials.items() if opens()}


def act(operator: object, rows: str, action: str, *ids: int) -> str:
    body = {"action": action, "_selected_action": ids}
    page = operator.post(f"/admin/oauth_app/{rows}/", body, follow=True)  # type: ignore[attr-defined]  # Django's test client
    return str(page.content.decode())


def test_nothing_of_a_person_who_is_turned_off_opens_anything_until_they_are_turned_on(
    browser: Visitor, abel: Connection
) -> None:
    credentials = credentials_of(abel, browser)
    people.turn_off(abel.user)
    assert opening(credentials) == set()
    people.turn_on(abel.user)
    assert opening(credentials) == set(credentials)


def test_disconnecting_ends_every_credential_for_good_and_nobody_elses(
    browser: Visitor, abel: Connection, other_browser: Visitor, beth: Connection, world: World
) -> None:
    abels, beths = credentials_of(abel, browser), credentials_of(beth, other_browser)
    refresh_token = abel.refresh_token
    assert disconnect(connection=abel, reason=Reason.ENDED_BY_OPERATOR)
    assert opening(abels) == set()
    assert world.credentials.live(refresh_token, type_="refresh") is None
    browser.sign_in("abel.tuter")
    assert opening(abels) == {"browser session", "ServiceNow token"}
    assert opening(beths) == set(beths)


def test_the_browser_in_which_somebody_disconnects_stays_to_say_so(
    browser: Visitor, other_browser: Visitor, abel: Connection
) -> None:
    other_browser.sign_in("abel.tuter")
    page = browser.client.post("/connection", follow=True)
    assert "You are disconnected" in page.content.decode()
    assert other_browser.client.get("/connection").status_code == 302
    assert list(BrowserSession.objects.values_list("user", flat=True)) == [abel.user_id]


def test_what_serves_another_connection_of_the_person_goes_on(
    browser: Visitor, abel: Connection, world: World
) -> None:
    second = connect(world, "beth.anglin")
    Connection.objects.filter(pk=second.pk).update(user=abel.user)
    McpClient.registered().tokens(browser.client)
    disconnect(connection=abel, reason=Reason.ENDED_BY_OPERATOR)
    assert ClientGrant.objects.live().exists()
    assert BrowserSession.objects.exists()


def test_whoever_disconnects_hears_that_servicenow_could_not_be_told(
    browser: Visitor, abel: Connection, world: World
) -> None:
    world.faults.add(Fault(kind=FaultKind.UNAVAILABLE, path="/oauth_revoke_token.do", count=None))
    beth = connect(world, "beth.anglin")
    told = act(superuser(), "connection", "disconnect", beth.pk)
    assert "ServiceNow could not be told" in told
    assert "beth.anglin" in told
    page = browser.client.post("/connection", follow=True)
    assert "ServiceNow could not be told" in page.content.decode()


def test_operators_turn_people_off_and_on_but_not_themselves_or_their_superiors(
    abel: Connection,
) -> None:
    superuser()
    operator = operator_with("change_user", "view_user")
    everybody = list(User.objects.values_list("pk", flat=True))
    assert "1 person changed" in act(operator, "user", "turn_off", *everybody)
    assert list(User.objects.filter(is_active=False)) == [abel.user]
    assert "1 person changed" in act(operator, "user", "turn_on", *everybody)
    assert not User.objects.filter(is_active=False).exists()
    assert set(LogEntry.objects.values_list("change_message", flat=True)) == {
        "Turned off",
        "Turned on",
    }


def test_operators_pause_an_instance_and_resume_it(abel: Connection) -> None:
    operator = superuser()
    assert "1 instance changed" in act(operator, "instance", "pause", abel.instance_id)
    assert Instance.objects.get().is_paused
    assert not serves(abel)
    act(operator, "instance", "resume", abel.instance_id)
    assert serves(abel)
    act(operator_with("view_instance"), "instance", "pause", abel.instance_id)
    assert not Instance.objects.get().is_paused
