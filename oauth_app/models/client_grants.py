"""What a consent allowed an MCP client, and the tokens that came of it."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oauth_app.models.people import User
from oauth_app.models.reconnect_tokens import TokenAccess


class ClientGrantQuerySet(models.QuerySet["ClientGrant"]):
    """Questions about consents."""

    def live(self) -> Self:
        """Those not revoked."""
        return self.filter(revoked_at=None)


class ClientGrant(models.Model):
    """One consent: this person lets this client, at this address, act for them, this far.

    There is one live consent for each of these three; a new Yes changes it, for all tokens that
    hang on it. `remembered_as` is a hash of what the person read when they chose not to be asked
    again; empty where they are to be asked.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="client_grants", verbose_name=_("person")
    )
    application = models.ForeignKey(
        "oauth2_provider.Application",
        on_delete=models.CASCADE,
        related_name="client_grants",
        verbose_name=_("client"),
    )
    redirect_host = models.CharField(_("returns to"), max_length=255)
    access = models.CharField(
        _("access"), max_length=5, choices=TokenAccess, default=TokenAccess.READ
    )
    asked_access = models.CharField(
        _("asked for"), max_length=5, choices=TokenAccess, default=TokenAccess.READ
    )
    toolsets = models.JSONField(
        _("toolsets"), null=True, blank=True, help_text=_("A list of names; empty: all.")
    )
    remembered_as = models.CharField(max_length=64, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    last_used_address = models.GenericIPAddressField(_("from"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ClientGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("client grant")
        verbose_name_plural = _("client grants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(access__in=TokenAccess.values),
                name="client_grant_access_is_known",
            ),
            models.UniqueConstraint(
                fields=["user", "application", "redirect_host"],
                condition=models.Q(revoked_at=None),
                name="one_live_consent_per_person_client_and_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} for {self.user}"

    @property
    def is_service_principal(self) -> bool:
        """Whether the client works by itself, as the person who made it."""
        return hasattr(self, "service_client")

    @property
    def is_remembered(self) -> bool:
        """Whether the client gets its codes without asking, within what was allowed."""
        return bool(self.remembered_as) and self.revoked_at is None


class GrantedToken(models.Model):
    """Ties a code, then the tokens it became and those refreshed from them, to their consent."""

    client_grant = models.ForeignKey(
        ClientGrant, on_delete=models.CASCADE, related_name="granted_tokens"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    token_family = models.UUIDField(null=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Tokens of {self.client_grant}"
