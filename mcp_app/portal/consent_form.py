"""A person's answer to a client's request."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mcp_app.portal.toolset_choices import toolset_choices
from oauth_app.authorization_server.requests import ClientRequest

ALLOW = "allow"
DENY = "deny"


class ConsentForm(forms.Form):
    """Yes or no; and with a Yes, how far."""

    ticket = forms.CharField(max_length=64, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[(ALLOW, _("Allow")), (DENY, _("Deny"))])
    read_only = forms.BooleanField(required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        asked: ClientRequest,
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.may_write = asked.asks_to_write and not settings.READ_ONLY
        choices = [(choice.name, choice.title) for choice in toolset_choices()]
        self.fields["toolsets"] = forms.MultipleChoiceField(
            choices=choices,
            required=False,
            initial=[name for name, _title in choices],
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a Yes to nothing."""
        answer = super().clean() or {}
        if answer.get("decision") == ALLOW and not answer.get("toolsets"):
            self.add_error("toolsets", _("Choose at least one, or deny."))
        return answer

    @property
    def is_allowed(self) -> bool:
        """Whether the person said yes."""
        return bool(self.cleaned_data["decision"] == ALLOW)

    @property
    def access(self) -> str:
        """`write` only where the client asked for it, the server has it and nobody narrowed it."""
        narrowed = self.cleaned_data["read_only"] or not self.may_write
        return "read" if narrowed else "write"

    @property
    def allowed_toolsets(self) -> list[str]:
        """The names of the toolsets allowed."""
        return list(self.cleaned_data["toolsets"])

    @property
    def chosen_toolsets(self) -> list[str]:
        """The toolsets whose boxes are to be ticked."""
        return list(self["toolsets"].value() or [])

    @property
    def is_read_only_chosen(self) -> bool:
        """Whether the switch is to be on."""
        return bool(self["read_only"].value()) or not self.may_write
