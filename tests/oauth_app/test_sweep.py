"""The sweep: whoever ends within ten minutes is refreshed, once, and no row stops the others."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oauth_app import leases, refresh_health, sweep
from oauth_app.instances import change_client
from oauth_app.models import Connection, Heartbeat, Instance, User
from oauth_app.models.connections import Fault, Reason, State
from oauth_app.tasks import refresh_expiring_connections
from simulator.control.faults import Fault as SimulatedFault
from simulator.control.faults import FaultKind
from simulator.world import World
from snmcp_project.celery import app
from tests.oauth_app.connected import change, connect, expire, read, refreshes

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection, which ends within ten minutes; the instance mints new tokens."""
    world.switches.reuse_access_token = False
    return due(connect(world))


def due(connection: Connection, **values: Any) -> Connection:
    ends = timezone.now() + timedelta(minutes=9)
    return change(connection, access_token_expires_at=ends, next_refresh_at=None, **values)


def test_what_ends_within_ten_minutes_is_refreshed_and_then_left_alone(
    world: World, abel: Connection
) -> None:
    assert refresh_expiring_connections() == 1
    assert refresh_expiring_connections() == 0
    after = read(abel)
    assert after.version == abel.version + 1
    assert after.access_token_lasts(1700, now=timezone.now())


def test_what_lasts_longer_is_left_alone(world: World) -> None:
    connect(world)
    assert refresh_expiring_connections() == 0
    assert refreshes(world) == 0


def test_a_reply_with_the_same_token_is_tried_again_only_at_its_end(world: World) -> None:
    abel = connect(world)
    expire(world, abel, ago=-540)
    assert [refresh_expiring_connections() for _ in range(3)] == [1, 0, 0]
    after = read(abel)
    assert after.next_refresh_at == after.access_token_expires_at


def test_twelve_people_are_refreshed_in_one_sweep(world: World, abel: Connection) -> None:
    people = world.instance.query(
        "sys_user", "active=true^web_service_access_only=false^locked_out=false"
    )
    for person in people[:12]:
        due(connect(world, person["user_name"]))
    everybody = Connection.objects.count()
    assert refresh_expiring_connections() == everybody >= 12
    assert refreshes(world) == everybody


def test_two_sweeps_at_once_refresh_everybody_once(world: World, abel: Connection) -> None:
    for name in ("beth.anglin", "charlie.whitherspoon"):
        due(connect(world, name))

    async def two() -> tuple[int, int]:
        return await asyncio.gather(sweep.refresh_expiring(), sweep.refresh_expiring())

    assert sum(asyncio.run(two())) == 3
    assert refreshes(world) == 3


def test_a_leased_connection_is_left_to_its_holder(world: World, abel: Connection) -> None:
    assert leases.claim(abel.pk, version=abel.version)
    assert refresh_expiring_connections() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.DISCONNECTED},
        {"state": State.NEEDS_SIGN_IN, "reason": Reason.ASKED_BY_OPERATOR},
        {"state": State.NEEDS_SIGN_IN, "reason": Reason.REFRESH_TOKEN_EXPIRED},
        {"refresh_token": ""},
    ],
)
def test_a_connection_only_its_person_can_mend_is_left_alone(
    world: World, abel: Connection, values: dict[str, str]
) -> None:
    change(abel, **values)
    assert refresh_expiring_connections() == 0


@pytest.mark.parametrize("stopped", [{"is_paused": True}, {"is_active": False}])
def test_a_paused_or_closed_instance_is_left_alone(
    abel: Connection, stopped: dict[str, bool]
) -> None:
    Instance.objects.update(**stopped)
    assert refresh_expiring_connections() == 0


def test_the_sweep_asks_for_a_sign_in_only_when_the_access_token_has_ended(
    world: World, abel: Connection
) -> None:
    world.credentials.expire(type_="refresh")
    assert refresh_expiring_connections() == 1
    assert (read(abel).state, read(abel).last_fault) == (State.ACTIVE, Fault.GRANT_REFUSED)
    change(abel, access_token_expires_at=timezone.now(), next_refresh_at=None)
    assert refresh_expiring_connections() == 1
    assert read(abel).state == State.NEEDS_SIGN_IN
    assert read(abel).refresh_token == abel.refresh_token


def test_the_sweep_mends_a_connection_that_had_been_refused(world: World, abel: Connection) -> None:
    change(abel, state=State.NEEDS_SIGN_IN, reason=Reason.REJECTED_BY_INSTANCE)
    assert refresh_expiring_connections() == 1
    assert read(abel).state == State.ACTIVE


