"""Questions put to a person on the consent page, until they answer."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.utils import timezone

from oauth_app.models.people import User

LIFE: Final = timedelta(minutes=10)


def _end_of_life() -> datetime:
    return timezone.now() + LIFE


class ConsentQuestionQuerySet(models.QuerySet["ConsentQuestion"]):
    """Questions about questions."""

    def open(self) -> Self:
        """Those that can still be answered."""
        return self.filter(answered_at=None, expires_at__gt=timezone.now())

    def over_before(self, moment: datetime) -> Self:
        """Those whose ten minutes ended before `moment`."""
        return self.filter(expires_at__lt=moment)


class ConsentQuestion(models.Model):
    """One question: for one person, answered once, within ten minutes, in the browser it is in.

    A row of its own and not part of the browser session: of two answers sent at once only one
    can set `answered_at`. `asked` is JSON, in a text because a client's state may hold any
    character, also those that PostgreSQL refuses in a JSON column.
    """

    ticket_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64, db_index=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consent_questions")
    asked = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=_end_of_life, db_index=True)
    answered_at = models.DateTimeField(null=True)

    objects = ConsentQuestionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"A client's question to {self.user}"
