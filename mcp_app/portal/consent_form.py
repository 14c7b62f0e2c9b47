"""A person's answer to a client's request."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mcp_app.portal.toolset_choices import ToolsetChoice
from oauth_app.authorization_server.requests import ClientRequest
from oauth_app.models import ClientGrant
from oauth_app.models.reconnect_tokens import TokenAccess

ALLOW = "allow"
DENY = "deny"


class ConsentForm(forms.Form):
    """Yes or no; and with a Yes, how far. It begins as the person left it the last time."""

    ticket = forms.CharField(max_length=64, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[(ALLOW, _("Allow")), (DENY, _("Deny"))])
    read_only = forms.BooleanField(required=False)
    remember = forms.BooleanField(required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        asked: ClientRequest,
        offered: Sequence[ToolsetChoice],
        standing: ClientGrant | None,
        ticket: str = "",
    ) -> None:
        super().__init__(data, initial={"ticket": ticket, **_as_before(standing)})
        self.offered = offered
        self.standing = standing
        self.may_write = asked.asks_to_write and any(choice.writes for choice in offered)
        self.may_be_remembered = not asked.redirect.can_be_posed_as
        so_far = _toolsets_so_far(standing, offered)
        self.not_so_far = [one.name for one in offered if one.name not in so_far]
        self.fields["toolsets"] = forms.MultipleChoiceField(
            choices=[(choice.name, choice.title) for choice in offered],
            required=False,
            initial=so_far,
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a Yes to nothing."""
        answer = super().clean() or {}
        is_nothing = not answer.get("toolsets") and "toolsets" not in self.errors
        if answer.get("decision") == ALLOW and is_nothing:
            self.add_error("toolsets", _("Choose at least one, or deny."))
        return answer

    @property
    def is_allowed(self) -> bool:
        """Whether the person said yes."""
        return bool(self.cleaned_data["decision"] == ALLOW)

    @property
    def access(self) -> str:
        """`write` only where the client asked for it, the person has it and did not narrow it."""
        narrowed = self.cleaned_data["read_only"] or not self.may_write
        return "read" if narrowed else "write"

    @property
    def allowed(self) -> list[ToolsetChoice]:
        """The toolsets allowed."""
        return [one for one in self.offered if one.name in self.cleaned_data["toolsets"]]

    @property
    def is_remembered(self) -> bool:
        """Whether the person wants not to be asked the same again, and may."""
        return bool(self.cleaned_data["remember"]) and self.may_be_remembered

    @property
    def is_step_up(self) -> bool:
        """Whether the client asks to write and could only read so far."""
        is_read_only = self.standing is not None and self.standing.access == TokenAccess.READ
        return self.may_write and is_read_only

    @property
    def chosen_toolsets(self) -> list[str]:
        """The toolsets whose boxes are to be ticked."""
        return list(self["toolsets"].value() or [])

    @property
    def is_read_only_chosen(self) -> bool:
        """Whether the switch is to be on."""
        return bool(self["read_only"].value()) or not self.may_write

    @property
    def is_remember_chosen(self) -> bool:
        """Whether the box is to be ticked: only if the person did so before, for as much."""
        return bool(self["remember"].value()) and (self.is_bound or not self.is_step_up)


def _as_before(standing: ClientGrant | None) -> dict[str, bool]:
    if standing is None:
        return {}
    was_narrowed = standing.access == TokenAccess.READ != standing.asked_access
    return {"read_only": was_narrowed, "remember": standing.is_remembered}


def _toolsets_so_far(standing: ClientGrant | None, offered: Sequence[ToolsetChoice]) -> list[str]:
    """The offered toolsets that the client has; all of them where it has no consent yet."""
    before = standing.toolsets if standing else None
    return [one.name for one in offered if before is None or one.name in before]
