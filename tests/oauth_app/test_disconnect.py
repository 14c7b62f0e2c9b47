"""Disconnecting: nothing is left here, and ServiceNow is told."""

import pytest

from oauth_app.disconnection import disconnect
from oauth_app.models import Connection, Instance, ReconnectToken
from oauth_app.models.connections import Reason, State
from oauth_app.reconnect_tokens import make
from simulator.control.faults import Fault, FaultKind
from simulator.world import World
from tests.oauth_app.connected import change, connect, read

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection, with a reconnect token."""
    connection = connect(world)
    make(user=connection.user, connection=connection, name="laptop")
    return connection


def assert_gone(abel: Connection) -> None:
    after = read(abel)
    assert (after.state, after.reason) == (State.DISCONNECTED, Reason.ASKED_BY_PERSON)
    assert after.access_token == after.refresh_token == ""
    assert after.access_token_expires_at is after.refresh_token_expires_at is None
    assert after.version > abel.version - 1
    assert ReconnectToken.objects.get().revoked_at is not None


def test_tokens_are_removed_here_and_revoked_at_servicenow(world: World, abel: Connection) -> None:
    refresh_token, access_token = abel.refresh_token, abel.access_token
    disconnect(connection=abel, reason=Reason.ASKED_BY_PERSON)
    assert_gone(abel)
    assert world.credentials.live(refresh_token, type_="refresh") is None
    assert world.credentials.live(access_token, type_="access") is None


def test_what_was_stored_since_the_row_was_read_is_revoked_too(
    world: World, abel: Connection
) -> None:
    connect(world)
    assert disconnect(connection=abel, reason=Reason.ASKED_BY_PERSON)
    assert world.credentials.alive() == []


@pytest.mark.parametrize(
    "kind", [FaultKind.UNAVAILABLE, FaultKind.RESET_BEFORE, FaultKind.HIBERNATING_PAGE]
)
def test_tokens_are_removed_here_also_when_servicenow_cannot_be_told(
    world: World, abel: Connection, kind: FaultKind, caplog: pytest.LogCaptureFixture
) -> None:
    world.faults.add(Fault(kind=kind, path="/oauth_revoke_token.do"))
    disconnect(connection=abel, reason=Reason.ASKED_BY_PERSON)
    assert_gone(abel)


def test_tokens_are_removed_here_also_when_their_key_is_gone(
    world: World, abel: Connection
) -> None:
    other = connect(world, "beth.anglin")
    stored = Connection.objects.values_list("refresh_token", flat=True).get(pk=other.pk)
    disconnect(connection=change(abel, refresh_token=stored), reason=Reason.ASKED_BY_PERSON)
    assert_gone(abel)


def test_no_token_goes_to_a_host_that_is_not_allowed(world: World, abel: Connection) -> None:
    Instance.objects.update(base_url="https://evil.example")
    disconnect(connection=read(abel), reason=Reason.ASKED_BY_PERSON)
    assert_gone(abel)
    assert not [entry for entry in world.journal if "revoke" in entry.path]


def test_disconnecting_without_a_token_tells_nobody(world: World, abel: Connection) -> None:
    empty = change(abel, refresh_token="", access_token="")
    assert disconnect(connection=empty, reason=Reason.ASKED_BY_PERSON)
    assert_gone(abel)
    assert not [entry for entry in world.journal if "revoke" in entry.path]


def test_someone_elses_connection_goes_on(world: World, abel: Connection) -> None:
    beth = connect(world, "beth.anglin")
    disconnect(connection=abel, reason=Reason.ASKED_BY_PERSON)
    assert read(beth).is_active
    assert world.credentials.live(beth.refresh_token, type_="refresh")
