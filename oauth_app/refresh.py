"""One refresh at a time for each connection; the request path and Celery come through here.

In one process all waiters share one task, shielded from the cancellation of whoever came first.
Between processes the lease decides (`leases.py`). What a refused refresh means is decided in one
place, `settle_refusal`: ServiceNow answers a dead grant and a wrong client secret alike.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import structlog
from django.db import DatabaseError, InterfaceError, connections
from django.db.models import Max, Q
from django.utils import timezone

from oauth_app import leases
from oauth_app.disconnection import revoke
from oauth_app.exceptions import DecryptionFailed, HostNotAllowed
from oauth_app.instances import oauth_client
from oauth_app.models import Connection, Instance
from oauth_app.models.connections import Fault, Reason, State
from servicenow.exceptions import GrantRefused, TokenEndpointUnavailable
from servicenow.oauth import TokenSet

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")
Given = ParamSpec("Given")

LONGEST_WAIT: Final = timedelta(seconds=20)  # one lease left by a killed process, and one refresh
_POLL_SECONDS: Final = 0.1
_TRY_AGAIN_AFTER_SECONDS: Final = 0.5
# RFC 6749, 5.2: every other error of its list is about our client, and for an operator.
_FAULTS: Final = {None: Fault.GRANT_REFUSED, "invalid_grant": Fault.GRANT_ENDED}
_CHECK_THE_CLIENT: Final = "check the OAuth client id and secret"
_SUSPICIOUS_REFUSALS: Final = 3
_SUSPICIOUS_PERIOD: Final = timedelta(minutes=10)

# A refresh may outlive the request that began it, and with it that request's own thread and
# database connection; so its few statements run here, each on a connection of its own.
_database_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="refresh")


@dataclass(frozen=True)
class Refreshed:
    """What came of a refresh: `Fault.NONE` or why it failed, and the row as it is afterwards.

    The row is `read` once for all who wait; nobody changes it.
    """

    fault: Fault
    connection: Connection | None


_Refreshes = dict[tuple[int, int], "asyncio.Task[Refreshed]"]
_running: WeakKeyDictionary[asyncio.AbstractEventLoop, _Refreshes] = WeakKeyDictionary()


async def refresh(
    connection_id: int, *, version: int, patience: timedelta = LONGEST_WAIT
) -> Refreshed:
    """Replace the tokens of `version`, or wait up to `patience` for whoever is doing so.

    Its fault is `NONE` when the row holds newer tokens or is disconnected. Cancelling a caller
    does not cancel the refresh.
    """
    running = _running.setdefault(asyncio.get_running_loop(), {})
    which = (connection_id, version)
    task = running.get(which)
    if task is None:
        task = asyncio.create_task(
            _refreshed_and_read(connection_id, version=version, patience=patience)
        )
        running[which] = task
        task.add_done_callback(lambda done: _forget(running, which, done))
    return await asyncio.shield(task)


async def refresh_under(lease: leases.Lease) -> Fault:
    """Ask ServiceNow for new tokens, store them and give the lease back.

    What only an operator can mend is logged as an error.
    """
    connection = lease.connection
    try:
        tokens = await oauth_client(connection.instance).refresh(connection.refresh_token)
    except GrantRefused as refusal:
        fault = _FAULTS.get(refusal.rfc_error, Fault.CLIENT_REFUSED)
        if fault == Fault.CLIENT_REFUSED:
            host, said = connection.instance.host, refusal.rfc_error
            log.exception("client_refused", instance=host, said=said, advice=_CHECK_THE_CLIENT)
    except TokenEndpointUnavailable:
        fault = Fault.UNAVAILABLE
    except (DecryptionFailed, HostNotAllowed) as failure:
        # One row that cannot be decrypted, or a host no longer allowed, must not stop the rest.
        unreadable = isinstance(failure, DecryptionFailed)
        fault = Fault.UNREADABLE if unreadable else Fault.UNAVAILABLE
        log.exception("connection_not_refreshable", connection=connection.pk)
    else:
        await _keep(tokens, lease=lease)
        return Fault.NONE
    log.warning("refresh_failed", connection=connection.pk, fault=str(fault))
    await in_database(leases.record_failure, lease, fault)
    return fault


async def _keep(tokens: TokenSet, *, lease: leases.Lease) -> None:
    """Store new tokens; where the person disconnected meanwhile, ServiceNow takes them back."""
    try:
        is_kept = await in_database(leases.save_tokens, lease, tokens)
    except (DatabaseError, InterfaceError):
        # A server that rotates has ended the old ones: these are worth a second try.
        await asyncio.sleep(_TRY_AGAIN_AFTER_SECONDS)
        is_kept = await in_database(leases.save_tokens, lease, tokens)
    if not is_kept and await in_database(_has_ended, lease.connection.pk):
        given = [token for token in (tokens.refresh_token, tokens.access_token) if token]
        await revoke(lease.connection.instance, given)


def _has_ended(connection_id: int) -> bool:
    """Whether a connection is disconnected or gone; that of a person turned off is not."""
    present = Connection.objects.filter(pk=connection_id).exclude(state=State.DISCONNECTED)
    return not present.exists()


def settle_refusal(connection: Connection, *, fault: Fault) -> bool:
    """Decide what a refused refresh means for a person whose access token no longer serves.

    `GRANT_ENDED` was said of this person; `GRANT_REFUSED` may mean our client secret as well.
    Returns True when only signing in helps: the connection says so from now on. Returns False
    when our client id or secret is suspected, which is an operator's matter: it is logged as an
    error, and the person is not asked to sign in, because that would fail just so.
    """
    now = timezone.now()
    doubtful = fault == Fault.GRANT_REFUSED and bool(connection.refresh_token)
    if doubtful and client_is_suspected(connection.instance, now=now):
        log.error(
            "every_refresh_refused",
            instance=connection.instance.host,
            advice=_CHECK_THE_CLIENT,
        )
        return False
    connection.reason = refusal_reason(connection, now=now)
    served = Connection.objects.active().filter(pk=connection.pk, version=connection.version)
    if served.update(state=State.NEEDS_SIGN_IN, reason=connection.reason, state_changed_at=now):
        log.warning("sign_in_needed", connection=connection.pk, reason=str(connection.reason))
    return True


def refusal_reason(connection: Connection, *, now: datetime) -> Reason:
    """Return the reason a person is given when ServiceNow refuses to renew their sign-in."""
    if not connection.refresh_token:
        return Reason.NO_REFRESH_TOKEN
    if connection.refresh_token_is_over(now=now):
        return Reason.REFRESH_TOKEN_EXPIRED
    return Reason.REJECTED_BY_INSTANCE


def client_is_suspected(instance: Instance, *, now: datetime) -> bool:
    """Whether refusals at this instance look like a wrong secret rather than dead grants.

    They do when nothing has succeeded since the secret was changed, or when several people were
    refused within ten minutes and nobody succeeded since.
    """
    everybody = Connection.objects.filter(instance=instance)
    moments = everybody.aggregate(signed_in=Max("signed_in_at"), refreshed=Max("refreshed_at"))
    successes = [moment for moment in moments.values() if moment is not None]
    last_success = max(successes, default=None)
    if last_success is None or last_success < instance.secret_changed_at:
        return True
    since = max(last_success, now - _SUSPICIOUS_PERIOD)
    refused = everybody.filter(last_fault=Fault.GRANT_REFUSED, failed_at__gt=since)
    # Who left long ago is tried again and again, and says nothing about today's secret.
    news = Q(state=State.ACTIVE) | Q(state_changed_at__gt=since)
    return refused.filter(news).count() >= _SUSPICIOUS_REFUSALS


async def in_database(
    step: Callable[Given, Answer], *arguments: Given.args, **named: Given.kwargs
) -> Answer:
    """Run one short database step on a thread of its own, and close its connection."""

    def run() -> Answer:
        try:
            return step(*arguments, **named)
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_database_threads, run)


def read(connection_id: int) -> Connection | None:
    """Return the row with its instance; None where it is gone or its person was turned off."""
    theirs = Connection.objects.filter(pk=connection_id, user__is_active=True)
    return theirs.select_related("instance").first()


async def _refreshed_and_read(
    connection_id: int, *, version: int, patience: timedelta
) -> Refreshed:
    fault = await _refreshed_here_or_elsewhere(connection_id, version=version, patience=patience)
    return Refreshed(fault, await in_database(read, connection_id))


async def _refreshed_here_or_elsewhere(
    connection_id: int, *, version: int, patience: timedelta
) -> Fault:
    give_up_at = time.monotonic() + patience.total_seconds()  # whatever the clock does
    while True:
        found = await in_database(_claimed_or_settled, connection_id, version=version)
        if isinstance(found, leases.Lease):
            return await refresh_under(found)
        if found is not None:
            return found
        if time.monotonic() >= give_up_at:
            return Fault.UNAVAILABLE
        await asyncio.sleep(_POLL_SECONDS)


def _claimed_or_settled(connection_id: int, *, version: int) -> leases.Lease | Fault | None:
    """Take the lease, or return what came of the refresh elsewhere; None while it goes on."""
    lease = leases.claim(connection_id, version=version)
    if lease is not None:
        return lease
    row = Connection.objects.filter(pk=connection_id).first()
    if row is None or row.version != version or row.state == State.DISCONNECTED:
        return Fault.NONE
    return Fault(row.last_fault) if row.pauses_after_failure(now=timezone.now()) else None


def _forget(running: _Refreshes, which: tuple[int, int], done: "asyncio.Task[Refreshed]") -> None:
    running.pop(which, None)
    if not done.cancelled():
        done.exception()  # seen by whoever still waits; nobody may be left to see it
