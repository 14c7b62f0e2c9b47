"""Removing what this app and Django keep of a person: rows, credentials and operators' notes."""

from typing import Final

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, transaction
from oauth2_provider.models import get_application_model

from oauth_app.models import User

# Who did what was done in the admin by those who are erased.
ERASED_USERNAME: Final = "erased"


def remove_person(person: User) -> None:
    """Remove a person and everything that is theirs; what operators did to it loses its names.

    What they did in the admin themselves stays, as done by `erased`; MCP clients that they set up
    for everybody stay too. Their connections are to be ended first (`disconnection`).
    """
    with transaction.atomic():
        get_application_model().objects.filter(user=person).update(user=None)
        theirs = LogEntry.objects.filter(user=person)
        if theirs.exists():
            theirs.update(user=_erased_user())
        _forget_names_in_notes(person)
        person.delete()


def _erased_user() -> User:
    user, is_new = User.objects.get_or_create(
        username=ERASED_USERNAME, defaults={"is_active": False}
    )
    if is_new:
        user.set_unusable_password()
        user.save()
    return user


def _forget_names_in_notes(person: User) -> None:
    """Empty what the admin's log says of the person and of every row that goes with them."""
    going = NestedObjects(using=DEFAULT_DB_ALIAS)
    going.collect([person])
    for model, rows in going.data.items():
        notes = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=[str(row.pk) for row in rows],
        )
        notes.update(object_repr="", change_message="")
