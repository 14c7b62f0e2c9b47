"""How recording does: whether calls can be recorded, and whether what was recorded gets sealed.

For a readiness endpoint and the operators' pages.
"""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from audit_app import triggers
from audit_app.models import ToolCall, ToolCallOutcome
from audit_app.sealing import standings
from audit_app.seals import Seal

LATE_AFTER: Final = timedelta(minutes=3)  # six times sealing did not come, or did not get so far
_TABLES: Final = ("audit_app_toolcall", "audit_app_toolcalloutcome")


def recording_fault() -> str:
    """Return a sentence on why no call can be recorded safely, else "".

    Writes nothing and waits for no lock; a full disk is only found by a row. Lets pass what the
    database raises when it is away.
    """
    missing = triggers.missing(connection)
    if missing:
        return (
            f"The database does not protect the audit log: {', '.join(missing)} missing or changed."
            " Run `manage.py protect_audit_log`, and find out who removed it."
        )
    takes_rows = _postgresql_takes_rows if connection.vendor == "postgresql" else _sqlite_takes_rows
    return "" if takes_rows() else "The database takes no audit records: it may only be read."


def sealing_fault(*, now: datetime | None = None) -> str:
    """Return a sentence where something recorded is not sealed in time, else ""; three queries."""
    head = Seal.objects.without_rows().head()
    try:
        stands = standings(head)
    except ValueError:
        return "The last seal of the audit log cannot be read: run `manage.py verify_audit`."
    calls = ToolCall.objects.filter(pk__gt=stands["calls"].frontier).order_by("pk")
    outcomes = ToolCallOutcome.objects.filter(pk__gt=stands["outcomes"].frontier).order_by("pk")
    waiting = [
        calls.values_list("opened_at", flat=True).first(),
        outcomes.values_list("recorded_at", flat=True).first(),
    ]
    late = (now or timezone.now()) - LATE_AFTER
    if all(moment is None or moment >= late for moment in waiting):
        return ""
    last = f"since {head.sealed_at:%Y-%m-%d %H:%M} UTC" if head else "yet"
    return f"The audit log was not sealed {last}, and records wait: is Celery running?"


def checkpoint_fault(*, now: datetime | None = None) -> str:
    """Return a sentence where the last seal stands in no checkpoint, else ""; one query.

    Also "" where the file cannot be seen from here: it lies where Celery's worker runs.
    """
    head = Seal.objects.without_rows().head()
    try:
        written = Path(settings.AUDIT_CHECKPOINTS).stat().st_mtime
    except OSError:
        return ""
    if head is None or head.sealed_at >= (now or timezone.now()) - LATE_AFTER:
        return ""
    # A file system keeps coarser times than the clock.
    if written >= head.sealed_at.timestamp() - 1:
        return ""
    return "The last seals of the audit log are in no checkpoint: can AUDIT_CHECKPOINTS be written?"


def _postgresql_takes_rows() -> bool:
    with connection.cursor() as cursor:
        # On a standby every transaction is read only. An INSERT would wait for retention's lock.
        cursor.execute(
            "SELECT current_setting('transaction_read_only') = 'off'"
            " AND has_table_privilege(%s, 'INSERT') AND has_table_privilege(%s, 'INSERT')",
            _TABLES,
        )
        return bool(cursor.fetchone()[0])


def _sqlite_takes_rows() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = cursor.fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute(f"INSERT INTO {_TABLES[0]} SELECT * FROM {_TABLES[0]} WHERE false")  # noqa: S608  # constants
        except OperationalError as failure:
            code = getattr(failure.__cause__, "sqlite_errorcode", None)
            return code == sqlite3.SQLITE_BUSY  # somebody else is writing, so it can be written
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
    return True
