"""Refreshing ahead of time: what ends within ten minutes, so that nobody has to wait for it.

The sweep only saves people waiting. Should it not run for a day, tokens are renewed on demand all
the same (`tokens.py`).
"""

import asyncio
import time
from datetime import timedelta
from typing import Final

from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from oauth_app.leases import EARLY, Lease, claim
from oauth_app.models import Connection
from oauth_app.models.connections import REFUSALS
from oauth_app.refresh import in_database, refresh_under, settle_refusal
from oauth_app.refresh_health import note_sweep
from servicenow.http import close_shared_client

_AT_THE_SAME_TIME: Final = 4


async def refresh_expiring(*, within: timedelta = timedelta(seconds=20)) -> int:
    """Refresh what is due, one after another in four lines, and stop after `within`.

    Returns how many were tried. Two sweeps at once are harmless: each row is claimed by one.
    Closes this event loop's HTTP client, so it is for a loop of its own.
    """
    stop_at = time.monotonic() + within.total_seconds()
    try:
        tried = sum(await asyncio.gather(*(_line(stop_at) for _ in range(_AT_THE_SAME_TIME))))
        await in_database(note_sweep)
        return tried
    finally:
        await close_shared_client()


def claim_next() -> Lease | None:
    """Take the lease of the connection that ends first among those due; None when all is done."""
    now = timezone.now()
    due = (
        Connection.objects.renewable()
        .expiring_before(now + EARLY)
        .due_for_refresh(now)
        .without_lease(now)
        # "active" comes before "needs_sign_in": those that still serve go first.
        .order_by("state", "access_token_expires_at")
    )
    with transaction.atomic():
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        connection = due.first()
        return claim(connection.pk, version=connection.version) if connection else None


async def _line(stop_at: float) -> int:
    tried = 0
    while time.monotonic() < stop_at:
        lease = await in_database(claim_next)
        if lease is None:
            break
        await _refreshed(lease)
        tried += 1
    return tried


async def _refreshed(lease: Lease) -> None:
    fault = await refresh_under(lease)
    ended = not lease.connection.access_token_lasts(0, now=timezone.now())
    if fault in REFUSALS and ended:
        await in_database(settle_refusal, lease.connection, fault=fault)
