"""Calls of which nobody knows whether they took effect: found, and settled once that is known."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from audit_app.models import (
    IN_DOUBT_AFTER,
    Access,
    Outcome,
    ToolCall,
    ToolCallOutcome,
    ToolCallOutcomeQuerySet,
)
from audit_app.records import Closing
from audit_app.rows import outcome_row

_MOST: Final = 500
_LOCK: Final = 0x5EA1_0A0D_17_07
# Somebody had a day to look; what could not be settled in it stays in doubt.
_TRIED_FOR: Final = timedelta(days=1)
# The code of a creation that was settled because nothing was there.
NEVER_MADE: Final = "NEVER_MADE"
_LOOKED_AT_AGAIN_FOR: Final = timedelta(hours=3)


@dataclass(frozen=True)
class DoubtfulCall:
    """A call that was to create a record, and how to ask for that record as the same person."""

    id: int
    reference_id: str
    toolset: str
    user_name: str
    connection_id: int
    instance_url: str
    opened_at: datetime


def record_silent_calls(*, now: datetime, look_back: timedelta | None = None) -> int:
    """Give every call that ended without a word its outcome; return how many there were.

    One that only read has failed and changed nothing; one that writes is in doubt. `look_back`
    keeps the look cheap: older calls are left alone. Safe to run twice at once.
    """
    silent = ToolCall.objects.without_outcome().opened_before(now - IN_DOUBT_AFTER)
    if look_back is not None:
        silent = silent.opened_since(now - look_back)
    with _one_at_a_time() as is_mine:
        if not is_mine:
            return 0
        found = list(silent.order_by("pk").values_list("pk", "access")[:_MOST])
        ToolCallOutcome.objects.bulk_create(
            [outcome_row(pk, closing=_closing_of_silent(access)) for pk, access in found]
        )
        return len(found)


def doubtful_creations(*, now: datetime, most: int = 200) -> list[DoubtfulCall]:
    """Return calls of the last day in doubt that were to create a record, the newest first.

    Those that nobody can settle grow old, and must not stand before those that can be.
    """
    said = ToolCallOutcome.objects.filter(
        outcome=Outcome.IN_DOUBT, recorded_at__gte=now - _TRIED_FOR
    )
    return _creations(said, most=most)


def creations_never_made(*, now: datetime, most: int = 200) -> list[DoubtfulCall]:
    """Return those of the last hours that were settled because nothing was there."""
    said = ToolCallOutcome.objects.filter(
        outcome=Outcome.FAILED, code=NEVER_MADE, recorded_at__gte=now - _LOOKED_AT_AGAIN_FOR
    )
    return _creations(said, most=most)


def has_created(call: DoubtfulCall, *, reference_ids: Sequence[str]) -> bool:
    """Whether one of these marks is that of another creation by the same tools and person."""
    creations = ToolCall.objects.filter(
        access=Access.CREATE, connection_id=call.connection_id, toolset=call.toolset
    )
    return creations.filter(reference_id__in=reference_ids).exists()


def settle(call_id: int, *, closing: Closing) -> bool:
    """Record what became of a call in doubt; False where it is in doubt no more.

    Success also replaces "never made": a record that came late is there all the same.
    """
    with _one_at_a_time(waits=True):
        last = ToolCallOutcome.objects.filter(call_id=call_id).order_by("-pk").first()
        if last is None or not _may_follow(last, closing):
            return False
        outcome_row(call_id, closing=closing).save()
        return True


def _creations(said: ToolCallOutcomeQuerySet, *, most: int) -> list[DoubtfulCall]:
    calls = ToolCall.objects.filter(
        pk__in=said.last_of_each_call().values("call_id"),
        access=Access.CREATE,
        connection_id__isnull=False,
    )
    who = ("user_name", "connection_id", "instance_url")
    names = ("pk", "reference_id", "toolset", *who, "opened_at")
    return [DoubtfulCall(*row) for row in calls.order_by("-pk").values_list(*names)[:most]]


def _may_follow(last: ToolCallOutcome, closing: Closing) -> bool:
    if last.outcome == Outcome.IN_DOUBT:
        return True
    return last.code == NEVER_MADE and closing.outcome == Outcome.SUCCEEDED


def _closing_of_silent(access: str) -> Closing:
    note = "The server ended before the call did."
    if access == Access.READ:
        return Closing(outcome=Outcome.FAILED, note=note + " It only read.")
    return Closing(outcome=Outcome.IN_DOUBT, code="OUTCOME_UNKNOWN", note=note)


@contextmanager
def _one_at_a_time(*, waits: bool = False) -> Iterator[bool]:
    """A transaction in which no other sweep writes; gives False where one is at it."""
    with transaction.atomic(durable=True):
        if connection.vendor != "postgresql":
            yield True  # `transaction_mode` IMMEDIATE lets one transaction write at a time
            return
        lock = "pg_advisory_xact_lock(%s) IS NULL" if waits else "pg_try_advisory_xact_lock(%s)"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}", [_LOCK])  # a constant
            is_mine = bool(cursor.fetchone()[0])
        yield is_mine or waits
