"""What a person may make of their connection for themselves: for how long, and only while it is on.

Reconnect tokens and service principals are such things.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from oauth_app.exceptions import NotYours, SignInNeeded
from oauth_app.models import Connection, User


def locked_own_connection(connection: Connection, *, user: User) -> Connection:
    """Return `user`'s connection, active and locked; the caller holds a transaction.

    Whoever disconnects waits, then ends what is made meanwhile. Raises NotYours for someone
    else's connection, SignInNeeded for an ended one.
    """
    if connection.user_id != user.pk:
        raise NotYours("whoever is connected makes this themselves")
    present = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    if not present.is_active:
        raise SignInNeeded(present.reason)
    return present


def latest_end(connection: Connection, *, expires_in: timedelta | None) -> datetime:
    """Return when a credential for `connection` ends that is made now, to last `expires_in`.

    It outlives neither RECONNECT_TOKEN_TTL nor ServiceNow's refresh token.
    """
    now = timezone.now()
    ends = [now + timedelta(seconds=settings.RECONNECT_TOKEN_TTL)]
    if expires_in is not None:
        ends.append(now + expires_in)
    if connection.refresh_token_expires_at is not None:
        ends.append(connection.refresh_token_expires_at)
    return min(ends)
