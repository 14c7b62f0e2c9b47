"""Signing in and ending connections, step by step."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from oauth_app import reconnect_tokens, service_clients
from oauth_app.authorization_server.grants import revoke_grants
from oauth_app.connection_tokens import forget_tokens, store_sign_in
from oauth_app.exceptions import DecryptionFailed, HostNotAllowed
from oauth_app.hashing import stored_hash
from oauth_app.instances import instance_for_sign_in, oauth_client
from oauth_app.models import AuthorizationRequest, ClientGrant, Connection, Instance, User
from oauth_app.models.connections import Reason, State
from oauth_app.sessions import end_sessions
from oauth_app.sign_in_failures import (
    Denied,
    EndedByServiceNow,
    ExchangeFailed,
    InstanceClosed,
    InstanceUnreachable,
    SignInExpired,
    StateForeign,
    StateForged,
    StateReplayed,
    WhoUnproved,
)
from servicenow.exceptions import (
    GrantRefused,
    RateLimited,
    ServiceNowFailure,
    TokenEndpointUnavailable,
    Unavailable,
)
from servicenow.oauth import OAuthClient, TokenSet, new_verifier
from servicenow.who_am_i import Identity

log = structlog.get_logger(__name__)

_STATE_BYTES: Final = 32


@dataclass(frozen=True)
class Returned:
    """What ServiceNow sent the browser back with."""

    state: str
    code: str
    error: str


@dataclass(frozen=True)
class SignedIn:
    """A finished sign-in: who, on which connection, and where they wanted to go."""

    user: User
    connection: Connection
    next_path: str


def sign_in_instance(instance_id: int | None) -> Instance:
    """Return the instance to sign in at: that one, or the default one. Raises InstanceClosed."""
    try:
        instance = instance_for_sign_in(instance_id)
    except HostNotAllowed as fault:
        raise InstanceClosed(str(fault)) from fault
    if instance is None or instance.is_paused:
        raise InstanceClosed
    return instance


def begin_sign_in(*, instance: Instance, browser: str, next_path: str) -> str:
    """Start a sign-in bound to a browser's secret; returns ServiceNow's address to go to."""
    state, verifier = secrets.token_urlsafe(_STATE_BYTES), new_verifier()
    AuthorizationRequest.objects.create(
        instance=instance,
        state_hash=stored_hash(state),
        browser_hash=stored_hash(browser),
        code_verifier=verifier,
        next_path=next_path,
    )
    return async_to_sync(_authorization_url)(instance, state=state, verifier=verifier)


def complete_sign_in(*, returned: Returned, browser: str) -> SignedIn:
    """Finish a sign-in: check the state, exchange the code, prove who it is, keep the tokens.

    Raises one of `sign_in_failures`; then nothing is stored but that the request was used.
    """
    request = _used_once(state=returned.state, browser=browser)
    if returned.error == "access_denied":
        raise Denied
    if returned.error or not returned.code:
        raise EndedByServiceNow(returned.error or "no code")
    instance = request.instance
    if not instance.is_active or instance.is_paused:
        raise InstanceClosed(instance.host)
    asked_at = timezone.now()
    tokens, identity = async_to_sync(_proved)(
        instance, code=returned.code, verifier=request.code_verifier
    )
    connection = store_sign_in(
        instance,
        tokens=tokens,
        identity=identity,
        ends=asked_at + timedelta(seconds=tokens.expires_in),
    )
    return SignedIn(user=connection.user, connection=connection, next_path=request.next_path)


def disconnect(*, connection: Connection, reason: Reason, staying: str | None = None) -> bool:
    """End a connection and everything that opens something through it; revoke at ServiceNow.

    Reconnect tokens, service principals, what MCP clients were allowed and the person's browser
    sessions (but the one whose key is `staying`) end here in one commit, so for every process,
    and even where ServiceNow cannot be reached. ServiceNow keeps one live token pair for each
    person and client, so revoking both there ends all of it; its access token outlives the
    refresh token. Returns whether nothing is left there as far as we know.
    """
    stored = [_readable(connection, name) for name in ("refresh_token", "access_token")]
    with transaction.atomic():
        forget_tokens(connection, state=State.DISCONNECTED, reason=reason)
        _end_all_that_opens(connection, staying=staying)
    tokens = [token for token in stored if token]
    is_revoked = not tokens or async_to_sync(_revoked)(connection.instance, tokens)
    return is_revoked and None not in stored


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


def _used_once(*, state: str, browser: str) -> AuthorizationRequest:
    request = (
        AuthorizationRequest.objects.select_related("instance")
        .filter(state_hash=stored_hash(state))
        .first()
    )
    if not state or request is None:
        raise StateForged
    # Checked before it is used up: whoever learnt the state elsewhere cannot spoil it.
    if not hmac.compare_digest(request.browser_hash, stored_hash(browser)):
        raise StateForeign
    now = timezone.now()
    if not AuthorizationRequest.objects.filter(pk=request.pk, used_at=None).update(used_at=now):
        raise StateReplayed
    if request.expires_at <= now:
        raise SignInExpired
    return request


def _readable(connection: Connection, name: str) -> str | None:
    try:
        return str(getattr(connection, name))
    except DecryptionFailed:
        # Its key is gone. Disconnecting must work all the same.
        log.exception("token_unreadable", connection=connection.pk, token=name)
        return None


async def _authorization_url(instance: Instance, *, state: str, verifier: str) -> str:
    return _client(instance).authorization_url(state=state, code_verifier=verifier)


async def _proved(instance: Instance, *, code: str, verifier: str) -> tuple[TokenSet, Identity]:
    client = _client(instance)
    try:
        tokens = await client.exchange_code(code, code_verifier=verifier)
        return tokens, await client.who_am_i(tokens.access_token)
    except GrantRefused as fault:
        raise ExchangeFailed(str(fault)) from fault
    except (TokenEndpointUnavailable, Unavailable, RateLimited) as fault:
        raise InstanceUnreachable(str(fault)) from fault
    except ServiceNowFailure as fault:
        # Tokens are not revoked: they are the person's current ones, in use elsewhere perhaps.
        raise WhoUnproved(str(fault)) from fault


async def _revoked(instance: Instance, tokens: Sequence[str]) -> bool:
    try:
        client = oauth_client(instance)
        for token in tokens:
            await client.revoke(token)
    except (ServiceNowFailure, HostNotAllowed):
        log.warning("revocation_failed", instance=instance.host)
        return False
    return True


def _client(instance: Instance) -> OAuthClient:
    try:
        return oauth_client(instance)
    except HostNotAllowed as fault:
        raise InstanceClosed(str(fault)) from fault
