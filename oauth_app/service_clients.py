"""Service principals: made by a person for themselves, ended at any time by them or an operator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import Application

from oauth_app.authorization_server.client_secrets import new_client_secret
from oauth_app.authorization_server.grants import revoke_grants
from oauth_app.lent_connections import latest_end, locked_own_connection
from oauth_app.models import ClientGrant, Connection, ServiceClient, User
from oauth_app.models.reconnect_tokens import TokenAccess
from oauth_app.models.service_clients import ServiceClientQuerySet


@dataclass(frozen=True)
class NewServiceClient:
    """A service principal that was just made. The secret is readable here and never again."""

    service_client: ServiceClient
    client_id: str
    secret: str = field(repr=False)


def make(
    *,
    user: User,
    connection: Connection,
    name: str,
    access: TokenAccess = TokenAccess.READ,
    toolsets: Sequence[str] | None = None,
    expires_in: timedelta | None = None,
) -> NewServiceClient:
    """Make a service principal that works as `user`, through their own connection.

    It ends after `expires_in`, RECONNECT_TOKEN_TTL, or with ServiceNow's refresh token, whichever
    comes first. Raises NotYours for someone else's connection, SignInNeeded for an ended one.
    """
    with transaction.atomic():
        present = locked_own_connection(connection, user=user)
        secret = new_client_secret()
        grant = ClientGrant.objects.create(
            user=user,
            application=_application(user, name=name, secret=secret),
            redirect_host="",
            access=access,
            asked_access=TokenAccess.WRITE,  # nobody is asked for more later
            toolsets=None if toolsets is None else sorted(toolsets),
        )
        made = ServiceClient.objects.create(
            client_grant=grant,
            connection=present,
            expires_at=latest_end(present, expires_in=expires_in),
        )
    return NewServiceClient(made, grant.application.client_id, secret)


def of_application(application: Application) -> ServiceClient | None:
    """Return the live service principal that `application` is, or None."""
    return (
        ServiceClient.objects.live(timezone.now())
        .filter(client_grant__application=application)
        .select_related("client_grant__user", "client_grant__application", "connection__instance")
        .first()
    )


def is_of_service(application: Application) -> bool:
    """Whether `application` was made for a service principal, live or not."""
    return bool(application.allows_grant_type(Application.GRANT_CLIENT_CREDENTIALS))


def revoke_all(service_clients: ServiceClientQuerySet) -> int:
    """End all of a set that are not ended yet, their tokens with them; returns how many."""
    present = service_clients.filter(client_grant__revoked_at=None)
    return revoke_grants(each.client_grant for each in present.select_related("client_grant"))


def remove_ended(*, before: datetime) -> int:
    """Remove those that were over or ended `before` then, client and all; returns how many."""
    ended = ServiceClient.objects.ended_before(before)
    clients = list(ended.values_list("client_grant__application", flat=True))
    _, removed = Application.objects.filter(pk__in=clients).delete()
    return int(removed.get(ServiceClient._meta.label, 0))  # noqa: SLF001  # documented API


def _application(user: User, *, name: str, secret: str) -> Application:
    return Application.objects.create(
        name=name,
        user=user,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        registration_source=Application.RegistrationSource.MANUAL,
    )
