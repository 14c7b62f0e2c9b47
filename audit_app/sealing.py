"""Sealing what was committed since the last seal, by one sealer at a time.

Calls never wait for it: it only reads their rows. On PostgreSQL an advisory lock keeps a second
sealer out, on SQLite the transaction does, and everywhere the number of a seal is unique.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from audit_app.canonical import LEDGERS, Ledger, SealedRow, form_of, packed, rows_between
from audit_app.gaps import Standing
from audit_app.seals import BEGINNING, Kind, Seal
from audit_app.signing import public_key, sign

# Rows of each ledger under one seal: 0.4 MB of ids and digests together.
MOST_ROWS: Final = 5_000
_LOCK: Final = 0x5EA1_0A0D_17_06


@dataclass(frozen=True)
class Sealed:
    """What one run has done."""

    seals: int
    rows: int


def seal_committed(
    *, most_seals: int = 200, most_rows: int = MOST_ROWS, now: datetime | None = None
) -> Sealed:
    """Seal every committed row that is not, `most_rows` of a ledger at a time.

    Stops after `most_seals`. Safe to run twice at once.
    """
    seals = rows = 0
    while seals < most_seals:
        sealed = _seal_next(now or timezone.now(), most_rows=most_rows)
        if not sealed:
            break
        seals, rows = seals + 1, rows + sealed
    return Sealed(seals, rows)


def standings(seal: Seal | None) -> dict[str, Standing]:
    """Return where each ledger stands after `seal`. Raises ValueError where it does not say."""
    told = seal.told().get("ledgers", {}) if seal else None
    return standings_in(told)


def standings_in(told: Any) -> dict[str, Standing]:  # noqa: ANN401  # JSON
    """Read where each ledger stands; None is the beginning. Raises ValueError."""
    if told is None:
        return {ledger.name: Standing() for ledger in LEDGERS}
    if not isinstance(told, dict):
        raise ValueError("not the standings of the ledgers")  # noqa: TRY004  # as of what is inside
    return {ledger.name: Standing.told_by(told.get(ledger.name, {})) for ledger in LEDGERS}


def standing_facts(head: Seal) -> dict[str, Any]:
    """What a seal after `head` says of the ledgers if it covers no rows: they stand as they did."""
    return {"ledgers": head.told().get("ledgers"), "complete": []}


def is_only_sealer() -> bool:
    """Take the right to seal until this transaction ends; False where somebody else has it."""
    if connection.vendor != "postgresql":
        return True  # `transaction_mode` IMMEDIATE lets one transaction write at a time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def become_only_sealer() -> None:
    """Take the right to seal until this transaction ends, waiting for whoever has it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def append_seal(
    head: Seal | None,
    *,
    kind: Kind,
    rows: Mapping[str, bytes],
    facts: Mapping[str, Any],
    now: datetime,
) -> Seal:
    """Add a link to the chain; the caller holds the right to seal."""
    seal = Seal(
        number=head.number + 1 if head else 1,
        kind=kind.value,
        form=form_of(connection),
        sealed_at=now,
        calls=rows.get("calls", b""),
        outcomes=rows.get("outcomes", b""),
        facts=json.dumps(facts, sort_keys=True),
        previous=head.digest if head else BEGINNING,
        signed_by=public_key(),
    )
    seal.digest = seal.true_digest()
    seal.signature = sign(seal.digest)
    seal.save()
    return seal


def append_rows(*, now: datetime, most_rows: int = MOST_ROWS) -> int:
    """Seal what is not yet, as far as one seal goes; the caller holds the right to seal.

    Returns how many rows it covers, 0 where there was nothing to do.
    """
    head = Seal.objects.without_rows().head()
    stood = standings(head)
    taken = {
        each.name: _unsealed(each, stood[each.name], most=most_rows, now=now) for each in LEDGERS
    }
    count = sum(len(each.rows) for each in taken.values())
    if count:
        facts = {
            "ledgers": {name: each.stands.as_json() for name, each in taken.items()},
            "complete": [name for name, each in taken.items() if each.is_everything],
        }
        rows = {name: packed(each.rows) for name, each in taken.items()}
        append_seal(head, kind=Kind.ROWS, rows=rows, facts=facts, now=now)
    return count


def _seal_next(now: datetime, *, most_rows: int) -> int:
    with transaction.atomic(durable=True):
        return append_rows(now=now, most_rows=most_rows) if is_only_sealer() else 0


@dataclass(frozen=True)
class _Taken:
    """Rows of one ledger for a seal, where the ledger stands then, and whether none is left."""

    rows: list[SealedRow]
    stands: Standing
    is_everything: bool


def _unsealed(ledger: Ledger, stood: Standing, *, most: int, now: datetime) -> _Taken:
    late = [
        row
        for gap in stood.gaps
        for row in rows_between(connection, ledger, after=gap.first - 1, through=gap.last)
    ]
    new = list(rows_between(connection, ledger, after=stood.frontier, through=None, most=most))
    stands = stood.after(late=[row.id for row in late], new=[row.id for row in new], now=now)
    return _Taken([*late, *new], stands, is_everything=len(new) < most)
