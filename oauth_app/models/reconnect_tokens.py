"""Reconnect tokens: what a person made for a client that cannot do OAuth."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oauth_app.models.connections import Connection
from oauth_app.models.people import User

IDLE_LIFE = timedelta(days=30)


class TokenAccess(models.TextChoices):
    """What a credential may be used for."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class ReconnectTokenQuerySet(models.QuerySet["ReconnectToken"]):
    """Questions about reconnect tokens."""

    def live(self, moment: datetime) -> Self:
        """Those that open `/mcp` at `moment`: not revoked, over or idle for too long."""
        return self.filter(
            revoked_at=None, expires_at__gt=moment, idle_since__gt=moment - IDLE_LIFE
        )

    def over_before(self, moment: datetime) -> Self:
        """Those that expired or were revoked before `moment`."""
        return self.filter(models.Q(expires_at__lt=moment) | models.Q(revoked_at__lt=moment))


class ReconnectToken(models.Model):
    """A long-lived credential for `/mcp`. Only its hash is kept."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="reconnect_tokens", verbose_name=_("person")
    )
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="reconnect_tokens",
        verbose_name=_("connection"),
    )
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    last_four = models.CharField(_("ends with"), max_length=4, editable=False)
    access = models.CharField(
        _("access"), max_length=5, choices=TokenAccess, default=TokenAccess.READ
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    idle_since = models.DateTimeField(
        default=timezone.now, editable=False, help_text=_("Made or last used.")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    last_used_address = models.GenericIPAddressField(_("from"), null=True, editable=False)
    last_used_client = models.CharField(_("by"), max_length=120, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ReconnectTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconnect token")
        verbose_name_plural = _("reconnect tokens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(access__in=TokenAccess.values),
                name="reconnect_token_access_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint})"

    @property
    def hint(self) -> str:
        """What may be shown of the token: its beginning and its last four characters."""
        return f"{self.prefix}…{self.last_four}"

    def is_live(self, moment: datetime) -> bool:
        """Whether it opens `/mcp` at `moment`."""
        return (
            self.revoked_at is None
            and self.expires_at > moment
            and self.idle_since > moment - IDLE_LIFE
        )
