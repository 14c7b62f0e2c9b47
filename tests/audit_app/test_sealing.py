"""Rows are sealed once, whenever they were committed and however many sealers there are."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from audit_app import sealing
from audit_app.gaps import Gap, Standing
from audit_app.models import ToolCall
from audit_app.rows import intent_row
from audit_app.sealing import seal_committed
from audit_app.seals import Seal
from audit_app.tasks import seal_records
from tests.audit_app.calls import an_opening
from tests.audit_app.tampering import record, sealed_log, tampered, verified

pytestmark = pytest.mark.usefixtures("db", "checkpoints")


def _commit(*ids: int, at: datetime | None = None) -> None:
    rows = [intent_row(an_opening()) for _ in ids]
    for row, row_id in zip(rows, ids, strict=True):
        row.pk, row.opened_at = row_id, at or timezone.now()
    ToolCall.objects.bulk_create(rows)


def test_rows_that_appear_below_sealed_ones_are_sealed_late():
    _commit(1, 2, 9)
    seal_committed()
    _commit(5, 10)
    _commit(12)
    assert not verified().findings
    seal_committed()
    _commit(4, 6, 11)
    seal_committed()
    report = verified()
    assert (report.findings, report.late, report.unsealed) == ([], 4, 0)
    stands = sealing.standings(Seal.objects.head())["calls"]
    assert [(gap.first, gap.last) for gap in stands.gaps] == [(3, 3), (7, 8)]


def test_a_row_that_appears_where_nothing_was_missing_any_more_was_inserted():
    then = timezone.now() - timedelta(days=2)
    _commit(1, 3, at=then)
    seal_committed(now=then)
    _commit(4)
    seal_committed()
    _commit(2)
    assert seal_committed().rows == 0
    [found] = verified().findings
    assert (found.what, found.row) == ("inserted", 2)


def test_a_late_row_that_was_removed_again_is_missed():
    _commit(1, 3)
    seal_committed()
    _commit(2)
    seal_committed()
    tampered("DELETE FROM audit_app_toolcall WHERE id = 2")
    [found] = verified().findings
    assert (found.what, found.row, found.seal) == ("deleted", 2, 2)


def test_a_standing_keeps_what_is_missing():
    now = timezone.now()
    stands = Standing().after(late=[], new=[3, 4, 9], now=now)
    seconds = int(now.timestamp())
    assert stands.gaps == (Gap(1, 2, seconds), Gap(5, 8, seconds))
    assert (stands.is_open(6), stands.is_open(9)) == (True, False)
    later = stands.after(late=[2, 5, 7], new=[10], now=now)
    assert [(gap.first, gap.last) for gap in later.gaps] == [(1, 1), (6, 6), (8, 8)]
    assert (later.frontier, later.rows) == (10, 7)
    with pytest.raises(ValueError, match="standing"):
        Standing.told_by({})
    with pytest.raises(ValueError, match="standings"):
        sealing.standings_in([])


def test_a_backlog_of_hours_is_sealed_in_pieces_and_is_clean():
    began = timezone.now() - timedelta(hours=9)
    sealed_log(seals=1, since=began)
    for hour in range(4):
        record(3, at=began + timedelta(hours=hour))
    assert seal_committed(most_rows=5, most_seals=2).seals == 2
    assert seal_committed(most_rows=5).seals == 1
    assert not verified().findings


def test_several_sealers_at_once_make_one_chain():
    record(40)
    with ThreadPoolExecutor(4) as threads:
        rows = sum(threads.map(lambda _: _sealed_in_thread(), range(4)))
    seal_committed()
    report = verified()
    assert (report.findings, report.rows) == ([], 80)
    assert rows <= 80


def _sealed_in_thread() -> int:
    try:
        return seal_committed(most_rows=10).rows
    finally:
        connections.close_all()


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="about PostgreSQL's advisory locks; runs in the suite on PostgreSQL",
)
def test_a_second_sealer_leaves_the_work_to_the_first():
    record(1)
    with _another_has("SELECT pg_advisory_lock(%s)"):
        assert seal_committed().rows == 0
    assert seal_committed().rows == 2


@contextmanager
def _another_has(statement: str) -> Iterator[None]:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(statement, [sealing._LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock_all()")  # else some time after it is closed
    other.close()


def test_the_job_seals_and_signs_and_a_second_beat_finds_nothing(checkpoints: Path):
    record(2)
    assert seal_records() == 4
    assert seal_records() == 0
    [line] = checkpoints.read_text().splitlines()
    told = json.loads(line)
    assert (told["seal"], told["calls"], told["outcomes"]) == (1, 2, 2)
    assert str(Seal.objects.get()) == "Seal 1"
