"""Started sign-ins."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oauth_app.encryption import Binding
from oauth_app.fields import EncryptedTextField
from oauth_app.models.instances import Instance
from oauth_app.models.row_ids import fresh_row_id

LIFE = timedelta(minutes=10)


def _end_of_life() -> datetime:
    return timezone.now() + LIFE


class AuthorizationRequestQuerySet(models.QuerySet["AuthorizationRequest"]):
    """Questions about started sign-ins."""

    def over_before(self, moment: datetime) -> Self:
        """Those whose ten minutes ended before `moment`."""
        return self.filter(expires_at__lt=moment)


class AuthorizationRequest(models.Model):
    """One started sign-in: used once, within ten minutes, in the browser it began in."""

    id = models.BigIntegerField(primary_key=True, default=fresh_row_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, verbose_name=_("instance"))
    state_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    code_verifier = EncryptedTextField()
    next_path = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=_end_of_life, db_index=True)
    used_at = models.DateTimeField(null=True)

    objects = AuthorizationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorization request")
        verbose_name_plural = _("authorization requests")

    def __str__(self) -> str:
        return f"Sign-in at {self.instance}"

    def secret_binding(self, field_name: str) -> Binding:
        """Bind the PKCE verifier to this row; who signs in is not known yet."""
        return Binding(
            instance=str(self.instance_id),
            user="-",
            row=str(self.pk),
            field=f"authorization_request.{field_name}",
        )
