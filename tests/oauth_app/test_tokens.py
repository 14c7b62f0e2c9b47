"""A person's access token: when it is renewed, and who is told what when it cannot be."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from oauth_app.exceptions import (
    RefreshUnavailable,
    SignInNeeded,
    TokensUnreadable,
)
from oauth_app.instances import change_client
from oauth_app.models import Connection, Instance
from oauth_app.models.connections import Fault, Reason, State
from oauth_app.tokens import ConnectionTokens
from simulator.control.faults import Fault as SimulatedFault
from simulator.control.faults import FaultKind
from simulator.world import World
from tests.oauth_app import connected

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection, just made."""
    return connected.connect(world)


def tokens(connection: Connection) -> ConnectionTokens:
    return ConnectionTokens(connection.pk)


async def test_a_good_token_is_used_as_it_is(world: World, abel: Connection) -> None:
    assert await tokens(abel).current() == abel.access_token
    assert connected.refreshes(world) == 0


async def test_an_expired_token_is_renewed_before_it_is_used(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel)
    token = await tokens(abel).current()
    after = await connected.aread(abel)
    assert token == after.access_token != abel.access_token
    assert after.refresh_token == abel.refresh_token
    assert (after.version, connected.refreshes(world)) == (abel.version + 1, 1)
    assert (after.lease_id, after.lease_expires_at) == (None, None)


async def test_a_token_about_to_end_is_renewed(world: World, abel: Connection) -> None:
    world.switches.reuse_access_token = False
    await connected.achange(
        abel,
        access_token_expires_at=timezone.now() + timedelta(seconds=20),
        next_refresh_at=None,
    )
    assert await tokens(abel).current() != abel.access_token


async def test_the_same_live_token_again_is_a_success_and_the_next_try_is_at_its_end(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel, ago=-20)
    for _ in range(3):
        assert await tokens(abel).current() == abel.access_token
    after = await connected.aread(abel)
    assert connected.refreshes(world) == 1
    assert after.refresh_failures == 0
    assert after.next_refresh_at == after.access_token_expires_at


async def test_a_refused_token_is_renewed_once(world: World, abel: Connection) -> None:
    world.credentials.expire(type_="access")
    stale = abel.access_token
    first = await tokens(abel).renewed(stale=stale)
    second = await tokens(abel).renewed(stale=stale)
    assert first == second != stale
    assert connected.refreshes(world) == 1


async def test_a_refused_token_that_is_not_the_stored_one_needs_no_refresh(
    world: World, abel: Connection
) -> None:
    assert await tokens(abel).renewed(stale="older") == abel.access_token
    assert connected.refreshes(world) == 0


async def test_another_refresh_token_is_kept_where_an_instance_rotates_them(
    world: World, abel: Connection
) -> None:
    world.switches.rotate_refresh = True
    await connected.aexpire(world, abel)
    await tokens(abel).current()
    after = await connected.aread(abel)
    assert after.refresh_token != abel.refresh_token
    assert after.refresh_token_expires_at == abel.refresh_token_expires_at


async def test_a_failed_refresh_deletes_nothing_and_the_good_token_goes_on(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel, ago=-20)
    world.credentials.expire(type_="refresh")
    assert await tokens(abel).current() == abel.access_token
    after = await connected.aread(abel)
    assert (after.state, after.last_fault) == (State.ACTIVE, Fault.GRANT_REFUSED)
    assert after.refresh_token == abel.refresh_token


async def test_a_person_must_sign_in_when_token_and_refresh_are_both_refused(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel)
    world.credentials.expire(type_="refresh")
    with pytest.raises(SignInNeeded) as needed:
        await tokens(abel).current()
    after = await connected.aread(abel)
    assert needed.value.reason == after.reason == Reason.REJECTED_BY_INSTANCE
    assert after.state == State.NEEDS_SIGN_IN
    assert after.access_token == abel.access_token
    assert after.refresh_token == abel.refresh_token


async def test_a_token_revoked_at_servicenow_ends_the_connection_before_its_time(
    world: World, abel: Connection
) -> None:
    world.credentials.expire()
    with pytest.raises(SignInNeeded):
        await tokens(abel).renewed(stale=abel.access_token)
    assert (await connected.aread(abel)).state == State.NEEDS_SIGN_IN
    with pytest.raises(SignInNeeded):
        await tokens(abel).current()


async def test_after_a_refusal_servicenow_is_not_asked_again_at_once(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel)
    world.credentials.expire(type_="refresh")
    for _ in range(5):
        with pytest.raises(SignInNeeded):
            await tokens(abel).current()
    assert connected.refreshes(world) == 1


