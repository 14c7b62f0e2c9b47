"""What a person fills in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from oauth_app.models import ReconnectToken
from oauth_app.models.reconnect_tokens import TokenAccess

SHORTEST_LIFE_SECONDS = 60


class ReconnectTokenForm(forms.Form):
    """Name, access and life of a new reconnect token; read only unless chosen otherwise."""

    name = forms.CharField(
        label=_("Name"),
        max_length=ReconnectToken._meta.get_field("name").max_length,  # noqa: SLF001  # documented API
    )
    access = forms.ChoiceField(
        label=_("Access"), choices=TokenAccess.choices, initial=TokenAccess.READ, required=False
    )
    expires_in = forms.IntegerField(
        label=_("Seconds until it ends"), min_value=SHORTEST_LIFE_SECONDS, required=False
    )

    def clean_name(self) -> str:
        """Refuse what cannot be shown or stored: half of a surrogate pair, control characters."""
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError(_("Use characters that can be seen."))
        return name

    def clean_access(self) -> TokenAccess:
        """Return the chosen access; nothing chosen means read only."""
        return TokenAccess(self.cleaned_data["access"] or TokenAccess.READ)

    def clean_expires_in(self) -> timedelta | None:
        """Return the life as a time span, None where the longest is meant."""
        seconds = self.cleaned_data["expires_in"]
        if seconds is None:
            return None
        if seconds > settings.RECONNECT_TOKEN_TTL:
            raise forms.ValidationError(
                _("At most %(most)s seconds."), params={"most": settings.RECONNECT_TOKEN_TTL}
            )
        return timedelta(seconds=seconds)


class RevocationForm(forms.Form):
    """Which reconnect tokens to end: exactly one of three ways to say it."""

    reconnect_token = forms.CharField(max_length=200, required=False)
    id = forms.IntegerField(required=False)
    revoke_all = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse anything but exactly one way."""
        ways = [name for name in self.fields if self.cleaned_data.get(name)]
        if len(ways) != 1:
            raise forms.ValidationError(
                _("Give exactly one of reconnect_token, id and revoke_all (true).")
            )
        return self.cleaned_data


def sentences(form: forms.Form) -> dict[str, list[str]]:
    """Return what is wrong with what was filled in, by field."""
    return {field: [str(text) for text in texts] for field, texts in form.errors.items()}
