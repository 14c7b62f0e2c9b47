"""The last answer to a refresh, kept for whoever did not receive it."""

from django.db import models
from django.utils import timezone

from oauth_app.models.client_grants import GrantedToken


class RefreshAnswer(models.Model):
    """What the last refresh of a family of tokens was answered, readable only with its token.

    `sealed` opens with the refresh token that was spent for it, of which only the checksum is
    here: neither this row nor the whole database is enough. One row for each family, because the
    next refresh proves that this answer arrived.
    """

    granted_token = models.OneToOneField(
        GrantedToken, on_delete=models.CASCADE, related_name="refresh_answer"
    )
    spent_checksum = models.CharField(max_length=64)
    sealed = models.BinaryField()
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Answer to the last refresh of {self.granted_token}"
