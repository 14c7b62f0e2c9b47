"""Somebody is erased from the log, and it goes on to prove that nothing else was touched."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from audit_app import triggers
from audit_app.erasure import erase_from_records
from audit_app.export import as_json_line, calls_to_export, exported
from audit_app.models import ToolCall
from audit_app.retention import remove_old_records
from audit_app.sealing import seal_committed
from audit_app.seals import Kind, Seal
from audit_app.services import open_record
from audit_app.tasks import remove_old
from tests.audit_app.calls import ABEL_SYS_ID, an_opening
from tests.audit_app.tampering import record, sealed_log, tampered, verified

ABEL, BETH = 1, 2
TRACES = ("abel.tuter", ABEL_SYS_ID, "192.0.2.7", "In Progress", '"44"', '"c1"')
_ERASED = '{"erased": {"user_id": 1, "through": 1000000, "calls": 0}}'
_DROP = "ALTER TABLE audit_app_seal DROP CONSTRAINT seals_begin_at_one"
_UNCHECKED = "PRAGMA ignore_check_constraints = ON"
WHO = {"user_name", "sys_id", "arguments", "client_id", "credential_id", "remote_addr"}


@pytest.fixture(autouse=True)
def _log(db: None, checkpoints: Path) -> None:
    sealed_log(seals=2, calls=3)
    open_record(an_opening(user_id=BETH, user_name="beth.anglin"))
    record(2)  # not sealed yet


def _emptying(call: int) -> str:
    """What somebody writes who empties a call as an erasure does."""
    empty = ", ".join(f"{name} = ''" for name in sorted(WHO - {"arguments"}))
    return (
        f"UPDATE audit_app_toolcall SET {empty}, arguments = '{{}}', blinding = '{'a' * 64}'"
        f" WHERE id = {call}"
    )


def _whole_log(*, of: int) -> str:
    calls = calls_to_export().filter(user_id=of)
    return "".join(exported(calls, write_row=as_json_line))


def test_nothing_that_identifies_the_person_is_left_and_all_still_proves_to_be_whole():
    theirs, others = _whole_log(of=ABEL), _whole_log(of=BETH)
    assert all(trace in theirs for trace in TRACES)
    assert erase_from_records(ABEL) == 8
    assert not [trace for trace in TRACES if trace in _whole_log(of=ABEL)]
    assert _whole_log(of=BETH) == others
    report = verified()
    assert (report.findings, report.erased, report.rows) == ([], 8, 17)
    assert triggers.missing(connection) == []


def test_what_was_done_and_when_stays():
    before = json.loads(_whole_log(of=ABEL).splitlines()[0])
    erase_from_records(ABEL)
    after = json.loads(_whole_log(of=ABEL).splitlines()[0])
    emptied = {name for name in before if before[name] != after[name]}
    assert emptied == WHO


def test_erasing_twice_is_once():
    assert erase_from_records(ABEL) == 8
    seals = Seal.objects.count()
    assert erase_from_records(ABEL) == 0
    assert Seal.objects.count() == seals


def test_calls_go_in_steps_that_leave_others_room():
    assert erase_from_records(ABEL, in_a_step=3) == 8
    assert Seal.objects.filter(kind=Kind.ERASURE).count() == 3
    assert verified().findings == []


def test_the_log_goes_on_after_it_and_retention_takes_what_was_erased():
    erase_from_records(ABEL)
    record(2)
    seal_committed()
    assert verified().findings == []
    assert remove_old_records(within=timedelta(minutes=1), now=timezone.now() + timedelta(days=400))
    assert verified().findings == []


@pytest.mark.parametrize(
    "change",
    [
        "user_name = 'beth.anglin'",
        "blinding = repeat_f",
        "tool = 'approve_change'",
        "user_id = 2",
    ],
)
def test_an_emptied_record_that_is_changed_is_found(change: str):
    erase_from_records(ABEL)
    change = change.replace("repeat_f", f"'{'f' * 64}'")
    tampered(
        f"UPDATE audit_app_toolcall SET {change} WHERE id = (SELECT min(id) FROM"
        " (SELECT id FROM audit_app_toolcall) known)"
    )
    assert [one.what for one in verified().findings] == ["changed"]


def test_a_record_that_somebody_empties_without_a_seal_is_found():
    erase_from_records(ABEL)
    seal_committed()
    beths = ToolCall.objects.get(user_id=BETH).pk
    tampered(_emptying(beths))
    assert [(one.what, one.row) for one in verified().findings] == [("changed", beths)]


def test_a_later_call_is_not_covered_by_an_earlier_erasure():
    erase_from_records(ABEL)
    record(1)
    seal_committed()
    last = ToolCall.objects.latest("pk").pk
    tampered(_emptying(last))
    assert [(one.what, one.row) for one in verified().findings] == [("changed", last)]


def test_what_is_recorded_after_the_erasure_is_emptied_by_the_hourly_job():
    erase_from_records(ABEL)
    record(2)
    seal_committed()
    remove_old()
    assert not ToolCall.objects.identifying(ABEL).exists()
    report = verified()
    assert (report.findings, report.unproved, report.erased) == ([], [], 10)


def test_a_record_that_says_again_who_it_was_is_told():
    erase_from_records(ABEL)
    known = ToolCall.objects.filter(user_id=ABEL).first()
    assert known
    tampered(f"UPDATE audit_app_toolcall SET blinding = '{'a' * 32}' WHERE id = {known.pk}")
    assert verified().unproved == [
        f"User {ABEL} was erased, and 1 calls say who it was. Run `manage.py erase_person {ABEL}`."
    ]


def test_a_seal_before_the_first_is_found_and_allows_nothing():
    first = ToolCall.objects.earliest("pk").pk
    unchecked = _UNCHECKED if connection.vendor == "sqlite" else _DROP
    tampered(
        unchecked,
        _emptying(first),
        "INSERT INTO audit_app_seal (number, kind, form, sealed_at, calls, outcomes, facts,"
        " previous, digest, signed_by, signature) SELECT 0, 'erasure', form, sealed_at, calls,"
        f" outcomes, '{_ERASED}', previous, digest, signed_by, signature FROM audit_app_seal"
        " WHERE number = 1",
    )
    assert {one.what for one in verified().findings} == {"seal inserted", "changed"}
