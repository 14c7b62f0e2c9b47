"""Questions put to a person, kept in their browser session until they answer.

What a client asked for never comes back through the form, so it cannot be changed there; and an
answer counts only in the browser, and for the person, that was asked.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from oauth_app.authorization_server.requests import ClientRequest
from oauth_app.models import User

LIFE = timedelta(minutes=10)
MOST_OPEN = 5
_PLACE = "pending_consents"


def ask(session: SessionBase, *, asked: ClientRequest, user: User) -> str:
    """Keep `asked` for `user` and return the ticket that an answer must carry."""
    ticket = secrets.token_urlsafe(24)
    kept: dict[str, Any] = dict(list(session.get(_PLACE, {}).items())[-(MOST_OPEN - 1) :])
    kept[ticket] = {
        "asked": asked.as_session_data(),
        "user": user.pk,
        "until": (timezone.now() + LIFE).isoformat(),
    }
    session[_PLACE] = kept
    return ticket


def find(session: SessionBase, *, ticket: str, user: User) -> ClientRequest | None:
    """Return what `user` was asked under `ticket` in this browser; None if nothing or too late."""
    kept = session.get(_PLACE, {}).get(ticket)
    if kept is None or kept["user"] != user.pk:
        return None
    if datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    return ClientRequest.from_session_data(kept["asked"])


def answered(session: SessionBase, *, ticket: str) -> None:
    """Forget the question: a ticket serves once."""
    session[_PLACE] = {
        other: kept for other, kept in session.get(_PLACE, {}).items() if other != ticket
    }
