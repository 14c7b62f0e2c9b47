"""ServiceNow instances that people may connect to."""

from typing import Any, Self
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oauth_app.encryption import Binding
from oauth_app.exceptions import HostNotAllowed
from oauth_app.fields import EncryptedTextField
from oauth_app.models.row_ids import fresh_row_id

REFRESH_TOKEN_LIFE_SECONDS = 8_640_000  # 100 days, `refresh_token_lifespan` of oauth_entity


class InstanceQuerySet(models.QuerySet["Instance"]):
    """Questions about instances."""

    def open_for_sign_in(self) -> Self:
        """Those a person may sign in at."""
        return self.filter(is_active=True)


class Instance(models.Model):
    """One ServiceNow instance and our OAuth client on it. Its host never changes once used."""

    id = models.BigIntegerField(primary_key=True, default=fresh_row_id, editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True)
    base_url = models.CharField(
        _("address"),
        max_length=200,
        unique=True,
        help_text=_("Such as https://example.service-now.com"),
    )
    client_id = models.CharField(_("OAuth client id"), max_length=200)
    client_secret = EncryptedTextField(_("OAuth client secret"))
    secret_changed_at = models.DateTimeField(_("secret changed"), default=timezone.now)
    refresh_token_life = models.PositiveIntegerField(
        _("life of a refresh token"),
        default=REFRESH_TOKEN_LIFE_SECONDS,
        help_text=_("Seconds, as set in the instance's application registry."),
    )
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("People may sign in at this instance.")
    )
    is_paused = models.BooleanField(
        _("paused"), default=False, help_text=_("No request is sent to this instance.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = InstanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("instance")
        verbose_name_plural = _("instances")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_instance",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # Django's signature
        """Store it. Raises HostNotAllowed for another host once people are connected there."""
        if not self._state.adding and self._moves():
            raise HostNotAllowed("the address of an instance is fixed once people are connected")
        super().save(*args, **options)

    def _moves(self) -> bool:
        stored = Instance.objects.filter(pk=self.pk).values_list("base_url", flat=True).first()
        # Tokens belong to the host that issued them; elsewhere they would be given away.
        return stored not in (None, self.base_url) and self.connections.exists()

    @property
    def host(self) -> str:
        """The host of its address, with the port where it is not the usual one."""
        return urlsplit(self.base_url).netloc

    @property
    def title(self) -> str:
        """What people call it: its name, else its host."""
        return self.name or self.host

    def secret_binding(self, field_name: str) -> Binding:
        """Bind the client secret to this row."""
        return Binding(
            instance=str(self.pk), user="-", row=str(self.pk), field=f"instance.{field_name}"
        )
