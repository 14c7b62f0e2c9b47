"""However many ask at once, in however many processes: one refresh, and nobody loses."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections
from django.db.backends.signals import connection_created
from django.utils import timezone

from oauth_app import leases
from oauth_app.disconnection import disconnect
from oauth_app.exceptions import SignInNeeded
from oauth_app.models import Connection, User
from oauth_app.models.connections import Fault, Reason, State
from oauth_app.people import turn_off
from oauth_app.refresh import Refreshed, refresh, refresh_under
from oauth_app.tokens import ConnectionTokens
from servicenow.http import close_shared_client
from servicenow.oauth import TokenSet
from simulator.control.faults import Fault as SimulatedFault
from simulator.control.faults import FaultKind
from simulator.world import World
from tests.oauth_app import connected

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection, whose access token has ended."""
    connection = connected.connect(world)
    connected.expire(world, connection)
    return connected.read(connection)


@contextmanager
def failing_once(statement: str) -> Iterator[None]:
    """Let the next connection that runs `statement` be one whose server has gone."""
    failures: list[str] = []

    def fail(execute: Any, sql: str, *rest: Any) -> Any:
        if statement in sql and not failures:
            failures.append(sql)
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *rest)

    def prepare(connection: Any, **_: object) -> None:
        connection.execute_wrappers.append(fail)

    connection_created.connect(prepare)
    try:
        yield
    finally:
        connection_created.disconnect(prepare)
    assert failures


async def held_refresh(world: World) -> None:
    """Wait until a refresh has reached the simulator, which holds it."""
    while connected.refreshes(world) == 0:  # noqa: ASYNC110  # the simulator sets no event
        await asyncio.sleep(0.01)


async def test_a_stale_token_is_renewed_once_for_a_hundred_waiting_calls(
    world: World, abel: Connection
) -> None:
    stale = abel.access_token
    waiting = [ConnectionTokens(abel.pk).renewed(stale=stale) for _ in range(100)]
    given = await asyncio.gather(*waiting)
    assert len(set(given)) == 1
    assert given[0] != stale
    assert connected.refreshes(world) == 1
    assert (await connected.aread(abel)).version == abel.version + 1


