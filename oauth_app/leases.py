"""The lease on a connection: who refreshes it, and the only way new tokens are stored.

Each function here is one short statement on the database. The request to ServiceNow happens
between them, outside any transaction: a row lock held over HTTP would block every audit row that
points to the person, and SQLite has no row locks at all.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from oauth_app.encryption_canary import require_right_keys
from oauth_app.fields import sealed
from oauth_app.models import Connection
from oauth_app.models.connections import ConnectionQuerySet, Fault, Reason, State
from servicenow.oauth import TokenSet

LEASE_LIFE = timedelta(seconds=15)  # three times the 5 s a token request may take
EARLY = timedelta(minutes=10)
_SAME_EXPIRY = timedelta(seconds=5)  # `expires_in` counts whole seconds of what is left
_SPREAD: Final = 0.2  # so that what was signed in or failed together is not refreshed together
_USUAL_PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=10))
# The first pause, which doubles from one failure to the next, and the longest.
_PAUSES: Final = {
    Fault.UNAVAILABLE: (timedelta(seconds=5), timedelta(minutes=10)),
    Fault.GRANT_ENDED: (timedelta(hours=1), timedelta(days=1)),
}
# Whoever has not signed in again for so long will hardly be served by one more try.
_LEFT_AFTER: Final = timedelta(days=1)
_PAUSE_OF_WHO_LEFT: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Lease:
    """The right to refresh one connection for fifteen seconds."""

    connection: Connection
    lease_id: UUID
    version: int
    claimed_at: datetime


def claim(connection_id: int, *, version: int) -> Lease | None:
    """Take the lease where nobody holds one and the tokens are still those of `version`.

    After a failure nobody gets it until the pause is over. Raises WrongKeys before anything is
    written where this process could not read the tokens.
    """
    require_right_keys()
    now, lease_id = timezone.now(), uuid4()
    claimed = (
        Connection.objects.filter(pk=connection_id, version=version)
        .exclude(state=State.DISCONNECTED)
        .without_lease(now)
        .not_pausing(now)
        .update(lease_id=lease_id, lease_expires_at=now + LEASE_LIFE)
    )
    if not claimed:
        return None
    connection = Connection.objects.select_related("instance").get(pk=connection_id)
    return Lease(connection=connection, lease_id=lease_id, version=version, claimed_at=now)


def save_tokens(lease: Lease, tokens: TokenSet) -> bool:
    """Store new tokens and give the lease back; False where the lease was lost meanwhile.

    The expiry counts from before the request, so it is never later than the real one.
    """
    connection = lease.connection
    ends = lease.claimed_at + timedelta(seconds=tokens.expires_in)
    return bool(
        _held(lease).update(
            access_token=sealed(connection, "access_token", tokens.access_token),
            refresh_token=sealed(
                connection, "refresh_token", tokens.refresh_token or connection.refresh_token
            ),
            access_token_expires_at=ends,
            next_refresh_at=next_refresh(
                before=connection.access_token_expires_at, ends=ends, now=lease.claimed_at
            ),
            refreshed_at=timezone.now(),
            version=F("version") + 1,
            state=State.ACTIVE,
            reason=Reason.NONE,
            state_changed_at=(
                connection.state_changed_at if connection.is_active else timezone.now()
            ),
            refresh_failures=0,
            last_fault=Fault.NONE,
            lease_id=None,
            lease_expires_at=None,
        )
    )


def record_failure(lease: Lease, fault: Fault) -> bool:
    """Note a failed refresh and give the lease back. Tokens and state stay as they are."""
    now = timezone.now()
    pause = _pause(fault, connection=lease.connection, now=now)
    return bool(
        _held(lease).update(
            refresh_failures=F("refresh_failures") + 1,
            last_fault=fault,
            failed_at=now,
            next_refresh_at=now + pause,
            lease_id=None,
            lease_expires_at=None,
        )
    )


def next_refresh(*, before: datetime | None, ends: datetime, now: datetime) -> datetime:
    """Return when the next refresh is worth trying.

    ServiceNow hands out a live access token again, so a reply may bring no later expiry; trying
    again before it ends would bring the same token. Otherwise: ten minutes before the end, or
    halfway for tokens that live less than twenty minutes; a little later for some than for others.
    """
    if before is not None and ends < before + _SAME_EXPIRY:
        return ends
    return ends - min(EARLY, (ends - now) / 2) * (1 - _spread())


def _held(lease: Lease) -> ConnectionQuerySet:
    return Connection.objects.filter(
        pk=lease.connection.pk, lease_id=lease.lease_id, version=lease.version
    )


def _pause(fault: Fault, *, connection: Connection, now: datetime) -> timedelta:
    first, longest = _PAUSES.get(fault, _USUAL_PAUSES)
    if not connection.is_active and connection.state_changed_at < now - _LEFT_AFTER:
        longest = max(longest, _PAUSE_OF_WHO_LEFT)
    return min(first * (1 << min(connection.refresh_failures, 10)), longest) * (1 + _spread())


def _spread() -> float:
    return random.uniform(0, _SPREAD)  # noqa: S311  # spreads load and guards nothing