async def test_a_connection_heals_by_itself_when_a_later_refresh_succeeds(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel)
    world.switches.refresh_fail_once = True
    with pytest.raises(SignInNeeded):
        await tokens(abel).current()
    await connected.achange(abel, next_refresh_at=timezone.now())
    assert await tokens(abel).current()
    after = await connected.aread(abel)
    assert (after.state, after.reason, after.refresh_failures) == (State.ACTIVE, "", 0)


async def test_a_refusal_after_the_hundred_days_says_that_they_are_over(
    world: World, abel: Connection
) -> None:
    await connected.achange(abel, refresh_token_expires_at=timezone.now())
    await connected.aexpire(world, abel)
    world.credentials.expire(type_="refresh")
    with pytest.raises(SignInNeeded) as needed:
        await tokens(abel).current()
    assert needed.value.reason == Reason.REFRESH_TOKEN_EXPIRED


async def test_without_a_refresh_token_the_access_token_serves_until_it_ends(
    world: World, abel: Connection
) -> None:
    await connected.achange(abel, refresh_token="")
    assert await tokens(abel).current() == abel.access_token
    await connected.aexpire(world, abel)
    with pytest.raises(SignInNeeded) as needed:
        await tokens(abel).current()
    assert needed.value.reason == Reason.NO_REFRESH_TOKEN
    assert connected.refreshes(world) == 0


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.RATE_LIMITED,
        FaultKind.SERVER_FAULT,
        FaultKind.BAD_GATEWAY,
        FaultKind.UNAVAILABLE,
        FaultKind.HIBERNATING_PAGE,
        FaultKind.LOGIN_PAGE,
        FaultKind.TRUNCATED,
        FaultKind.RESET_BEFORE,
    ],
)
async def test_a_fault_of_the_instance_signs_nobody_out(
    world: World, abel: Connection, kind: FaultKind
) -> None:
    await connected.aexpire(world, abel)
    world.faults.add(SimulatedFault(kind=kind, path="/oauth_token.do"))
    with pytest.raises(RefreshUnavailable) as unavailable:
        await tokens(abel).current()
    assert unavailable.value.fault == Fault.UNAVAILABLE
    after = await connected.aread(abel)
    assert (after.state, after.refresh_token) == (State.ACTIVE, abel.refresh_token)
    with pytest.raises(RefreshUnavailable):
        await tokens(abel).current()
    assert connected.refreshes(world) == 1, "the pause after a failure holds"
    await connected.achange(abel, next_refresh_at=timezone.now())
    assert await tokens(abel).current()


async def test_a_fault_of_the_instance_leaves_a_good_token_in_use(
    world: World, abel: Connection
) -> None:
    await connected.aexpire(world, abel, ago=-20)
    world.faults.add(SimulatedFault(kind=FaultKind.UNAVAILABLE, path="/oauth_token.do"))
    assert await tokens(abel).current() == abel.access_token


