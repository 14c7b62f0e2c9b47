"""Ending connections: here at once, for every process; then ServiceNow takes the tokens back."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from asgiref.sync import async_to_sync
from django.db import transaction

from oauth_app import reconnect_tokens, service_clients
from oauth_app.authorization_server.grants import revoke_grants
from oauth_app.connection_tokens import forget_tokens
from oauth_app.exceptions import DecryptionFailed, HostNotAllowed
from oauth_app.instances import oauth_client
from oauth_app.models import ClientGrant, Connection, Instance
from oauth_app.models.connections import Reason, State
from oauth_app.sessions import end_sessions
from servicenow.exceptions import ServiceNowFailure

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ended:
    """What ServiceNow still has to take back; `is_readable` is False where some cannot be read."""

    instance: Instance
    tokens: tuple[str, ...]
    is_readable: bool


def disconnect(*, connection: Connection, reason: Reason, staying: str | None = None) -> bool:
    """End a connection here and at ServiceNow; see `end_here` and `revoke_there`."""
    return revoke_there(end_here(connection=connection, reason=reason, staying=staying))


@transaction.atomic
def end_here(*, connection: Connection, reason: Reason, staying: str | None = None) -> Ended:
    """End a connection and everything that opens something through it, in one commit.

    Reconnect tokens, service principals, what MCP clients were allowed and the person's browser
    sessions (but the one whose key is `staying`) end, so for every process, and even where
    ServiceNow cannot be reached.
    """
    # The row as it is now: a refresh may have stored other tokens since it was read.
    present = (
        Connection.objects.select_for_update(no_key=True, of=("self",))
        .select_related("instance")
        .get(pk=connection.pk)
    )
    stored = [_readable(present, name) for name in ("refresh_token", "access_token")]
    forget_tokens(connection, state=State.DISCONNECTED, reason=reason)
    _end_all_that_opens(connection, staying=staying)
    tokens = tuple(token for token in stored if token)
    return Ended(present.instance, tokens, is_readable=None not in stored)


def revoke_there(ended: Ended) -> bool:
    """Have ServiceNow take the tokens back; return whether, as far as we know, none is left there.

    ServiceNow keeps one live token pair for each person and client, so revoking both ends all of
    it; its access token outlives the refresh token.
    """
    is_revoked = not ended.tokens or async_to_sync(revoke)(ended.instance, ended.tokens)
    return is_revoked and ended.is_readable


async def revoke(instance: Instance, tokens: Sequence[str]) -> bool:
    """Ask ServiceNow to take each token back; False where it did not take one, which is logged."""
    revoked = [await _is_revoked(instance, token) for token in tokens]
    return all(revoked)


async def _is_revoked(instance: Instance, token: str) -> bool:
    try:
        await oauth_client(instance).revoke(token)
    except (ServiceNowFailure, HostNotAllowed, DecryptionFailed):
        log.warning("revocation_failed", instance=instance.host)
        return False
    return True


def require_sign_in(*, connection: Connection, reason: Reason = Reason.ASKED_BY_OPERATOR) -> None:
    """Forget the tokens here, so that the person has to sign in again; ServiceNow keeps its own."""
    forget_tokens(connection, state=State.NEEDS_SIGN_IN, reason=reason)


def _end_all_that_opens(connection: Connection, *, staying: str | None) -> None:
    reconnect_tokens.revoke_all(connection.reconnect_tokens.all())
    service_clients.revoke_all(connection.service_clients.all())
    person = connection.user
    # What clients were allowed, and being logged in, is about the person: another connection of
    # theirs may live on it.
    if not person.connections.active().exists():
        revoke_grants(ClientGrant.objects.live().filter(user=person))
        end_sessions(person, staying=staying)


def _readable(connection: Connection, name: str) -> str | None:
    try:
        return str(getattr(connection, name))
    except DecryptionFailed:
        # Its key is gone. Disconnecting must work all the same.
        log.exception("token_unreadable", connection=connection.pk, token=name)
        return None
