"""An access token presented at `/mcp`: whose it is, and how far it goes."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from oauth_app import service_clients
from oauth_app.addresses import stored_address
from oauth_app.authorization_server.clients import client_name
from oauth_app.authorization_server.grants import grant_of_family
from oauth_app.authorization_server.provider_settings import READ_SCOPE
from oauth_app.authorization_server.resources import opens
from oauth_app.hashing import stored_hash
from oauth_app.models import ClientGrant, ServiceClient, User
from oauth_app.models.reconnect_tokens import TokenAccess

# How exact "last used" is; a row is not written for every call.
LAST_USED_STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class VerifiedToken:
    """A live access token, its person and the consent behind it.

    `service_client` is the service principal that it was issued to, None for other clients.
    """

    token_id: int
    user: User
    application: Application
    client_name: str
    scopes: frozenset[str]
    client_grant: ClientGrant
    access: str
    toolsets: frozenset[str] | None
    asked_for_less: bool
    service_client: ServiceClient | None


def verify_access_token(raw: str, *, resource: str, address: str = "") -> VerifiedToken | None:
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
    grant = _grant_of(token)
    if READ_SCOPE not in scopes or grant is None or grant.revoked_at is not None:
        return None
    if token.user is None or not token.user.is_active or grant.user_id != token.user.pk:
        return None
    _touch(grant, address=address)
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
        service_client=getattr(grant, "service_client", None),
    )


def _find(raw: str) -> AccessToken | None:
    tokens = AccessToken.objects.select_related("user", "application", "refresh_token")
    return tokens.filter(token_checksum=stored_hash(raw)).first()


def _grant_of(token: AccessToken) -> ClientGrant | None:
    """The consent behind a token: a service principal's, where none was refreshed for it."""
    if hasattr(token, "refresh_token"):
        return grant_of_family(token.refresh_token.token_family)
    if token.application is None:
        return None
    service = service_clients.of_application(token.application)
    return service.client_grant if service else None


def _touch(grant: ClientGrant, *, address: str) -> None:
    now = timezone.now()
    if grant.last_used_at is None or grant.last_used_at < now - LAST_USED_STEP:
        ClientGrant.objects.filter(pk=grant.pk).update(
            last_used_at=now, last_used_address=stored_address(address)
        )