async def test_a_wrong_client_secret_signs_nobody_out_and_alarms_the_operator(
    world: World, abel: Connection, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    instance = await Instance.objects.aget()
    await sync_to_async(change_client)(
        instance=instance, client_id=instance.client_id, client_secret="mistyped"
    )
    await connected.aexpire(world, abel)
    with pytest.raises(RefreshUnavailable), caplog.at_level(logging.ERROR, "oauth_app.refresh"):
        await tokens(abel).current()
    assert "check the OAuth client id and secret" in caplog.text
    assert (await connected.aread(abel)).state == State.ACTIVE
    await sync_to_async(change_client)(
        instance=instance,
        client_id=instance.client_id,
        client_secret=settings.SERVICENOW_CLIENT_SECRET,
    )
    assert await tokens(abel).current(), "put right, it works at once"


async def test_a_secret_changed_at_servicenow_is_suspected_once_several_people_are_refused(
    world: World, abel: Connection, settings: Any
) -> None:
    others = [
        await connected.aconnect(world, name) for name in ("beth.anglin", "charlie.whitherspoon")
    ]
    everybody = [abel, *others]
    await sync_to_async(connected.change_secret)(world, "changed there")
    await connected.aexpire(world, *everybody)
    outcomes: list[type[Exception]] = []
    for person in everybody:
        try:
            await tokens(person).current()
        except (SignInNeeded, RefreshUnavailable) as outcome:
            outcomes.append(type(outcome))
    assert outcomes == [SignInNeeded, SignInNeeded, RefreshUnavailable]
    with pytest.raises(RefreshUnavailable):
        await tokens(abel).current()
    await sync_to_async(connected.change_secret)(world, settings.SERVICENOW_CLIENT_SECRET)
    for person in everybody:
        await connected.achange(person, next_refresh_at=timezone.now())
        assert await tokens(person).current()
        assert (await connected.aread(person)).state == State.ACTIVE


async def test_who_left_long_ago_makes_nobody_suspect_the_secret(
    world: World, abel: Connection
) -> None:
    now = timezone.now()
    for name in ("beth.anglin", "charlie.whitherspoon", "fred.luddy"):
        await connected.achange(
            await connected.aconnect(world, name),
            state=State.NEEDS_SIGN_IN,
            state_changed_at=now - timedelta(days=30),
            last_fault=Fault.GRANT_REFUSED,
            failed_at=now + timedelta(seconds=5),
        )
    await connected.aexpire(world, abel)
    world.credentials.expire(type_="refresh")
    with pytest.raises(SignInNeeded):
        await tokens(abel).current()


async def test_an_error_that_names_the_client_signs_nobody_out_and_alarms_the_operator(
    world: World, abel: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    world.switches.rfc_errors = True
    await sync_to_async(connected.change_secret)(world, "changed there")
    await connected.aexpire(world, abel)
    with pytest.raises(RefreshUnavailable) as unavailable:
        await tokens(abel).current()
    assert unavailable.value.fault == Fault.CLIENT_REFUSED
    assert "check the OAuth client id and secret" in caplog.text
    assert (await connected.aread(abel)).state == State.ACTIVE


async def test_an_error_that_names_the_grant_ends_the_connection_of_each_who_gets_it(
    world: World, abel: Connection
) -> None:
    names = ("beth.anglin", "charlie.whitherspoon")
    everybody = [abel, *[await connected.aconnect(world, name) for name in names]]
    world.switches.rfc_errors = True
    world.credentials.expire(type_="refresh")
    await connected.aexpire(world, *everybody)
    for person in everybody:
        with pytest.raises(SignInNeeded):
            await tokens(person).current()
        assert (await connected.aread(person)).last_fault == Fault.GRANT_ENDED
    assert connected.refreshes(world) == 3


async def test_tokens_that_do_not_decrypt_are_kept_and_a_new_sign_in_helps(
    world: World, abel: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    beth = await connected.aconnect(world, "beth.anglin")
    spoilt = await Connection.objects.values("access_token", "refresh_token").aget(pk=beth.pk)
    await connected.achange(abel, **spoilt)
    for asked in (tokens(abel).current(), tokens(abel).renewed(stale="another")):
        with pytest.raises(TokensUnreadable):
            await asked
    assert "tokens_unreadable" in caplog.text
    after = await Connection.objects.values("access_token", "state").aget(pk=abel.pk)
    assert after == {"access_token": spoilt["access_token"], "state": State.ACTIVE}
    again = await connected.aconnect(world)
    assert await tokens(abel).current() == again.access_token


async def test_a_client_secret_that_does_not_decrypt_is_an_operators_matter(
    world: World, abel: Connection
) -> None:
    spoilt = await Connection.objects.values_list("access_token", flat=True).aget(pk=abel.pk)
    await Instance.objects.aupdate(client_secret=spoilt)
    await connected.aexpire(world, abel)
    with pytest.raises(RefreshUnavailable) as unavailable:
        await tokens(abel).current()
    assert unavailable.value.fault == Fault.UNREADABLE
    assert (await connected.aread(abel)).state == State.ACTIVE
    assert connected.refreshes(world) == 0


async def test_a_token_given_again_in_its_last_second_is_renewed_once_more(
    world: World, abel: Connection, settings: Any
) -> None:
    client = world.clients.find(settings.SERVICENOW_CLIENT_ID)
    assert client
    world.clients.register(type(client)(**{**vars(client), "access_token_lifespan": 0}))
    await connected.aexpire(world, abel)
    world.faults.add(
        SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do", processed_first=True)
    )
    asked = asyncio.create_task(tokens(abel).current())
    await world.faults.holding.wait()
    world.clients.register(client)
    world.faults.release()
    assert await asked == (await connected.aread(abel)).access_token
    assert connected.refreshes(world) == 2


async def test_a_token_that_ends_as_it_arrives_is_no_token(
    world: World, abel: Connection, settings: Any
) -> None:
    client = world.clients.find(settings.SERVICENOW_CLIENT_ID)
    assert client
    world.clients.register(type(client)(**{**vars(client), "access_token_lifespan": 0}))
    await connected.aexpire(world, abel)
    with pytest.raises(RefreshUnavailable):
        await tokens(abel).current()
