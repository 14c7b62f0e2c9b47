"""Reconnect tokens: look, shorten, revoke. Nobody makes one here, and nobody reads one."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from oauth_app.models import ReconnectToken
from oauth_app.reconnect_tokens import revoke

_STANDING = {"live": _("live"), "revoked": _("revoked"), "over": _("over")}


class ReconnectTokenForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Only the end of a token can be changed, and only to an earlier one."""

    class Meta:
        """What an operator may set."""

        model = ReconnectToken
        fields = ["expires_at"]

    def clean_expires_at(self) -> datetime:
        """Refuse a later end: the person chose this one, and ServiceNow bounds it."""
        wanted: datetime = self.cleaned_data["expires_at"]
        present = ReconnectToken.objects.get(pk=self.instance.pk).expires_at
        if wanted > present:
            raise forms.ValidationError(_("A token can be made to end earlier, not later."))
        return wanted


@admin.register(ReconnectToken)
class ReconnectTokenAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Whose, how far, until when, and what it was last used for."""

    form = ReconnectTokenForm
    list_display = [
        "name",
        "user",
        "hint",
        "access",
        "standing",
        "expires_at",
        "last_used_at",
        "last_used_client",
    ]
    list_filter = ["access", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["name", "user__username", "last_four"]
    ordering = ["-created_at"]
    actions = ["revoke"]
    fields = [
        ("name", "hint"),
        ("user", "connection"),
        ("access", "expires_at"),
        ("created_at", "revoked_at"),
        ("last_used_at", "last_used_address", "last_used_client"),
    ]
    readonly_fields = [
        "name",
        "hint",
        "user",
        "connection",
        "access",
        "created_at",
        "revoked_at",
        "last_used_at",
        "last_used_address",
        "last_used_client",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Refuse, superusers too: people make tokens for themselves alone."""
        return False

    def has_delete_permission(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature
        obj: ReconnectToken | None = None,  # noqa: ARG002  # Django's signature
    ) -> bool:
        """Refuse: a revoked token's last use is still worth knowing."""
        return False

    @admin.display(description=_("token"))
    def hint(self, token: ReconnectToken) -> str:
        """Return how it begins and ends."""
        return token.hint

    @display(  # type: ignore[untyped-decorator]  # unfold has no types
        description=_("state"), label={"live": "success", "revoked": "danger", "over": "warning"}
    )
    def standing(self, token: ReconnectToken) -> tuple[str, str]:
        """Return whether it still opens anything."""
        standing = "live" if token.is_live(timezone.now()) else "over"
        standing = "revoked" if token.revoked_at else standing
        return standing, str(_STANDING[standing])

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[ReconnectToken]) -> None:
        """End these tokens at once."""
        count = 0
        for token in tokens:
            if revoke(token):
                self.log_change(request, token, str(_("Revoked")))
                count += 1
        sentence = ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", count)
        self.message_user(request, sentence % {"count": count})
