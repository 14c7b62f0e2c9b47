"""Which resources the sessions of the handshake revisions are told about; synchronous.

A subscription belongs to its session and ends with it, so it is one person's as the session is.
Any worker may make the change: whoever does asks here whom to tell.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from mcp_app.models import McpSession, ResourceSubscription
from mcp_app.sessions.records import IDLE, Session

# Far more than a client shows at once; each costs a row, and a comparison after each write.
MOST_OF_A_SESSION: Final = 100


class TooManySubscriptions(Exception):
    """A session that is subscribed to as many resources as it may."""


@dataclass(frozen=True)
class Subscribed:
    """A session that is subscribed to a resource, and the address as its client writes it."""

    session: str
    uri: str


@transaction.atomic
def subscribe(session: Session, *, uri: str, about: str) -> None:
    """Tell a session about a resource from now on; twice is once.

    `about` is the one spelling of the address that changes are looked up by. Raises
    `TooManySubscriptions`, and `McpSession.DoesNotExist` where the session has just ended.
    """
    # Locked, so that two requests at once do not both find room for the last one.
    of_session = McpSession.objects.select_for_update().get(id_hash=session.id_hash)
    subscribed = set(of_session.subscriptions.values_list("uri", flat=True))
    if uri in subscribed:
        return
    if len(subscribed) >= MOST_OF_A_SESSION:
        raise TooManySubscriptions
    of_session.subscriptions.create(uri=uri, about=about)


def unsubscribe(session: Session, *, uri: str) -> bool:
    """Tell a session no more about a resource; say whether it was told before."""
    ended, _ = ResourceSubscription.objects.filter(
        session__id_hash=session.id_hash, uri=uri
    ).delete()
    return ended > 0


def subscribed_to(user_id: int, *, about: Collection[str]) -> list[Subscribed]:
    """Return this person's open sessions that are subscribed to any of these resources."""
    found = ResourceSubscription.objects.filter(
        session__user_id=user_id,
        session__last_used_at__gt=timezone.now() - IDLE,
        about__in=about,
    ).order_by("pk")
    return [Subscribed(*row) for row in found.values_list("session__id_hash", "uri")]
