"""Reconnect tokens: made by a person for themselves, kept as a hash, revocable at any time."""

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from oauth_app.addresses import stored_address
from oauth_app.hashing import stored_hash
from oauth_app.lent_connections import latest_end, locked_own_connection
from oauth_app.models import Connection, ReconnectToken, User
from oauth_app.models.reconnect_tokens import ReconnectTokenQuerySet, TokenAccess
from oauth_app.revocations import announce_revocation

PREFIX: Final = "snmcp_"  # secret scanners look for it
_SECRET_BYTES: Final = 32
_SHOWN_AT_THE_START: Final = len(PREFIX) + 4
_TOUCH_EVERY: Final = timedelta(minutes=1)


def make(
    *,
    user: User,
    connection: Connection,
    name: str,
    access: TokenAccess = TokenAccess.READ,
    expires_in: timedelta | None = None,
) -> tuple[ReconnectToken, str]:
    """Make a token for one's own connection; the second value is the only time it is readable.

    It ends after `expires_in`, RECONNECT_TOKEN_TTL, or with ServiceNow's refresh token, whichever
    comes first. Raises NotYours for someone else's connection, SignInNeeded for an ended one.
    """
    with transaction.atomic():
        present = locked_own_connection(connection, user=user)
        return _made(present, name=name, access=access, expires_in=expires_in)


def _made(
    connection: Connection, *, name: str, access: TokenAccess, expires_in: timedelta | None
) -> tuple[ReconnectToken, str]:
    raw = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = ReconnectToken.objects.create(
        user_id=connection.user_id,
        connection=connection,
        name=name,
        token_hash=stored_hash(raw),
        prefix=raw[:_SHOWN_AT_THE_START],
        last_four=raw[-4:],
        access=access,
        expires_at=latest_end(connection, expires_in=expires_in),
    )
    return token, raw


def personal_url(raw: str) -> str | None:
    """Return the personal URL of a token, None while an operator has not turned these on."""
    return f"{settings.MCP_RESOURCE}?token={raw}" if settings.MCP_URL_TOKENS else None


def find(raw: str) -> ReconnectToken | None:
    """Return the live token with this text, its person and connection loaded, or None."""
    if not raw.startswith(PREFIX):
        return None
    return (
        ReconnectToken.objects.live(timezone.now())
        .filter(token_hash=stored_hash(raw), user__is_active=True)
        .select_related("user", "connection__instance")
        .first()
    )


def touch(token: ReconnectToken, *, address: str | None, client: str) -> None:
    """Note that a token was used; at most one write a minute, in however many processes."""
    now = timezone.now()
    if token.last_used_at is not None and token.last_used_at > now - _TOUCH_EVERY:
        return
    not_just_now = Q(last_used_at=None) | Q(last_used_at__lte=now - _TOUCH_EVERY)
    width = ReconnectToken._meta.get_field("last_used_client").max_length  # noqa: SLF001  # documented API
    ReconnectToken.objects.filter(not_just_now, pk=token.pk).update(
        last_used_at=now,
        idle_since=now,
        last_used_address=stored_address(address),
        last_used_client=client[:width],
    )
    token.last_used_at = token.idle_since = now


def revoke(token: ReconnectToken) -> bool:
    """End one token at once; False where it was revoked already."""
    return bool(revoke_all(ReconnectToken.objects.filter(pk=token.pk)))


def revoke_all(tokens: ReconnectTokenQuerySet) -> int:
    """End all tokens of a set that are not revoked yet; returns how many."""
    revoked = tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    announce_revocation()
    return revoked