async def test_waiters_in_one_process_share_one_task_and_do_not_each_ask_the_database(
    world: World, abel: Connection
) -> None:
    world.faults.add(SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do"))
    before = asyncio.all_tasks()
    waiting = [asyncio.create_task(ConnectionTokens(abel.pk).current()) for _ in range(100)]
    await held_refresh(world)
    shared = asyncio.all_tasks() - before - set(waiting)
    assert len(shared) == 1
    world.faults.release()
    assert len(set(await asyncio.gather(*waiting))) == 1


async def test_the_first_caller_may_go_away_and_the_others_still_get_their_token(
    world: World, abel: Connection
) -> None:
    world.faults.add(SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do"))
    first = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await held_refresh(world)
    second = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    world.faults.release()
    assert await second != abel.access_token
    assert connected.refreshes(world) == 1


async def test_a_refresh_nobody_waits_for_any_more_is_stored_all_the_same(
    world: World, abel: Connection
) -> None:
    world.faults.add(SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do"))
    only = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await held_refresh(world)
    only.cancel()
    with pytest.raises(asyncio.CancelledError):
        await only
    world.faults.release()
    while (await connected.aread(abel)).version == abel.version:  # noqa: ASYNC110  # nor does the database
        await asyncio.sleep(0.01)
    assert (await connected.aread(abel)).lease_id is None


def test_four_event_loops_with_twenty_callers_each_make_one_refresh(
    world: World, abel: Connection
) -> None:
    world.switches.refresh_latency = 0.3
    given: list[str] = []
    together = threading.Barrier(4)

    async def callers() -> None:
        given.extend(
            await asyncio.gather(*(ConnectionTokens(abel.pk).current() for _ in range(20)))
        )
        await close_shared_client()

    def process() -> None:
        together.wait()
        asyncio.run(callers())

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 80
    assert set(given) == {connected.read(abel).access_token}
    assert connected.refreshes(world) == 1


async def test_a_lease_left_by_a_killed_process_is_taken_over(
    world: World, abel: Connection
) -> None:
    await connected.achange(abel, lease_id=uuid4(), lease_expires_at=timezone.now())
    assert await ConnectionTokens(abel.pk).current() != abel.access_token
    assert connected.refreshes(world) == 1


async def test_a_lease_and_a_failure_from_before_the_clock_went_back_stop_nobody(
    world: World, abel: Connection
) -> None:
    later = timezone.now() + timedelta(hours=1)
    await connected.achange(abel, lease_id=uuid4(), lease_expires_at=later)
    failed = {"refresh_failures": 3, "last_fault": Fault.UNAVAILABLE, "failed_at": later}
    await connected.achange(abel, next_refresh_at=later, **failed)
    due = Connection.objects.due_for_refresh(timezone.now())
    assert await due.acount() == 1
    assert await ConnectionTokens(abel.pk).current() != abel.access_token
    assert connected.refreshes(world) == 1


async def test_a_living_lease_of_another_process_is_waited_for(
    world: World, abel: Connection
) -> None:
    lease = await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    assert lease
    waiting = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await asyncio.sleep(0.01)
    new = TokenSet("made elsewhere", None, 1800, "useraccount")
    assert await sync_to_async(leases.save_tokens)(lease, new)
    assert await waiting == "made elsewhere"
    assert connected.refreshes(world) == 0


async def test_waiters_learn_that_the_refresh_of_another_process_failed(
    world: World, abel: Connection
) -> None:
    lease = await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    assert lease
    waiting = asyncio.create_task(refresh(abel.pk, version=abel.version))
    await asyncio.sleep(0.01)
    await sync_to_async(leases.record_failure)(lease, Fault.GRANT_REFUSED)
    assert (await waiting).fault == Fault.GRANT_REFUSED
    assert connected.refreshes(world) == 0


async def test_waiters_do_not_wait_for_ever(world: World, abel: Connection) -> None:
    await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    outcome = await refresh(abel.pk, version=abel.version, patience=timedelta(0))
    assert outcome.fault == Fault.UNAVAILABLE


async def test_waiters_learn_that_the_connection_was_ended_meanwhile(
    world: World, abel: Connection
) -> None:
    await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    waiting = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await asyncio.sleep(0.01)
    await sync_to_async(disconnect)(
        connection=await connected.aread(abel), reason=Reason.ASKED_BY_PERSON
    )
    with pytest.raises(SignInNeeded):
        await waiting


async def test_tokens_that_arrive_after_a_disconnect_are_taken_back_by_servicenow(
    world: World, abel: Connection
) -> None:
    lease = await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    assert lease
    world.faults.add(SimulatedFault(kind=FaultKind.UNAVAILABLE, path="/oauth_revoke_token.do"))
    await sync_to_async(disconnect)(connection=abel, reason=Reason.ASKED_BY_PERSON)
    await sync_to_async(turn_off)(abel.user)
    assert world.credentials.alive()
    await refresh_under(lease)
    assert world.credentials.alive() == []
    assert (await connected.aread(abel)).access_token == ""


async def test_new_tokens_are_stored_although_the_database_fails_once(
    world: World, abel: Connection
) -> None:
    world.switches.rotate_refresh = True
    with failing_once('SET "access_token"'):
        token = await ConnectionTokens(abel.pk).current()
    stored = await connected.aread(abel)
    assert (stored.access_token, stored.version) == (token, abel.version + 1)
    assert world.credentials.live(stored.refresh_token, type_="refresh")


async def test_waiters_learn_that_the_connection_was_deleted_meanwhile(
    world: World, abel: Connection
) -> None:
    await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    await Connection.objects.all().adelete()
    assert await refresh(abel.pk, version=abel.version) == Refreshed(Fault.NONE, None)


async def test_only_one_of_two_gets_the_lease(abel: Connection) -> None:
    claim = sync_to_async(leases.claim)
    assert await claim(abel.pk, version=abel.version)
    assert await claim(abel.pk, version=abel.version) is None


async def test_the_lease_is_not_given_for_tokens_that_were_replaced(abel: Connection) -> None:
    assert await sync_to_async(leases.claim)(abel.pk, version=abel.version - 1) is None


@pytest.mark.parametrize("lost", [{"lease_id": uuid4()}, {"version": 99}])
async def test_whoever_lost_the_lease_stores_nothing(
    abel: Connection, lost: dict[str, object]
) -> None:
    lease = await sync_to_async(leases.claim)(abel.pk, version=abel.version)
    assert lease
    before = await connected.achange(abel, **lost)
    late = TokenSet("too late", "too late", 1800, "useraccount")
    assert not await sync_to_async(leases.save_tokens)(lease, late)
    assert not await sync_to_async(leases.record_failure)(lease, Fault.UNAVAILABLE)
    after = await connected.aread(abel)
    assert after.access_token == abel.access_token
    assert (after.lease_id, after.refresh_failures) == (before.lease_id, 0)


async def test_signing_in_again_wins_over_a_refresh_under_way(
    world: World, abel: Connection
) -> None:
    world.faults.add(
        SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do", processed_first=True)
    )
    waiting = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await held_refresh(world)
    world.credentials.expire()
    again = await connected.aconnect(world)
    world.faults.release()
    assert await waiting == again.access_token
    assert (await connected.aread(abel)).refresh_token == again.refresh_token


async def test_a_process_that_stops_leaves_its_lease_to_run_out(
    world: World, abel: Connection
) -> None:
    world.faults.add(SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do"))
    waiting = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await held_refresh(world)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    after = await connected.aread(abel)
    assert after.lease_expires_at
    assert after.lease_expires_at <= timezone.now() + leases.LEASE_LIFE
    assert (after.version, after.refresh_failures) == (abel.version, 0)


def test_two_first_sign_ins_at_once_make_one_person(world: World) -> None:
    together = threading.Barrier(4)

    def sign_in() -> None:
        together.wait()
        connected.connect(world, "beth.anglin")
        connections.close_all()

    threads = [threading.Thread(target=sign_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    beth = Connection.objects.get(user_name="beth.anglin")
    assert User.objects.get() == beth.user
    assert beth.version == 5


async def test_people_do_not_wait_for_one_another(world: World, abel: Connection) -> None:
    beth = await connected.aconnect(world, "beth.anglin")
    await connected.achange(beth, access_token_expires_at=timezone.now(), next_refresh_at=None)
    world.faults.add(SimulatedFault(kind=FaultKind.HOLD, path="/oauth_token.do"))
    abels = asyncio.create_task(ConnectionTokens(abel.pk).current())
    await held_refresh(world)
    assert await ConnectionTokens(beth.pk).current()
    assert not abels.done()
    world.faults.release()
    assert await abels


def pause_after(connection: Connection, fault: Fault) -> float:
    """How many seconds nobody tries again after this failure."""
    lease = leases.claim(connection.pk, version=connection.version)
    assert lease
    began = timezone.now()
    leases.record_failure(lease, fault)
    after = connected.read(connection)
    assert after.next_refresh_at
    return (after.next_refresh_at - began).total_seconds()


def test_pauses_after_failures_grow_and_have_an_end(abel: Connection) -> None:
    expected = {
        Fault.UNAVAILABLE: (5, 10, 20, 600),
        Fault.GRANT_REFUSED: (60, 120, 240, 600),
        Fault.GRANT_ENDED: (3600, 7200, 14_400, 86_400),
    }
    for fault, pauses in expected.items():
        for failures, seconds in zip((0, 1, 2, 40), pauses, strict=True):
            connection = connected.change(abel, refresh_failures=failures, next_refresh_at=None)
            assert seconds <= pause_after(connection, fault) <= seconds * 1.21


def test_who_has_not_signed_in_again_for_days_is_tried_twice_a_day(abel: Connection) -> None:
    left = connected.change(
        abel,
        state=State.NEEDS_SIGN_IN,
        state_changed_at=timezone.now() - timedelta(days=2),
        refresh_failures=150,
    )
    assert 43_200 <= pause_after(left, Fault.GRANT_REFUSED) <= 43_200 * 1.21


@pytest.mark.parametrize(
    ("lives", "early"), [(1800, 600), (180, 90), (1, 0.5)], ids=["usual", "short", "very short"]
)
def test_the_next_refresh_is_ten_minutes_before_the_end_or_halfway(
    lives: float, early: float
) -> None:
    now = timezone.now()
    ends = now + timedelta(seconds=lives)
    due = {leases.next_refresh(before=now, ends=ends, now=now) for _ in range(20)}
    if lives > 5:  # else it counts as no later end
        assert len(due) > 1, "what was signed in together is not refreshed together"
        assert {0.8 * early <= (ends - each).total_seconds() <= early for each in due} == {True}
