# chance need not be secret, and SQL is made of constants and numbers
"""What `proofs.audit_tampering` does where the apps are ready, as a superuser of PostgreSQL."""

import json
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from audit_app import roles, triggers
from audit_app.canonical import CALLS, LEDGERS, OUTCOMES
from audit_app.checkpoints import write_checkpoint
from audit_app.findings import Report
from audit_app.sealing import seal_committed
from audit_app.signing import public_key
from audit_app.verification import verify
from proofs.tampering import WAYS, Hand

_TABLES: Final = (*(ledger.table for ledger in LEDGERS), "audit_app_seal")
_SEALS: Final = 12
_CALLS_IN_A_SEAL: Final = 12
_ROLE: Final = "proof_application"


def main(tries: str, rows: str) -> None:
    """Do all of it and print what was reached as one line of JSON."""
    reached: dict[str, Any] = {}
    triggers.remove(connection, tables=triggers.guarded_tables())
    reached |= tampered(int(tries))
    _emptied()
    reached |= _clean(int(rows))
    _emptied()
    reached |= _under_load()
    reached |= _denied()
    print(json.dumps(reached))  # for whoever started this process


def tampered(tries: int) -> dict[str, Any]:
    """Tamper so many times, each with a fresh log, and count what verification finds.

    The log must be empty, and no trigger in the way.
    """
    _old_log()
    _run(*(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}" for table in _TABLES))
    if not _verified().is_clean:
        raise RuntimeError("the log is not clean before anything was done to it")
    chance, found, named, single = random.Random(20_261_120), 0, 0, 0
    missed: Counter[str] = Counter()
    forged: Counter[bool] = Counter()
    for number in range(tries):
        way = WAYS[number % len(WAYS)]
        hand = Hand(chance)
        way(hand)
        report = _verified()
        found += not report.is_clean
        missed.update([way.__name__] * report.is_clean)
        if hand.forged:
            forged["seal not signed" in report.kinds] += 1
        if hand.row is not None:
            single += 1
            named += any((each.ledger, each.row) == hand.row for each in report.findings)
        _restored()
    return {
        "found": found,
        "named": named,
        "single": single,
        "missed": dict(missed),
        "forged_told": forged[True],
        "forged": forged.total(),
    }


def _clean(rows: int) -> dict[str, Any]:
    """Verify an untouched log of so many rows, as they come from many seals."""
    filled(rows // 2)
    seal_committed(most_seals=10**9)
    write_checkpoint()
    _run("ANALYZE")
    began, cpu = time.monotonic(), time.process_time()
    report = _verified()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    return {
        "clean_rows": report.rows,
        "false_alarms": sum(report.kinds.values()) + len(report.unproved),
        "rows_per_second": round(report.rows / seconds),
        "cpu_rows_per_second": round(report.rows / cpu),
    }


def _under_load(*, seconds: float = 4.0) -> dict[str, Any]:
    """Write with transactions that commit out of order while two sealers work."""
    stop = threading.Event()
    sealers = [threading.Thread(target=_sealing, args=(stop,)) for _ in range(2)]
    writers = [threading.Thread(target=_writing, args=(stop, seed)) for seed in range(4)]
    for thread in (*sealers, *writers):
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in (*sealers, *writers):
        thread.join()
    seal_committed()
    write_checkpoint()
    report = _verified()
    return {
        "alarms_under_load": sum(report.kinds.values()) + len(report.unproved) + report.unsealed,
        "late": report.late,
        "written": report.rows,
    }


def _sealing(stop: threading.Event) -> None:
    while not stop.is_set():
        seal_committed()
        write_checkpoint()
    connections.close_all()


def _writing(stop: threading.Event, seed: int) -> None:
    chance = random.Random(seed)
    while not stop.is_set():
        with transaction.atomic():
            filled(chance.randint(1, 3))
            time.sleep(chance.choice([0, 0, 0.005, 0.05]))
            if chance.random() < 0.1:
                transaction.set_rollback(True)
    connections.close_all()


def _denied() -> dict[str, int]:
    """Try to change rows as the application's role, with no trigger in the way."""
    _run(f"CREATE ROLE {_ROLE}")
    settings.DATABASES["default"]["USER"] = _ROLE
    roles.limit_application_role(connection)
    tried = denied = 0
    for table in _TABLES:
        column = "number" if table == "audit_app_seal" else "id"
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            tried += 1
            try:
                _run(f"SET LOCAL ROLE {_ROLE}", statement)
            except DatabaseError as refusal:
                denied += "permission denied" in str(refusal)
    return {"tried": tried, "denied": denied}


def _old_log() -> None:
    """A log of some days, with ids that were never used, and its checkpoints."""
    began = timezone.now() - timedelta(days=12)
    for number in range(_SEALS):
        at = began + timedelta(hours=20 * number)
        filled(_CALLS_IN_A_SEAL, at=at.isoformat())
        _run(*(f"SELECT nextval(pg_get_serial_sequence('{each.table}', 'id'))" for each in LEDGERS))
        seal_committed(now=at + timedelta(seconds=20))
        write_checkpoint(now=at + timedelta(seconds=20))


def filled(calls: int, *, at: str = "now") -> None:
    """Record so many calls and outcomes at once, of that moment."""
    with connection.cursor() as cursor:
        for ledger, values in ((CALLS, _CALL), (OUTCOMES, _OUTCOME)):
            columns = ", ".join(ledger.columns[1:])
            cursor.execute(
                f"INSERT INTO {ledger.table} ({columns})"
                f" SELECT {values} FROM generate_series(1, %(calls)s) n",
                {"calls": calls, "at": at},
            )


_CALL: Final = """
    %(at)s::timestamptz, n % 50, replace(gen_random_uuid()::text, '-', ''), n % 50, 3,
    'https://acme.service-now.com', 'update_incident', 'incidents', 'update', 'INC0010001',
    'Claude', '2.1', '2026-07-28', 'oauth', n::text, replace(gen_random_uuid()::text, '-', ''),
    'person.' || n % 50, '62826bf03710200044e0bfc8bcbe5df1',
    '{"incident": "INC0010001", "state": "In Progress"}'::jsonb, 'c1', '44', '192.0.2.7'""".replace(
    " % ", " %% "
)
_OUTCOME: Final = """
    %(at)s::timestamptz, n, 'succeeded', '', 'incident', '9c573169c611228700193229fff72400',
    'INC0010001', 200, 84, 640, ''"""


def _verified() -> Report:
    return verify(file=Path(settings.AUDIT_CHECKPOINTS), public_keys=[public_key()])


def _restored() -> None:
    _run(
        f"TRUNCATE {', '.join(_TABLES)}",
        *(f"INSERT INTO {table} SELECT * FROM kept_{table}" for table in _TABLES),
    )


def _emptied() -> None:
    _run(f"TRUNCATE {', '.join(_TABLES)} RESTART IDENTITY")
    Path(settings.AUDIT_CHECKPOINTS).unlink()


def _run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
