"""Removing what is older than AUDIT_RETENTION_DAYS, and leaving a signed mark in its place.

Whole seals are removed with their rows, oldest first. The mark is a link of the chain itself: it
says up to which seal, with which digest, and how many rows there were, so that what is left still
proves to be a part of the whole.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit_app import triggers
from audit_app.canonical import ENTRY_BYTES, LEDGERS, Ledger, entries
from audit_app.exceptions import MayNotRemove
from audit_app.owner import as_owner
from audit_app.roles import owns_audit_tables
from audit_app.sealing import append_seal, is_only_sealer, standing_facts
from audit_app.seals import Kind, Seal

# Calls wait while a step removes its rows: about a tenth of a second.
_SEALS_IN_A_STEP: Final = 10
_ROWS_IN_A_STEP: Final = 10_000


@dataclass(frozen=True)
class Removed:
    """What one run has removed."""

    seals: int = 0
    calls: int = 0
    outcomes: int = 0


def remove_old_records(*, within: timedelta, now: datetime | None = None) -> Removed:
    """Remove what AUDIT_RETENTION_DAYS no longer keeps, as the owner; stop after `within`.

    Safe to run twice at once. Raises MayNotRemove where the role at hand may not.
    """
    if not settings.AUDIT_RETENTION_DAYS:
        return Removed()
    now = now or timezone.now()
    before = now - timedelta(days=settings.AUDIT_RETENTION_DAYS)
    stop_at = time.monotonic() + within.total_seconds()
    total = Removed()
    with as_owner():
        if not owns_audit_tables(connection):
            raise MayNotRemove
        while time.monotonic() < stop_at:
            step = _remove_oldest(before, now=now)
            if not step.seals:
                break
            total = Removed(
                total.seals + step.seals,
                total.calls + step.calls,
                total.outcomes + step.outcomes,
            )
    return total


def _remove_oldest(before: datetime, *, now: datetime) -> Removed:
    with transaction.atomic(durable=True):
        head = Seal.objects.without_rows().head() if is_only_sealer() else None
        seals = list(_oldest(before, head=head)) if head else []
        if not head or not seals:
            return Removed()
        ids = {ledger.name: _ids(seals, ledger) for ledger in LEDGERS}
        facts = {**standing_facts(head), "removed": _mark(seals[-1], ids)}
        append_seal(head, kind=Kind.RETENTION, rows={}, facts=facts, now=now)
        with triggers.switched_off(connection), connection.cursor() as cursor:
            for ledger in LEDGERS:
                for first, last in _runs(ids[ledger.name]):
                    table = ledger.table
                    cursor.execute(
                        f"DELETE FROM {table} WHERE id BETWEEN %s AND %s",  # noqa: S608  # a constant
                        [first, last],
                    )
            cursor.execute("DELETE FROM audit_app_seal WHERE number <= %s", [seals[-1].number])
        return Removed(len(seals), len(ids["calls"]), len(ids["outcomes"]))


def _oldest(before: datetime, *, head: Seal) -> Iterator[Seal]:
    """Seals made before `before`, as many as one step takes; never the last one of all."""
    rows = 0
    seals = Seal.objects.filter(number__lt=head.number).order_by("number")[:_SEALS_IN_A_STEP]
    for taken, seal in enumerate(seals):
        rows += sum(len(seal.rows_of(ledger.name)) // ENTRY_BYTES for ledger in LEDGERS)
        if seal.sealed_at >= before or (taken and rows > _ROWS_IN_A_STEP):
            return
        yield seal


def _mark(last: Seal, ids: dict[str, list[int]]) -> dict[str, Any]:
    """What the mark says: everything up to `last` is gone, and where the ledgers stood there."""
    ranges = {name: [min(each), max(each), len(each)] for name, each in ids.items() if each}
    return {
        "through": last.number,
        "digest": last.digest,
        "sealed_at": last.sealed_at.isoformat(),
        "ledgers": last.told().get("ledgers"),
        "first_last_count": ranges,
    }


def _ids(seals: Sequence[Seal], ledger: Ledger) -> list[int]:
    return sorted(row.id for seal in seals for row in entries(seal.rows_of(ledger.name)))


def _runs(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ids that follow one another, as first and last: `1 2 3 7` is `1-3` and `7-7`."""
    for _distance, run in groupby(enumerate(ids), key=lambda pair: pair[1] - pair[0]):
        members = [row_id for _place, row_id in run]
        yield members[0], members[-1]
