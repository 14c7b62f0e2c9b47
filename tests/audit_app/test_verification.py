"""Whatever is done to sealed rows, seals or their end is found, and nothing else is."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from audit_app.canonical import LEDGERS, packed, rows_between
from audit_app.checkpoints import write_checkpoint
from audit_app.models import ToolCall, ToolCallOutcome
from audit_app.rows import intent_row
from audit_app.sealing import seal_committed
from audit_app.seals import BEGINNING, Seal
from tests.audit_app.calls import an_opening
from tests.audit_app.tampering import record, sealed_log, tampered, unguarded, verified

_OTHERWISE = {"DateTimeField": "'2026-01-01 00:00:00'", "JSONField": "'{\"x\": 1}'"}

pytestmark = pytest.mark.usefixtures("db", "_log")

CALLS, OUTCOMES, SEALS = "audit_app_toolcall", "audit_app_toolcalloutcome", "audit_app_seal"


@pytest.fixture
def _log(db: None, checkpoints: Path) -> None:
    sealed_log()


def _found() -> list[tuple[str, str, int | None, int | None]]:
    return [(one.what, one.ledger, one.row, one.seal) for one in verified().findings]


def test_an_untouched_log_is_clean(checkpoints: Path):
    record(2)  # not sealed yet
    report = verified()
    assert (report.is_clean, report.unproved) == (True, [])
    assert (report.rows, report.seals, report.checkpoints, report.unsealed) == (24, 3, 3, 4)
    assert checkpoints.stat().st_mode & 0o777 == 0o600


def test_every_column_is_sealed():
    """Also one that a later migration adds: it must join the canonical form."""
    for table, model in ((CALLS, ToolCall), (OUTCOMES, ToolCallOutcome)):
        for field in model._meta.concrete_fields[1:]:
            kind = field.get_internal_type()
            value = _OTHERWISE.get(kind, "77" if "Integer" in kind else "'x'")
            tampered(
                f"CREATE TABLE untouched AS SELECT * FROM {table} WHERE id = 6",
                f"UPDATE {table} SET {field.column} = {value} WHERE id = 6",
            )
            ledger = "calls" if model is ToolCall else "outcomes"
            assert ("changed", ledger, 6, 2) in _found(), field.column
            tampered(
                f"DELETE FROM {table} WHERE id = 6",
                f"INSERT INTO {table} SELECT * FROM untouched",
                "DROP TABLE untouched",
            )


def test_a_row_that_was_removed_is_named_with_its_seal():
    tampered(f"DELETE FROM {OUTCOMES} WHERE id = 7")
    assert _found() == [("deleted", "outcomes", 7, 2)]


def test_rows_that_were_exchanged_are_both_named():
    tampered(
        f"UPDATE {CALLS} SET id = 1000 WHERE id = 2",
        f"UPDATE {CALLS} SET id = 2 WHERE id = 3",
        f"UPDATE {CALLS} SET id = 3 WHERE id = 1000",
    )
    assert _found() == [("changed", "calls", 2, 1), ("changed", "calls", 3, 1)]


@pytest.mark.parametrize("row_id", [-5, 0])
def test_a_row_below_the_first_one_was_inserted(row_id: int):
    tampered(f"UPDATE {CALLS} SET id = {row_id} WHERE id = 5")
    assert set(_found()) == {("deleted", "calls", 5, 2), ("inserted", "calls", row_id, None)}


def test_a_row_that_says_an_earlier_time_than_the_last_seal_was_inserted():
    ToolCall.objects.bulk_create([intent_row(an_opening())], batch_size=1)
    old = intent_row(an_opening())
    old.opened_at = timezone.now() - timedelta(days=1)
    ToolCall.objects.bulk_create([old])
    assert _found() == [("inserted", "calls", old.pk, None)]
    seal_committed()
    [found] = verified().findings
    assert (found.what, found.row, found.seal) == ("misdated", old.pk, 4)


def test_a_row_in_the_future_is_misdated():
    record(1, at=timezone.now() + timedelta(hours=1))
    seal_committed()
    assert {each[0] for each in _found()} == {"misdated"}


def test_rows_and_seals_cut_off_the_end_are_missed_by_the_checkpoint():
    tampered(
        f"DELETE FROM {SEALS} WHERE number = 3",
        f"DELETE FROM {CALLS} WHERE id > 8",
        f"DELETE FROM {OUTCOMES} WHERE id > 8",
    )
    [found] = verified().findings
    assert (found.what, found.seal) == ("end cut off", 3)
    assert "seals 3 to 3 with 8 rows are gone" in str(found)


def test_a_log_that_was_emptied_is_missed_by_the_checkpoint():
    tampered(*(f"DELETE FROM {table}" for table in (SEALS, CALLS, OUTCOMES)))
    assert _found() == [("end cut off", "", None, 3)]


def test_a_seal_in_the_midst_that_was_removed_is_named():
    tampered(f"DELETE FROM {SEALS} WHERE number = 2")
    assert ("seals deleted", "", None, 3) in _found()


def test_the_first_seal_that_was_removed_without_a_mark_is_named():
    tampered(f"DELETE FROM {SEALS} WHERE number = 1")
    assert ("seals deleted", "", None, 2) in _found()


@pytest.mark.parametrize(
    "change",
    [
        "sealed_at = '2026-01-01 00:00:00'",
        "facts = '{}'",
        "facts = 'x'",
        "form = 'y'",
        "kind = 'retention'",
    ],
)
def test_a_seal_that_was_changed_is_named(change: str):
    tampered(f"UPDATE {SEALS} SET {change} WHERE number = 2")
    assert ("seal changed", "", None, 2) in _found()


def test_seals_that_changed_places_are_named():
    tampered(
        f"UPDATE {SEALS} SET number = 99 WHERE number = 1",
        f"UPDATE {SEALS} SET number = 1 WHERE number = 2",
        f"UPDATE {SEALS} SET number = 2 WHERE number = 99",
    )
    assert {("seal moved", "", None, 1), ("seal changed", "", None, 2)} <= set(_found())


def test_a_seal_whose_rows_were_cut_is_named():
    substr = "substr" if connection.vendor == "sqlite" else "substring"
    shorter = f"{substr}(calls, 1, 50)"
    tampered(f"UPDATE {SEALS} SET calls = {shorter} WHERE number = 2")
    assert ("seal changed", "calls", None, 2) in _found()


def test_a_chain_made_anew_is_not_signed_and_not_the_one_of_the_checkpoints():
    """Whoever may do everything to the database, but has no key, rewrites all of it."""
    tampered(f"UPDATE {CALLS} SET user_name = 'beth.anglin' WHERE id = 2")
    _made_anew()
    found = {each[0] for each in _found()}
    assert found == {"seal not signed", "chain replaced"}


def test_even_whoever_has_the_key_cannot_make_the_chain_anew_behind_a_checkpoint():
    tampered(f"UPDATE {CALLS} SET user_name = 'beth.anglin' WHERE id = 2", f"DELETE FROM {SEALS}")
    seal_committed()
    assert {each[0] for each in _found()} == {"chain replaced", "end cut off"}


def test_a_signature_of_another_key_does_not_count():
    report = verified(public_keys=["AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAA="])
    assert report.kinds == {"seal not signed": 1}
    assert any("signed by no key that counts" in doubt for doubt in report.unproved)


def test_without_checkpoints_nothing_is_said_to_be_proved(checkpoints: Path):
    checkpoints.write_text("no checkpoint\n")
    assert "Line 1" in verified().unproved[0]
    checkpoints.unlink()
    report = verified()
    assert report.is_clean
    assert "no file of checkpoints" in report.unproved[0]


def test_a_forged_checkpoint_raises_no_false_alarm(checkpoints: Path):
    lines = checkpoints.read_text().splitlines()
    forged = json.loads(lines[-1]) | {"seal": 9, "digest": BEGINNING}
    checkpoints.write_text("\n".join([*lines, json.dumps(forged)]) + "\n")
    report = verified()
    assert report.is_clean
    assert "Line 4" in report.unproved[0]


def test_a_checkpoint_is_written_once_and_mends_a_line_that_was_cut(checkpoints: Path):
    assert write_checkpoint() is None
    with checkpoints.open("a") as file:
        file.write('{"seal": 4')
    record(1)
    seal_committed()
    assert write_checkpoint() is not None
    assert len(checkpoints.read_text().splitlines()) == 5


def _made_anew() -> None:
    """Give every seal the rows as they are now, and its digest; the signatures cannot follow."""
    previous = BEGINNING
    with unguarded():
        for seal in Seal.objects.order_by("number"):
            for ledger in LEDGERS:
                first = (seal.number - 1) * 4
                rows = list(rows_between(connection, ledger, after=first, through=first + 4))
                setattr(seal, ledger.name, packed(rows))
            seal.previous = previous
            previous = seal.digest = seal.true_digest()
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {SEALS} SET calls = %s, previous = %s, digest = %s WHERE number = %s",
                    [seal.calls, seal.previous, seal.digest, seal.number],
                )
