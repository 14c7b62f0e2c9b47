"""Probes: what makes a server unready, what only makes it worse, and what strangers are told."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings

from audit_app import health, triggers
from audit_app.checkpoints import write_checkpoint
from audit_app.models import ToolCall
from audit_app.sealing import seal_committed
from audit_app.seals import Seal
from oauth_app.key_proof import prove_keys
from oauth_app.models import Connection, Heartbeat
from oauth_app.models.connections import Fault
from oauth_app.refresh_health import note_sweep
from snmcp_project.asgi import application
from snmcp_project.health.checks import DATABASE, REDIS
from snmcp_project.health.examination import Examination
from snmcp_project.health.findings import Check
from snmcp_project.health.looking import Look
from snmcp_project.health.probes import Ready
from tests.databases import database_away
from tests.oauth_app.sealed_rows import WRONG, make_instance, make_person

NAMES = {check.name for check in (*DATABASE, *REDIS)}
Breaking = AbstractContextManager[Any]


def answer(path: str = "/readyz", method: str = "GET", **given: Any) -> httpx.Response:
    """Ask as kubelet does, by address, with nothing remembered of earlier probes."""
    app = given.get("app") or Ready(Examination(Look(DATABASE), Look(REDIS)))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.1.2.3") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


@pytest.fixture
def abel(db: None, redis_url: str) -> Connection:
    """On a site where all is well."""
    prove_keys()
    note_sweep()
    return make_person("abel", instance=make_instance())


@contextmanager
def changed(change: Callable[[], object], back: Callable[[], object]) -> Iterator[None]:
    change()
    yield
    back()


def an_old_call() -> None:
    opened_at = datetime.now(UTC) - timedelta(minutes=4)
    ToolCall(
        reference_id="b" * 32,
        user_id=1,
        user_name="abel.tuter",
        tool="get_incident",
        credential="oauth",
        opened_at=opened_at,
    ).save()


def without_triggers() -> Breaking:
    tables = triggers.guarded_tables()
    return changed(
        lambda: triggers.remove(connection, tables=tables),
        lambda: triggers.install(connection, tables=tables),
    )


def with_a_refused_client(abel: Connection) -> Breaking:
    rows = Connection.objects.filter(pk=abel.pk)
    return changed(
        lambda: rows.update(last_fault=Fault.CLIENT_REFUSED, failed_at=timezone.now()),
        lambda: rows.update(last_fault=Fault.NONE, failed_at=None),
    )


def not_migrated() -> Breaking:
    recorder = MigrationRecorder(connection)
    newest = recorder.migration_qs.filter(app="audit_app").latest("pk").name
    return changed(
        lambda: recorder.record_unapplied("audit_app", newest),
        lambda: recorder.record_applied("audit_app", newest),
    )


def every_way_to_break(abel: Connection) -> dict[str, tuple[int, Breaking]]:
    """By the name of the check that must fail: the status, and what to break."""
    return {
        "database": (503, database_away()),
        "migrations": (503, not_migrated()),
        "encryption_key": (503, override_settings(TOKEN_ENCRYPTION_KEY=WRONG)),
        "audit_log": (503, without_triggers()),
        "audit_sealing": (200, changed(an_old_call, seal_committed)),
        "token_refresh": (200, changed(Heartbeat.objects.all().delete, note_sweep)),
        "oauth_client": (200, with_a_refused_client(abel)),
        "redis": (200, override_settings(REDIS_URL="unix:///nowhere/redis.sock")),
    }


def test_each_fault_is_named_and_only_what_no_call_can_do_without_makes_it_unready(
    abel: Connection,
):
    ways = every_way_to_break(abel)
    assert set(ways) == NAMES
    for name, (status, breaking) in ways.items():
        with breaking:
            broken = answer()
        told = broken.json()
        failed = {each for each, found in told["checks"].items() if "message" in found}
        assert (broken.status_code, failed) == (status, {name})
        assert told["status"] == ("unhealthy" if status == 503 else "degraded")
        for secret in ("one.example.com", "k1", "audit_app", "sqlite", "/", "Error"):
            assert secret not in broken.text
    well = answer()
    assert (well.status_code, well.json()["status"]) == (200, "healthy")
    assert well.json()["checks"] == {name: {"status": "healthy"} for name in NAMES}


def test_what_a_fault_hides_is_unknown_and_not_said_to_be_wrong(abel: Connection):
    with database_away():
        checks = answer().json()["checks"]
    assert {name for name, found in checks.items() if found["status"] == "unknown"} == (
        NAMES - {"database", "redis"}
    )
    with not_migrated():
        assert answer().json()["checks"]["database"] == {"status": "healthy"}


def test_probes_are_answered_by_address_without_a_session_and_never_kept(db: None):
    for path in ("/livez", "/readyz", "/health"):
        found = answer(path, app=application)
        assert found.headers["cache-control"] == "no-store"
        assert "set-cookie" not in found.headers
        assert found.json()["status"]
        assert answer(path, "HEAD", app=application).content == b""
        assert answer(path, "POST", app=application).status_code == 405


def test_a_process_lives_whatever_is_away():
    with database_away(), override_settings(REDIS_URL="unix:///nowhere/redis.sock"):
        alive = answer("/livez", app=application)
    assert (alive.status_code, alive.json()) == (200, {"status": "healthy"})


@dataclass
class Frozen:
    """A database that answers once it is let go."""

    thawed: threading.Event
    asked: int = 0

    def fault(self) -> str:
        self.asked += 1
        self.thawed.wait()
        return ""


def test_a_hung_database_hangs_no_probe_and_only_one_thread():
    frozen, now = Frozen(threading.Event()), [0.0]
    checks = (Check("database", frozen.fault, "It hangs.", vital=True), *REDIS)
    look = Look(checks, patience_seconds=0.01, clock=lambda: now[0])
    ready = Ready(Examination(look))
    told = []
    for now[0] in (0.0, 5.0, 3600.0):
        found = answer(app=ready)
        told.append((found.status_code, found.json()["checks"]["database"].get("message")))
        assert found.json()["checks"]["redis"] == {"status": "unknown"}
        assert found.headers["retry-after"] == "5"
    assert told == [(503, "It hangs.")] * 3
    assert frozen.asked == 1
    frozen.thawed.set()
    for thread in threading.enumerate():
        if thread.name == "health":
            thread.join()
    now[0] = 0.5
    assert look.findings_here()[0].fault == ""


def test_only_what_does_not_answer_is_blamed_and_what_was_found_before_it_counts():
    frozen = Frozen(threading.Event())
    checks = (
        Check("database", lambda: "", "It hangs.", vital=True),
        Check("oauth_client", frozen.fault, "It waits."),
    )
    found = answer(app=Ready(Examination(Look(checks, patience_seconds=0.2))))
    frozen.thawed.set()
    assert (found.status_code, found.json()["checks"]["database"]) == (200, {"status": "healthy"})
    assert found.json()["checks"]["oauth_client"]["message"] == "It waits."


def test_many_probes_ask_the_database_once_a_second():
    open_to_all, now = Frozen(threading.Event()), [0.0]
    open_to_all.thawed.set()
    look = Look((Check("database", open_to_all.fault, ""),), clock=lambda: now[0])

    async def crowd() -> None:
        await asyncio.gather(*(look.findings() for _ in range(50)))

    for now[0] in (0.0, 0.9, 1.0):
        asyncio.run(crowd())
    assert open_to_all.asked == 2


def test_the_log_says_once_what_strangers_are_not_told(
    abel: Connection, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    now = [0.0]
    examination = Examination(Look(DATABASE, clock=lambda: now[0]))
    with with_a_refused_client(abel):
        for now[0] in (1.0, 2.0):
            examination.health_here()
    now[0] = 3.0
    examination.health_here()
    assert caplog.text.count("health_fault") == 1
    assert "one.example.com refuses every refresh" in caplog.text
    assert caplog.text.count("health_restored") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way to be read-only")
def test_an_audit_log_that_may_only_be_read_makes_it_unready_and_a_busy_one_does_not(db: None):
    assert health.recording_fault() == ""
    busy = connection.copy()
    with busy.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        assert health.recording_fault() == ""
    busy.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    assert "it may only be read" in health.recording_fault()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="runs in the suite on PostgreSQL")
def test_an_audit_log_on_a_standby_makes_it_unready(db: None):
    assert health.recording_fault() == ""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    assert "it may only be read" in health.recording_fault()
    connection.close()


def test_sealing_is_late_where_records_or_checkpoints_wait(
    db: None, settings: Settings, tmp_path: Path
):
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "on another machine.jsonl")
    assert health.sealing_fault() == health.checkpoint_fault() == ""
    an_old_call()
    assert "not sealed yet" in health.sealing_fault()
    seal_committed()
    seal = Seal.objects.get()
    assert health.sealing_fault(now=timezone.now() + timedelta(days=1)) == ""
    later = timezone.now() + timedelta(minutes=4)
    ToolCall(reference_id="c" * 32, user_id=1, user_name="a", tool="t", credential="oauth").save()
    assert health.sealing_fault() == ""
    told = health.sealing_fault(now=later)
    assert f"not sealed since {seal.sealed_at:%Y-%m-%d %H:%M} UTC" in told
    assert health.checkpoint_fault(now=later) == ""  # the file lies elsewhere
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "checkpoints.jsonl")
    write_checkpoint()
    assert health.checkpoint_fault(now=later) == ""
    os.utime(settings.AUDIT_CHECKPOINTS, (0, 0))
    assert health.checkpoint_fault() == ""
    assert "can AUDIT_CHECKPOINTS be written?" in health.checkpoint_fault(now=later)
    triggers.remove(connection, tables=triggers.guarded_tables())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_app_seal SET facts = 'tampered with'")
    assert "run `manage.py verify_audit`" in health.sealing_fault()
