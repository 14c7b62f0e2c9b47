"""What a person fills in to make a service principal."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mcp_app.portal.forms import NewTokenForm
from mcp_app.portal.toolset_choices import toolset_choices
from oauth_app.models import Connection


class NewServiceClientForm(NewTokenForm):
    """Name, access and life as of a reconnect token, and the toolsets."""

    def __init__(self, data: QueryDict | None = None, *, connection: Connection) -> None:
        super().__init__(data)
        choices = [(choice.name, choice.title) for choice in toolset_choices(connection)]
        self.fields["toolsets"] = forms.MultipleChoiceField(
            label=_("With which tools"),
            choices=choices,
            initial=[name for name, _title in choices],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one.")},
        )
