"""Old records go, and a signed mark stays by which the rest still proves to be whole."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone
from pytest_django import Settings

from audit_app import triggers
from audit_app.models import ToolCall, ToolCallOutcome
from audit_app.retention import remove_old_records
from audit_app.sealing import seal_committed
from audit_app.seals import Kind, Seal
from audit_app.tasks import remove_old
from tests.audit_app.tampering import record, sealed_log, tampered, verified

NOW = timezone.now()
LONG = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _log(db: None, checkpoints: Path, settings: Settings) -> None:
    settings.AUDIT_RETENTION_DAYS = 30
    sealed_log(seals=4, since=NOW - timedelta(days=60))
    sealed_log(seals=2, since=NOW - timedelta(days=2))


def _removed(now: datetime = NOW) -> tuple[int, int, int]:
    done = remove_old_records(within=LONG, now=now)
    return done.seals, done.calls, done.outcomes


def test_what_is_old_goes_and_the_rest_still_proves_to_be_whole():
    assert _removed() == (4, 16, 16)
    assert ToolCall.objects.count() == ToolCallOutcome.objects.count() == 8
    report = verified()
    assert (report.findings, report.unproved, report.removed, report.rows) == ([], [], 32, 16)
    mark = Seal.objects.get(kind=Kind.RETENTION)
    told = mark.told()["removed"]
    assert (told["through"], told["first_last_count"]["calls"]) == (4, [1, 16, 16])
    assert _removed() == (0, 0, 0)
    assert triggers.missing(connection) == []


def test_the_log_goes_on_after_retention_and_is_removed_again():
    _removed()
    record(2)
    seal_committed()
    assert not verified().findings
    assert _removed(NOW + timedelta(days=31)) == (4, 10, 10)  # the first mark is one of four
    report = verified()
    assert (report.findings, report.removed, report.rows) == ([], 52, 0)


def test_tampering_after_retention_is_found_too():
    _removed()
    tampered("DELETE FROM audit_app_toolcall WHERE id = 20")
    assert [(one.what, one.row) for one in verified().findings] == [("deleted", 20)]


def test_more_that_goes_than_the_mark_says_is_found():
    _removed()
    tampered("DELETE FROM audit_app_seal WHERE number = 5")
    assert ("seals deleted", 6) in [(one.what, one.seal) for one in verified().findings]


def test_a_forged_mark_hides_nothing():
    """Somebody without the key removes more and changes the mark to say so."""
    _removed()
    mark = Seal.objects.get(kind=Kind.RETENTION)
    fifth = Seal.objects.get(number=5)
    told = mark.told()
    told["removed"] |= {"through": 5, "digest": fifth.digest, "ledgers": fifth.told()["ledgers"]}
    facts = json.dumps(told, sort_keys=True)
    tampered(
        f"UPDATE audit_app_seal SET facts = '{facts}' WHERE number = {mark.number}",
        "DELETE FROM audit_app_seal WHERE number = 5",
        "DELETE FROM audit_app_toolcall WHERE id <= 20",
        "DELETE FROM audit_app_toolcalloutcome WHERE id <= 20",
    )
    assert ("seal changed", mark.number) in [(one.what, one.seal) for one in verified().findings]


def test_nothing_goes_while_everything_is_to_be_kept(
    settings: Settings, capsys: pytest.CaptureFixture[str]
):
    settings.AUDIT_RETENTION_DAYS = 0
    call_command("purge_audit")
    assert capsys.readouterr().out == "AUDIT_RETENTION_DAYS is 0: everything is kept.\n"
    assert remove_old() == {"seals": 0, "calls": 0, "outcomes": 0}
    assert ToolCall.objects.count() == 24


def test_the_command_says_what_has_gone(capsys: pytest.CaptureFixture[str]):
    call_command("purge_audit")
    assert capsys.readouterr().out == "Removed: 16 calls, 16 outcomes, 4 seals.\n"


def test_a_step_that_fails_removes_nothing_and_leaves_the_triggers():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_app_toolcalloutcome RENAME COLUMN id TO put_away")
        with pytest.raises(DatabaseError):
            _removed()
        cursor.execute("ALTER TABLE audit_app_toolcalloutcome RENAME COLUMN put_away TO id")
    assert ToolCall.objects.count() == 24
    assert triggers.missing(connection) == []
    assert not verified().findings
