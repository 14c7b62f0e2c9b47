"""Clients that an operator registered, for those that cannot register themselves."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application

if TYPE_CHECKING:
    _Manager = models.Manager["ManualClient"]
else:
    _Manager = models.Manager  # cannot be subscripted at run time


class ManualClientManager(_Manager):
    """Only the clients that an operator registered: no service principals, nobody's own."""

    def get_queryset(self) -> "models.QuerySet[ManualClient]":
        """Narrow every question to them."""
        return (
            super()
            .get_queryset()
            .filter(
                registration_source=Application.RegistrationSource.MANUAL,
                authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            )
        )


class ManualClient(Application):  # type: ignore[misc]  # the library has no types
    """A client with a name and redirect addresses that an operator entered.

    It asks each person as every client does; the operator gets its id and secret, never a token.
    """

    objects = ManualClientManager()

    # The secret in clear, in the one request that made it; never stored.
    secret_to_show: str = ""

    class Meta:
        """A proxy: the client itself is django-oauth-toolkit's."""

        proxy = True
        verbose_name = _("manual client")
        verbose_name_plural = _("manual clients")

    def clean(self) -> None:
        """Leave it to the form, which knows a stricter policy of redirects."""

    @property
    def is_confidential(self) -> bool:
        """Whether it has a secret."""
        return bool(self.client_type == Application.CLIENT_CONFIDENTIAL)
