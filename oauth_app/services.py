"""Signing in, step by step."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from asgiref.sync import async_to_sync
from django.utils import timezone

from oauth_app.connection_tokens import store_sign_in
from oauth_app.exceptions import HostNotAllowed
from oauth_app.hashing import stored_hash
from oauth_app.instances import instance_for_sign_in, oauth_client
from oauth_app.models import AuthorizationRequest, Connection, Instance, User
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


def _client(instance: Instance) -> OAuthClient:
    try:
        return oauth_client(instance)
    except HostNotAllowed as fault:
        raise InstanceClosed(str(fault)) from fault
