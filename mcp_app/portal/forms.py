"""What a person sends from their pages."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from oauth_app.forms import ReconnectTokenForm
from oauth_app.models.reconnect_tokens import TokenAccess

_DAY_SECONDS = 86_400
_LIVES_IN_DAYS = (1, 7, 30, 90)


class ChosenForm(forms.Form):
    """One of one's own things, or with `all` every one of them."""

    action = forms.ChoiceField(choices=[("one", "one"), ("all", "all")])
    id = forms.IntegerField(required=False)


class ClientForm(ChosenForm):
    """One of one's clients to disconnect or to be asked about again, or all to disconnect."""

    action = forms.ChoiceField(choices=[("one", "one"), ("all", "all"), ("ask", "ask")])


class NewTokenForm(ReconnectTokenForm):
    """The form of a new reconnect token, with lives to choose from instead of seconds."""

    access = forms.ChoiceField(
        label=_("It may"),
        choices=[
            (TokenAccess.READ, _("Read only")),
            (TokenAccess.WRITE, _("Read and write")),
        ],
        initial=TokenAccess.READ,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        longest = settings.RECONNECT_TOKEN_TTL // _DAY_SECONDS
        days = sorted({*(day for day in _LIVES_IN_DAYS if day < longest), max(longest, 1)})
        self.fields["expires_in"] = forms.TypedChoiceField(
            label=_("Ends after"),
            choices=[
                (
                    min(day * _DAY_SECONDS, settings.RECONNECT_TOKEN_TTL),
                    ngettext_lazy("%(days)d day", "%(days)d days", day) % {"days": day},
                )
                for day in days
            ],
            coerce=int,
            initial=min(30 * _DAY_SECONDS, settings.RECONNECT_TOKEN_TTL),
        )
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}
