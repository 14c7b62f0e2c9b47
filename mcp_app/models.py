"""Sessions of the handshake revisions, outside the process: any worker serves any request."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oauth_app.authorization_server.clients import cleaned_name


class McpSession(models.Model):
    """What `initialize` agreed on, for one person and one client.

    Its id is no credential: it counts only together with the credential that opened it. It is
    kept as a hash all the same, because nobody needs to read it here.
    """

    id_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mcp_sessions",
        verbose_name=_("person"),
    )
    client_id = models.CharField(_("client's id"), max_length=255)
    client_info = models.JSONField(_("client"), default=dict)
    capabilities = models.JSONField(_("the client can"), default=dict)
    protocol_version = models.CharField(_("revision"), max_length=10)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("MCP session")
        verbose_name_plural = _("MCP sessions")
        indexes = [
            models.Index(fields=["user", "-last_used_at"], name="mcp_session_of_person"),
            models.Index(fields=["last_used_at"], name="mcp_session_last_used"),
        ]

    def __str__(self) -> str:
        return f"{self.client_called} for {self.user}"

    @property
    def client_called(self) -> str:
        """What the client says it is, cleaned: its word is all there is."""
        told = [self.client_info.get(part) for part in ("name", "version")]
        return cleaned_name(" ".join(str(part) for part in told if part)) or self.client_id


class ResourceSubscription(models.Model):
    """A resource about whose changes a session is told. It ends with its session."""

    session = models.ForeignKey(
        McpSession,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("session"),
    )
    uri = models.CharField(_("address"), max_length=255)
    about = models.CharField(_("resource"), max_length=255)

    class Meta:
        verbose_name = _("resource subscription")
        verbose_name_plural = _("resource subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "uri"], name="a_session_subscribes_to_an_address_once"
            )
        ]

    def __str__(self) -> str:
        return self.uri