def test_a_wrong_client_secret_signs_nobody_out_however_often_the_sweep_runs(
    world: World, abel: Connection
) -> None:
    instance = Instance.objects.get()
    change_client(instance=instance, client_id=instance.client_id, client_secret="mistyped")
    for _ in range(3):
        change(abel, access_token_expires_at=timezone.now(), next_refresh_at=None)
        assert refresh_expiring_connections() == 1
    assert read(abel).state == State.ACTIVE


def test_an_instance_that_is_down_signs_nobody_out(world: World, abel: Connection) -> None:
    world.faults.add(SimulatedFault(kind=FaultKind.HIBERNATING_PAGE, path="/oauth_token.do"))
    change(abel, access_token_expires_at=timezone.now())
    assert refresh_expiring_connections() == 1
    assert (read(abel).state, read(abel).last_fault) == (State.ACTIVE, Fault.UNAVAILABLE)


def test_a_row_that_cannot_be_decrypted_does_not_stop_the_others(
    world: World, abel: Connection
) -> None:
    beth = due(connect(world, "beth.anglin"))
    stored = Connection.objects.values_list("refresh_token", flat=True).get(pk=beth.pk)
    change(abel, refresh_token=stored, access_token_expires_at=timezone.now())
    assert refresh_expiring_connections() == 2
    assert Connection.objects.get(pk=beth.pk).version == beth.version + 1
    assert Connection.objects.get(pk=abel.pk).last_fault == Fault.UNREADABLE


def test_a_host_that_is_no_longer_allowed_is_not_asked_and_signs_nobody_out(
    world: World, abel: Connection, settings: Any
) -> None:
    settings.SERVICENOW_ALLOWED_HOSTS = ["example.service-now.com"]
    assert refresh_expiring_connections() == 1
    assert (read(abel).state, read(abel).last_fault) == (State.ACTIVE, Fault.UNAVAILABLE)
    assert refreshes(world) == 0


def test_the_sweep_stops_when_its_time_is_over(world: World, abel: Connection) -> None:
    assert asyncio.run(sweep.refresh_expiring(within=timedelta(0))) == 0


def test_beat_starts_the_sweep_every_minute_and_the_purge_every_hour() -> None:
    schedule = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert schedule["oauth_app.refresh_expiring_connections"] == 60
    assert schedule["oauth_app.purge_expired"] == 3600
    app.loader.import_default_modules()
    assert {"oauth_app.refresh_expiring_connections", "oauth_app.purge_expired"} <= set(app.tasks)


def test_a_person_turned_off_is_not_refreshed_any_more(world: World, abel: Connection) -> None:
    User.objects.filter(pk=abel.user_id).update(is_active=False)
    assert refresh_expiring_connections() == 0
    assert refreshes(world) == 0
    User.objects.filter(pk=abel.user_id).update(is_active=True)
    assert refresh_expiring_connections() == 1


def test_each_sweep_leaves_a_heartbeat_and_a_late_one_is_told(world: World, db: None) -> None:
    assert "is Celery running?" in refresh_health.sweep_fault()
    refresh_expiring_connections()
    assert refresh_health.sweep_fault() == ""
    last = refresh_health.last_sweep_at()
    assert last
    Heartbeat.objects.update(beat_at=last - timedelta(minutes=4))
    assert f"{last - timedelta(minutes=4):%H:%M} UTC" in refresh_health.sweep_fault()


def test_an_operator_is_told_of_a_client_that_is_refused_and_not_of_one_dead_grant(
    world: World, abel: Connection
) -> None:
    world.credentials.expire(type_="refresh")
    refresh_expiring_connections()
    assert refresh_health.client_faults() == []
    for values in (
        {"last_fault": Fault.CLIENT_REFUSED},
        {"last_fault": Fault.GRANT_REFUSED, "signed_in_at": timezone.now() - timedelta(days=2)},
    ):
        change(abel, **values)
        assert refresh_health.client_faults() == [
            "localhost:8090 refuses every refresh: check the OAuth client id and secret."
        ]
    change(abel, failed_at=timezone.now() - timedelta(hours=1))
    assert refresh_health.client_faults() == []


def test_celery_loses_no_task_with_its_worker_and_holds_none_for_long() -> None:
    settled = {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_soft_time_limit": 30,
        "task_time_limit": 45,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 10.0,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
    }
    assert {name: app.conf[name] for name in settled} == settled
    assert app.conf.broker_transport_options["visibility_timeout"] == 120
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert app.tasks[entry["task"]].expires, "nothing that is late piles up"
