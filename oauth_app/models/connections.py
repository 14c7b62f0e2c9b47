"""A person's connection to an instance: their tokens, and whether these still serve."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oauth_app.encryption import Binding
from oauth_app.fields import EncryptedTextField
from oauth_app.models.instances import Instance
from oauth_app.models.people import User
from oauth_app.models.row_ids import fresh_row_id

# A lease or a failure that lies further ahead than this was written before a clock went back.
_LONGEST_LEASE = timedelta(seconds=30)  # twice what a lease lives, for clocks that differ
_CLOCKS_DIFFER = timedelta(seconds=30)


class State(models.TextChoices):
    """Whether a connection serves."""

    ACTIVE = "active", _("Active")
    NEEDS_SIGN_IN = "needs_sign_in", _("Needs sign-in")
    DISCONNECTED = "disconnected", _("Disconnected")


class Reason(models.TextChoices):
    """Why a connection is not active."""

    NONE = "", "-"
    REJECTED_BY_INSTANCE = "rejected_by_instance", _("ServiceNow refused to renew the sign-in")
    REFRESH_TOKEN_EXPIRED = "refresh_token_expired", _("The sign-in is over its full life")
    NO_REFRESH_TOKEN = "no_refresh_token", _("ServiceNow gave no refresh token")
    ASKED_BY_OPERATOR = "asked_by_operator", _("An operator asked for a new sign-in")
    ASKED_BY_PERSON = "asked_by_person", _("Disconnected by the person")
    ENDED_BY_OPERATOR = "ended_by_operator", _("Disconnected by an operator")


# A refresh that succeeds makes these active again; the others wait for the person.
SELF_HEALING = (Reason.REJECTED_BY_INSTANCE, Reason.REFRESH_TOKEN_EXPIRED)


class Fault(models.TextChoices):
    """Why the last try to refresh failed."""

    NONE = "", "-"
    GRANT_REFUSED = "grant_refused", _("ServiceNow refused the refresh token or our client secret")
    GRANT_ENDED = "grant_ended", _("ServiceNow says that the sign-in is over")
    CLIENT_REFUSED = "client_refused", _("ServiceNow refused our client id or secret")
    UNAVAILABLE = "unavailable", _("ServiceNow could not be asked")
    UNREADABLE = "unreadable", _("The stored tokens cannot be decrypted")


# What a person can mend by signing in, unless our client secret is what is refused.
REFUSALS = (Fault.GRANT_REFUSED, Fault.GRANT_ENDED)


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Questions about connections."""

    def active(self) -> Self:
        """Those that serve."""
        return self.filter(state=State.ACTIVE)

    def renewable(self) -> Self:
        """Those a refresh may still help: active, or refused before by ServiceNow.

        Not of people whom an operator turned off: their tokens shall run out.
        """
        return self.exclude(refresh_token="").filter(
            models.Q(state=State.ACTIVE)
            | models.Q(state=State.NEEDS_SIGN_IN, reason=Reason.REJECTED_BY_INSTANCE),
            instance__is_active=True,
            instance__is_paused=False,
            user__is_active=True,
        )

    def expiring_before(self, moment: datetime) -> Self:
        """Those whose access token ends before `moment`."""
        return self.filter(access_token_expires_at__lt=moment)

    def due_for_refresh(self, moment: datetime) -> Self:
        """Those whose next try is due at `moment`."""
        return self.filter(
            models.Q(next_refresh_at=None)
            | models.Q(next_refresh_at__lte=moment)
            | models.Q(refresh_failures__gt=0, failed_at__gt=moment + _CLOCKS_DIFFER)
        )

    def without_lease(self, moment: datetime) -> Self:
        """Those that nobody is refreshing at `moment`."""
        return self.exclude(
            lease_expires_at__gt=moment, lease_expires_at__lte=moment + _LONGEST_LEASE
        )

    def not_pausing(self, moment: datetime) -> Self:
        """Those whose last refresh worked, or failed long enough ago."""
        return self.filter(
            models.Q(refresh_failures=0)
            | models.Q(next_refresh_at=None)
            | models.Q(next_refresh_at__lte=moment)
            | models.Q(failed_at__gt=moment + _CLOCKS_DIFFER)
        )


class Connection(models.Model):
    """A person on an instance, with their ServiceNow tokens. Found by (instance, sys_id) alone."""

    id = models.BigIntegerField(primary_key=True, default=fresh_row_id, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="connections", verbose_name=_("person")
    )
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="connections", verbose_name=_("instance")
    )
    sys_id = models.CharField(_("sys_id"), max_length=32)
    user_name = models.CharField(_("user name"), max_length=100)
    name = models.CharField(_("name"), max_length=200, blank=True)

    access_token = EncryptedTextField(_("access token"))
    access_token_expires_at = models.DateTimeField(_("access token until"), null=True)
    refresh_token = EncryptedTextField(_("refresh token"))
    refresh_token_expires_at = models.DateTimeField(_("good until"), null=True)

    state = models.CharField(_("state"), max_length=20, choices=State, default=State.ACTIVE)
    reason = models.CharField(_("reason"), max_length=30, choices=Reason, blank=True)
    state_changed_at = models.DateTimeField(_("state since"), default=timezone.now)
    signed_in_at = models.DateTimeField(_("last sign-in"), default=timezone.now)
    refreshed_at = models.DateTimeField(_("last refresh"), null=True)
    next_refresh_at = models.DateTimeField(_("next try"), null=True)
    refresh_failures = models.PositiveIntegerField(_("failed refreshes in a row"), default=0)
    last_fault = models.CharField(_("last fault"), max_length=20, choices=Fault, blank=True)
    failed_at = models.DateTimeField(_("last failed"), null=True)

    version = models.PositiveBigIntegerField(default=1, editable=False)
    lease_id = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "sys_id"], name="one_connection_per_person_and_instance"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="connection_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "access_token_expires_at"], name="connection_expiry")
        ]

    def __str__(self) -> str:
        return f"{self.user_name} on {self.instance}"

    def secret_binding(self, field_name: str) -> Binding:
        """Bind tokens to this row, its person and its instance."""
        return Binding(
            instance=str(self.instance_id),
            user=str(self.user_id),
            row=str(self.pk),
            field=f"connection.{field_name}",
        )

    @property
    def is_active(self) -> bool:
        """Whether it serves."""
        return self.state == State.ACTIVE

    def pauses_after_failure(self, *, now: datetime) -> bool:
        """Whether the last refresh failed and the next one is not due yet."""
        due = self.next_refresh_at is None or self.next_refresh_at <= now
        set_back = self.failed_at is not None and self.failed_at > now + _CLOCKS_DIFFER
        return self.refresh_failures > 0 and not due and not set_back

    def access_token_lasts(self, seconds: float, *, now: datetime) -> bool:
        """Whether the access token is good for at least `seconds` from `now`."""
        ends = self.access_token_expires_at
        return ends is not None and ends >= now + timedelta(seconds=seconds)

    def refresh_token_is_over(self, *, now: datetime) -> bool:
        """Whether the full life of the last interactive sign-in is over."""
        ends = self.refresh_token_expires_at
        return ends is not None and ends <= now
