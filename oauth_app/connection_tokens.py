"""Storing what a sign-in brought, and forgetting it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from oauth_app.fields import sealed
from oauth_app.leases import next_refresh
from oauth_app.models import Connection, Instance
from oauth_app.models.connections import Fault, Reason, State
from oauth_app.people import make_person, update_person
from oauth_app.sign_in_failures import PersonTurnedOff
from servicenow.oauth import TokenSet
from servicenow.who_am_i import Identity

# A refresh that is under way finds another version, and its answer is thrown away.
_NEW_VERSION: Final[dict[str, Any]] = {
    "version": F("version") + 1,
    "lease_id": None,
    "lease_expires_at": None,
    "refresh_failures": 0,
    "last_fault": Fault.NONE,
    "failed_at": None,
}


def store_sign_in(
    instance: Instance, *, tokens: TokenSet, identity: Identity, ends: datetime
) -> Connection:
    """Store the tokens of the person `identity`, who is made when they are new here.

    Raises PersonTurnedOff when an operator turned them off; then nothing is stored.
    """
    with transaction.atomic():
        # One sign-in after another for each instance: a person who finishes a first sign-in in
        # two windows at once is made once.
        Instance.objects.select_for_update(no_key=True).get(pk=instance.pk)
        return _stored(instance, tokens=tokens, identity=identity, ends=ends)


def forget_tokens(connection: Connection, *, state: State, reason: Reason) -> None:
    """Remove the tokens here; whoever is refreshing them stores nothing any more."""
    Connection.objects.filter(pk=connection.pk).update(
        access_token="",
        access_token_expires_at=None,
        refresh_token="",
        refresh_token_expires_at=None,
        next_refresh_at=None,
        state=state,
        reason=reason,
        state_changed_at=timezone.now(),
        **_NEW_VERSION,
    )
    connection.refresh_from_db()


def _stored(
    instance: Instance, *, tokens: TokenSet, identity: Identity, ends: datetime
) -> Connection:
    connection = _connection_of(identity, instance=instance)
    if not connection.user.is_active:
        raise PersonTurnedOff(connection.user.username)
    update_person(connection.user, identity)
    now = timezone.now()
    Connection.objects.filter(pk=connection.pk).update(
        user_name=identity.user_name,
        name=identity.name,
        access_token=sealed(connection, "access_token", tokens.access_token),
        access_token_expires_at=ends,
        refresh_token=sealed(connection, "refresh_token", tokens.refresh_token or ""),
        refresh_token_expires_at=now + timedelta(seconds=instance.refresh_token_life),
        next_refresh_at=next_refresh(before=None, ends=ends, now=now),
        signed_in_at=now,
        state=State.ACTIVE,
        reason=Reason.NONE,
        state_changed_at=now,
        **_NEW_VERSION,
    )
    connection.refresh_from_db()
    return connection


def _connection_of(identity: Identity, *, instance: Instance) -> Connection:
    connection = (
        Connection.objects.select_related("user", "instance")
        .filter(instance=instance, sys_id=identity.sys_id)
        .first()
    )
    if connection is None:
        person = make_person(identity, instance=instance)
        connection = Connection.objects.create(
            instance=instance, sys_id=identity.sys_id, user=person
        )
    return connection
