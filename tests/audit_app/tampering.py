"""A sealed log, and hands that reach the database itself: triggers off, any statement."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit_app import triggers
from audit_app.checkpoints import write_checkpoint
from audit_app.findings import Report
from audit_app.models import ToolCall, ToolCallOutcome
from audit_app.rows import intent_row, outcome_row
from audit_app.sealing import seal_committed
from audit_app.signing import public_key
from audit_app.verification import verify
from tests.audit_app.calls import a_closing, an_opening


def record(count: int, *, at: datetime | None = None) -> None:
    """Record so many calls with their outcomes, at once; at a time, if it is not now."""
    at = at or timezone.now()
    calls = [intent_row(an_opening()) for _ in range(count)]
    for call in calls:
        call.opened_at = at
    ToolCall.objects.bulk_create(calls)
    outcomes = [outcome_row(call.pk, closing=a_closing()) for call in calls]
    for outcome in outcomes:
        outcome.recorded_at = at
    ToolCallOutcome.objects.bulk_create(outcomes)


def sealed_log(*, seals: int = 3, calls: int = 4, since: datetime | None = None) -> None:
    """Some seals a minute apart, of some calls each, the last one with a checkpoint."""
    began = since or timezone.now() - timedelta(minutes=seals)
    for number in range(seals):
        at = began + timedelta(minutes=number)
        record(calls, at=at)
        seal_committed(now=at + timedelta(seconds=1))
        write_checkpoint(now=at + timedelta(seconds=1))


def verified(*, public_keys: Sequence[str] = ()) -> Report:
    """What verification says."""
    return verify(file=Path(settings.AUDIT_CHECKPOINTS), public_keys=public_keys or [public_key()])


@contextmanager
def unguarded() -> Iterator[None]:
    """Let a superuser do what triggers forbid; all triggers are back afterwards."""
    triggers.remove(connection, tables=triggers.guarded_tables())
    yield
    triggers.install(connection, tables=triggers.guarded_tables())


def tampered(*statements: str) -> None:
    """Run statements as somebody who may do everything."""
    with unguarded(), transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
