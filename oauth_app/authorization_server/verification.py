"""An access token presented at `/mcp`: whose it is, and how far it goes."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from oauth_app.authorization_server.clients import client_name
from oauth_app.authorization_server.grants import grant_of_family
from oauth_app.authorization_server.provider_settings import READ_SCOPE
from oauth_app.authorization_server.resources import opens
from oauth_app.hashing import stored_hash
from oauth_app.models import ClientGrant, User
from oauth_app.models.reconnect_tokens import TokenAccess

# How exact "last used" is; a row is not written for every call.
LAST_USED_STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class VerifiedToken:
    """A live access token, its person and the consent behind it."""

    token_id: int
    user: User
    application: Application
    client_name: str
    scopes: frozenset[str]
    client_grant: ClientGrant
    access: str
    toolsets: frozenset[str] | None
    asked_for_less: bool


def verify_access_token(raw: str, *, resource: str) -> VerifiedToken | None:
    """Return what a bearer token proves at `resource`, or None if it opens nothing there.

    It must be ours, live, issued for this resource (`resources.opens`), carry at least
    `mcp:read`, belong to an active person, and its consent must stand. `access` and `toolsets`
    are what the consent allows (None: every toolset); `asked_for_less` says that the client never
    asked to write, so that it may still ask the person (a step-up). Costs two queries, and
    once a minute one write.
    """
    token = _find(raw)
    if token is None or token.is_expired():
        return None
    if not any(opens(audience, resource) for audience in token.resource):
        return None
    scopes = frozenset(token.scope.split())
    family = token.refresh_token.token_family if hasattr(token, "refresh_token") else None
    grant = grant_of_family(family)
    if READ_SCOPE not in scopes or grant is None or grant.revoked_at is not None:
        return None
    if token.user is None or not token.user.is_active or grant.user_id != token.user.pk:
        return None
    _touch(grant)
    return VerifiedToken(
        token_id=token.pk,
        user=token.user,
        application=grant.application,
        client_name=client_name(grant.application),
        scopes=scopes,
        client_grant=grant,
        access=grant.access,
        toolsets=None if grant.toolsets is None else frozenset(grant.toolsets),
        asked_for_less=grant.asked_access == TokenAccess.READ,
    )


def _find(raw: str) -> AccessToken | None:
    tokens = AccessToken.objects.select_related("user", "refresh_token")
    return tokens.filter(token_checksum=stored_hash(raw)).first()


def _touch(grant: ClientGrant) -> None:
    now = timezone.now()
    if grant.last_used_at is None or grant.last_used_at < now - LAST_USED_STEP:
        ClientGrant.objects.filter(pk=grant.pk).update(last_used_at=now)
