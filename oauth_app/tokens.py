"""A person's current ServiceNow access token, renewed when it has to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from asgiref.sync import sync_to_async
from django.utils import timezone

from oauth_app.exceptions import (
    DecryptionFailed,
    InstancePaused,
    RefreshUnavailable,
    SignInNeeded,
    TokensUnreadable,
)
from oauth_app.instances import allowed_address
from oauth_app.models import Connection
from oauth_app.models.connections import REFUSALS, SELF_HEALING, Fault, Reason, State
from oauth_app.refresh import read, refresh, settle_refusal

log = structlog.get_logger(__name__)

ABOUT_TO_EXPIRE_SECONDS: Final = 30
# ServiceNow hands out a live token again, even in its last second: then once more.
_MOST_REFRESHES: Final = 2


@dataclass(frozen=True)
class ConnectionTokens:
    """The access tokens of one connection; `servicenow.auth.AccessTokens` for the client.

    Both methods cost one query where nothing has to be renewed. They raise `SignInNeeded` when
    only the person can help, `RefreshUnavailable` (also `InstancePaused`) when nobody can just
    now, `TokensUnreadable` when what is stored does not decrypt, and `HostNotAllowed` when the
    instance may not be talked to.
    """

    connection_id: int

    async def current(self) -> str:
        """Return an access token that should serve; renew it when it ends within 30 seconds."""
        connection = await _usable(self.connection_id)
        with _explained(self.connection_id):
            if connection.state == State.NEEDS_SIGN_IN:
                return await _renewed(connection, refused=connection.access_token)
            if connection.access_token_lasts(ABOUT_TO_EXPIRE_SECONDS, now=timezone.now()):
                return connection.access_token
            return await _renewed(connection, refused=None)

    async def renewed(self, *, stale: str) -> str:
        """Return an access token other than `stale`, which ServiceNow has just refused."""
        connection = await _usable(self.connection_id)
        with _explained(self.connection_id):
            if _serves(connection, refused=stale):
                return connection.access_token
            return await _renewed(connection, refused=stale)


@contextmanager
def _explained(connection_id: int) -> Iterator[None]:
    """Tell an operator that stored tokens do not decrypt, and the person that signing in helps."""
    try:
        yield
    except DecryptionFailed as failure:
        log.exception("tokens_unreadable", connection=connection_id)
        raise TokensUnreadable from failure


async def _usable(connection_id: int) -> Connection:
    # A call that is under way ends too when its person is turned off.
    return _checked(await sync_to_async(read)(connection_id))


def _checked(connection: Connection | None) -> Connection:
    if connection is None:
        raise SignInNeeded(Reason.NONE)
    if connection.instance.is_paused or not connection.instance.is_active:
        raise InstancePaused
    healing = connection.is_active or connection.reason in SELF_HEALING
    if connection.state == State.DISCONNECTED or not healing:
        raise SignInNeeded(connection.reason)
    allowed_address(connection.instance.base_url)
    return connection


async def _renewed(connection: Connection, *, refused: str | None) -> str:
    fault = Fault(connection.last_fault)
    for _ in range(_MOST_REFRESHES):
        if not _may_try(connection, refused=refused):
            break
        refreshed = await refresh(connection.pk, version=connection.version)
        fault, connection = refreshed.fault, _checked(refreshed.connection)
        if fault != Fault.NONE:
            break
        if _serves(connection, refused=None):
            return connection.access_token
    if connection.is_active and _serves(connection, refused=refused):
        return connection.access_token
    refused_for_good = fault in REFUSALS or not connection.refresh_token
    if refused_for_good and await sync_to_async(settle_refusal)(connection, fault=fault):
        raise SignInNeeded(connection.reason)
    raise RefreshUnavailable(fault)


def _serves(connection: Connection, *, refused: str | None) -> bool:
    lasts = connection.access_token_lasts(0, now=timezone.now())
    return lasts and connection.access_token != refused


def _may_try(connection: Connection, *, refused: str | None) -> bool:
    now = timezone.now()
    if not connection.refresh_token:
        return False
    if connection.refresh_failures:
        return not connection.pauses_after_failure(now=now)
    due = connection.next_refresh_at is None or connection.next_refresh_at <= now
    # ServiceNow's refusal of the token it gave us is news, worth a try before the next is due.
    return due or refused is not None
