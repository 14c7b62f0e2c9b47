"""When a person's connection gives no token, and ServiceNow is not even asked."""

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from oauth_app.disconnection import require_sign_in
from oauth_app.exceptions import HostNotAllowed, InstancePaused, SignInNeeded
from oauth_app.models import Connection, Instance
from oauth_app.models.connections import Reason, State
from oauth_app.tokens import ConnectionTokens
from simulator.world import World
from tests.oauth_app import connected

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection, just made."""
    return connected.connect(world)


def tokens(connection: Connection) -> ConnectionTokens:
    return ConnectionTokens(connection.pk)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.DISCONNECTED, Reason.ASKED_BY_PERSON),
        (State.DISCONNECTED, Reason.REJECTED_BY_INSTANCE),
        (State.NEEDS_SIGN_IN, Reason.ASKED_BY_OPERATOR),
    ],
)
async def test_an_ended_connection_gives_no_token_and_asks_nobody(
    world: World, abel: Connection, state: State, reason: Reason
) -> None:
    await connected.achange(abel, state=state, reason=reason)
    for asked in (tokens(abel).current(), tokens(abel).renewed(stale=abel.access_token)):
        with pytest.raises(SignInNeeded) as needed:
            await asked
        assert needed.value.reason == reason
    assert connected.refreshes(world) == 0


async def test_a_connection_that_never_was_gives_no_token() -> None:
    with pytest.raises(SignInNeeded):
        await ConnectionTokens(1).current()


async def test_an_operator_who_requires_a_sign_in_takes_the_tokens_away(
    world: World, abel: Connection
) -> None:
    await sync_to_async(require_sign_in)(connection=abel)
    assert abel.access_token == abel.refresh_token == ""
    with pytest.raises(SignInNeeded) as needed:
        await tokens(abel).current()
    assert needed.value.reason == Reason.ASKED_BY_OPERATOR


@pytest.mark.parametrize("stopped", [{"is_paused": True}, {"is_active": False}])
async def test_a_paused_or_closed_instance_gives_no_token(
    abel: Connection, stopped: dict[str, bool]
) -> None:
    await Instance.objects.aupdate(**stopped)
    with pytest.raises(InstancePaused):
        await tokens(abel).current()


async def test_no_token_leaves_for_a_host_that_is_no_longer_allowed(
    abel: Connection, settings: Settings
) -> None:
    settings.SERVICENOW_ALLOWED_HOSTS = ["example.service-now.com"]
    with pytest.raises(HostNotAllowed):
        await tokens(abel).current()
