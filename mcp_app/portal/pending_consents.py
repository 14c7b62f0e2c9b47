"""Questions put to a person, kept here until they answer.

What a client asked for never comes back through the form, so it cannot be changed there; and an
answer counts once, only in the browser, and for the person, that was asked.
"""

import json
import secrets
from dataclasses import asdict, dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from oauth_app.authorization_server.requests import ClientRequest
from oauth_app.hashing import stored_hash
from oauth_app.models import ConsentQuestion, User
from oauth_app.models.consent_questions import ConsentQuestionQuerySet

MOST_OPEN = 5
_BROWSER = "consent_browser"
_RANDOM_BYTES = 24


@dataclass(frozen=True)
class Question:
    """What a client asks, and a hash of the page on which a person is asked."""

    asked: ClientRequest
    read: str


def ask(session: SessionBase, *, question: Question, user: User) -> str:
    """Keep `question` for `user` and return the ticket that an answer must carry."""
    ticket = secrets.token_urlsafe(_RANDOM_BYTES)
    browser = stored_hash(session.setdefault(_BROWSER, secrets.token_urlsafe(_RANDOM_BYTES)))
    here = ConsentQuestion.objects.filter(browser_hash=browser, answered_at=None)
    kept = here.order_by("-created_at", "-pk").values_list("pk", flat=True)[: MOST_OPEN - 1]
    here.exclude(pk__in=list(kept)).delete()
    ConsentQuestion.objects.create(
        ticket_hash=stored_hash(ticket),
        browser_hash=browser,
        user=user,
        asked=json.dumps(asdict(question)),
    )
    return ticket


def find(session: SessionBase, *, ticket: str, user: User) -> Question | None:
    """Return what `user` was asked under `ticket` in this browser; None if nothing or too late."""
    row = _open(session, ticket=ticket, user=user).first()
    if row is None:
        return None
    kept = json.loads(row.asked)
    return Question(ClientRequest.from_members(kept["asked"]), kept["read"])


def take_answer(session: SessionBase, *, ticket: str, user: User) -> bool:
    """Close and empty the question; False if another answer came first, also at the same time."""
    question = _open(session, ticket=ticket, user=user)
    return question.update(answered_at=timezone.now(), asked="") == 1


def _open(session: SessionBase, *, ticket: str, user: User) -> ConsentQuestionQuerySet:
    return ConsentQuestion.objects.open().filter(
        ticket_hash=stored_hash(ticket),
        browser_hash=stored_hash(session.get(_BROWSER, "")),
        user=user,
    )
