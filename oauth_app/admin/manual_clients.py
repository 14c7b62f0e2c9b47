"""Clients that an operator registers by hand: an id, and a secret that is shown once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from oauth_app.authorization_server import manual_clients
from oauth_app.authorization_server.client_metadata import MOST_REDIRECTS
from oauth_app.authorization_server.clients import MOST_CHARACTERS, cleaned_name
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE
from oauth_app.authorization_server.redirects import RedirectNotAllowed, read_redirect
from oauth_app.authorization_server.resources import MCP_PATH, SERVICENOW_PATH, resource_at
from oauth_app.models.manual_clients import ManualClient


class ManualClientForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Name, kind and redirect addresses of a client."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MOST_CHARACTERS,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("People read it when they are asked to let the client in."),
    )
    redirect_uris = forms.CharField(
        label=_("Redirect addresses"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_(
            "One on each line, compared letter by letter. ServiceNow's own client has "
            "https://YOUR-INSTANCE.service-now.com/oauth_redirect.do"
        ),
    )

    class Meta:
        """What an operator may set."""

        model = ManualClient
        fields = ["name", "client_type", "redirect_uris"]
        help_texts = {
            "client_type": _("Confidential clients keep a secret; programs on desks cannot.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        super().__init__(*args, **kwargs)
        self.initial["redirect_uris"] = "\n".join(self.instance.redirect_uris.split())

    def clean_name(self) -> str:
        """Refuse a name of which nothing can be seen."""
        name = cleaned_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Use characters that can be seen."))
        return name

    def clean_redirect_uris(self) -> str:
        """Refuse addresses to which no answer may go, and say why."""
        uris = list(dict.fromkeys(self.cleaned_data["redirect_uris"].split()))
        if len(uris) > MOST_REDIRECTS:
            raise forms.ValidationError(_("At most %(most)s."), params={"most": MOST_REDIRECTS})
        faults = []
        for uri in uris:
            try:
                read_redirect(uri)
            except RedirectNotAllowed as refusal:
                faults.append(f"{uri}: {refusal}")
        if faults:
            raise forms.ValidationError(faults)
        return " ".join(uris)


@admin.register(ManualClient)
class ManualClientAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Register a client, give it another secret, remove it. Its tokens are on no page."""

    form = ManualClientForm
    list_display = ["name", "client_id", "client_type", "people", "created"]
    list_filter = ["client_type"]
    search_fields = ["name", "client_id", "redirect_uris"]
    ordering = ["name"]
    actions = ["replace_secret"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManualClient]:
        """Count the people in the same query."""
        live = Q(client_grants__revoked_at=None)
        people = Count("client_grants__user", filter=live, distinct=True)
        clients: QuerySet[ManualClient] = super().get_queryset(request).annotate(people=people)
        return clients

    def get_fields(self, request: HttpRequest, obj: ManualClient | None = None) -> list[str]:  # noqa: ARG002  # Django's signature
        """Return the fields; a client that exists has an id, a new one gets it."""
        entered = ["name", "client_type", "redirect_uris"]
        return entered if obj is None else [*entered, "client_id", "people", "created"]

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature
        obj: ManualClient | None = None,
    ) -> list[str]:
        """Return what is fixed once there is a client."""
        return [] if obj is None else ["client_type", "client_id", "people", "created"]

    @admin.display(description=_("people"), ordering="people")
    def people(self, client: ManualClient) -> int:
        """How many people let it in and have not ended that."""
        return int(client.people)

    def save_model(
        self,
        request: HttpRequest,
        obj: ManualClient,
        form: ManualClientForm,
        change: bool,  # noqa: FBT001  # Django's signature
    ) -> None:
        """Store it; a new one gets its id and secret here."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            manual_clients.register(obj)

    def response_add(
        self, request: HttpRequest, obj: ManualClient, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show what the client needs, the secret among it, this once."""
        if request.POST.get("_popup"):
            closing: HttpResponse = super().response_add(request, obj, post_url_continue)
            return closing
        return self._shown(request, obj)

    @admin.action(description=_("Replace the secret"), permissions=["change"])
    def replace_secret(
        self, request: HttpRequest, clients: QuerySet[ManualClient]
    ) -> HttpResponse | None:
        """Give one confidential client another secret and show it, this once."""
        chosen = list(clients[:2])
        if len(chosen) != 1 or not chosen[0].is_confidential:
            self.message_user(request, _("Choose one confidential client."), messages.ERROR)
            return None
        manual_clients.replace_secret(chosen[0])
        self.log_change(request, chosen[0], str(_("Replaced the secret")))
        return self._shown(request, chosen[0])

    def get_deleted_objects(
        self,
        objs: Iterable[ManualClient],
        request: HttpRequest,  # noqa: ARG002  # Django's signature
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name the clients; what people allowed them ends first, and needs no right of its own."""
        clients = list(objs)
        counts = {str(self.opts.verbose_name_plural): len(clients)}
        return [str(client) for client in clients], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: ManualClient) -> None:  # noqa: ARG002  # Django's signature
        """Remove it with all that people allowed it."""
        manual_clients.remove(obj)

    def delete_queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature
        queryset: QuerySet[ManualClient],
    ) -> None:
        """Remove them with all that people allowed them."""
        for client in queryset:
            manual_clients.remove(client)

    def _shown(self, request: HttpRequest, client: ManualClient) -> HttpResponse:
        """The page with the secret. No redirect: on the way it would have to be stored."""
        base = settings.PUBLIC_BASE_URL
        rows = [
            (_("Client ID"), client.client_id),
            (_("Client secret"), client.secret_to_show),
            (_("Authorization URL"), base + reverse("oauth2_provider:authorize")),
            (_("Token URL"), base + reverse("oauth2_provider:token")),
            (_("Token revocation URL"), base + reverse("oauth2_provider:revoke-token")),
            (_("Scopes"), f"{READ_SCOPE},{WRITE_SCOPE}"),
            (_("MCP address"), resource_at(MCP_PATH)),
            (_("MCP address for ServiceNow's own client"), resource_at(SERVICENOW_PATH)),
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": client.name,
            "opts": self.opts,
            "client": client,
            "rows": [row for row in rows if row[1]],
        }
        return TemplateResponse(request, "admin/oauth_app/manualclient/made.html", context)
