"""Service principals: programs that work as the person who made them, with nobody in front."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from oauth_app.models.client_grants import ClientGrant
from oauth_app.models.connections import Connection


class ServiceClientQuerySet(models.QuerySet["ServiceClient"]):
    """Questions about service principals."""

    def live(self, moment: datetime) -> Self:
        """Those that get tokens at `moment`: not over, not ended, of an active person."""
        return self.filter(
            expires_at__gt=moment,
            client_grant__revoked_at=None,
            client_grant__user__is_active=True,
        )

    def ended_before(self, moment: datetime) -> Self:
        """Those that were over or ended before `moment`."""
        return self.filter(
            models.Q(expires_at__lt=moment) | models.Q(client_grant__revoked_at__lt=moment)
        )


class ServiceClient(models.Model):
    """A client with a secret of its own that one person made for themselves.

    Whose it is, how far it goes, when it was last used and whether it ended stand in its consent,
    as for every other client; this row says that nobody is asked again, and for how long.
    """

    client_grant = models.OneToOneField(
        ClientGrant,
        on_delete=models.CASCADE,
        related_name="service_client",
        verbose_name=_("client grant"),
    )
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="service_clients",
        verbose_name=_("connection"),
    )
    expires_at = models.DateTimeField(_("expires"))

    objects = ServiceClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("service principal")
        verbose_name_plural = _("service principals")

    def __str__(self) -> str:
        return str(self.client_grant)

    def is_live(self, moment: datetime) -> bool:
        """Whether it is neither over nor ended at `moment`."""
        return self.client_grant.revoked_at is None and self.expires_at > moment
