"""Settling calls in doubt: what became of a record that was to be created.

ServiceNow is asked for a record with the call's correlation id, as the person who made the call
and with their own token. Finding it proves that it was made. Nothing here ever repeats a write.
"""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone

from audit_app.in_doubt import (
    NEVER_MADE,
    DoubtfulCall,
    creations_never_made,
    doubtful_creations,
    has_created,
    record_silent_calls,
    settle,
)
from audit_app.models import Outcome
from audit_app.records import Closing
from oauth_app.refresh import in_database
from oauth_app.tokens import ConnectionTokens
from servicenow.client import ServiceNowClient
from servicenow.http import close_shared_client, shared_client
from servicenow.tables import Tables
from tools_app.settling import find_created, is_nowhere, latest_marks, unless_it_fails

log = structlog.get_logger(__name__)

# Incidents, changes and change tasks are tasks, and the tools that create them mark them all.
_MARKED_TABLE: Final = "task"
_MARKED_BY: Final = frozenset({"incidents", "changes"})
# Sent within the half minute that a call has, and ended by ServiceNow's quota for requests to the
# Table API, which is a minute: a record that is not there then was never made. An operator may have
# raised that quota, so the sweep of every hour looks once more.
NEVER_MADE_AFTER: Final = timedelta(seconds=100)
_AT_THE_SAME_TIME: Final = 4


async def settle_in_doubt(
    *, look_back: timedelta | None = None, within: timedelta = timedelta(seconds=20)
) -> int:
    """Note calls that ended without a word, settle those in doubt; return how many were settled.

    Without `look_back` calls of any age are noted, and what was never made is looked for again.

    Safe to run twice at once. Closes this event loop's HTTP client, so it is for a loop of its own.
    """
    stop_at, now = time.monotonic() + within.total_seconds(), timezone.now()
    await in_database(record_silent_calls, now=now, look_back=look_back)
    waiting = await in_database(doubtful_creations, now=now)
    if look_back is None:
        waiting += await in_database(creations_never_made, now=now)
    lines = (_line(waiting, stop_at=stop_at, now=now) for _ in range(_AT_THE_SAME_TIME))
    try:
        return sum(await asyncio.gather(*lines))
    finally:
        await close_shared_client()


async def _line(waiting: list[DoubtfulCall], *, stop_at: float, now: datetime) -> int:
    settled = 0
    while waiting and time.monotonic() < stop_at:
        call = waiting.pop(0)
        closing = await unless_it_fails(_what_became_of(call, now=now))
        if closing is not None and await in_database(settle, call.id, closing=closing):
            log.info("call_in_doubt_settled", reference_id=call.reference_id)
            settled += 1
    return settled


async def _what_became_of(call: DoubtfulCall, *, now: datetime) -> Closing | None:
    client = ServiceNowClient(
        call.instance_url,
        http=shared_client(),
        tokens=ConnectionTokens(call.connection_id),
        deadline_seconds=settings.SERVICENOW_TIMEOUT_SECONDS,
    )
    fields = ("number", "sys_class_name")
    found = await find_created(
        client.tables, _MARKED_TABLE, correlation_id=call.reference_id, fields=fields
    )
    if found is not None:
        return Closing(
            outcome=Outcome.SUCCEEDED,
            record_table=found.value("sys_class_name") or _MARKED_TABLE,
            record_sys_id=found.sys_id,
            record_number=found.value("number"),
            note="Found by its correlation id.",
        )
    if call.toolset in _MARKED_BY and now - call.opened_at > NEVER_MADE_AFTER:
        return await _never_made(client.tables, call)
    return None


async def _never_made(tables: Tables, call: DoubtfulCall) -> Closing | None:
    """The proof that nothing was made: no mark of this call, where those of others can be seen."""
    if not await is_nowhere(tables, _MARKED_TABLE, correlation_id=call.reference_id):
        return None
    marks = await latest_marks(tables, _MARKED_TABLE, user_name=call.user_name)
    if not await in_database(has_created, call, reference_ids=marks):
        return None
    return Closing(
        outcome=Outcome.FAILED,
        code=NEVER_MADE,
        note="Never made: nothing carries its correlation id.",
    )
