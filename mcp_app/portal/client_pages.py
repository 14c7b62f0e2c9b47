"""The clients a person has connected, and the way to end that."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mcp_app.portal.forms import ClientForm
from mcp_app.portal.toolset_choices import toolset_titles
from oauth_app.authorization_server.clients import client_name, verified_domain
from oauth_app.authorization_server.grants import (
    ask_again,
    connected_clients,
    revoke_grants,
)
from oauth_app.http import SignedInRequest, sign_in_required
from oauth_app.models import ClientGrant


@dataclass(frozen=True)
class ConnectedClient:
    """One consent as its line on the page shows it."""

    grant: ClientGrant
    name: str
    verified_domain: str | None
    toolsets: list[str]


@never_cache
@require_http_methods(["GET", "POST"])
@sign_in_required
def clients(request: SignedInRequest) -> HttpResponse:
    """List one's connected clients; disconnect one or all, or be asked about one again."""
    connected = connected_clients(request.user)
    if request.method == "POST":
        return _change(request, connected)
    lines = [
        ConnectedClient(
            grant=grant,
            name=client_name(grant.application),
            verified_domain=verified_domain(grant.application),
            toolsets=toolset_titles(grant.toolsets),
        )
        for grant in connected
    ]
    return render(request, "portal/clients.html", {"clients": lines})


def _change(request: SignedInRequest, connected: list[ClientGrant]) -> HttpResponse:
    form = ClientForm(request.POST)
    if not form.is_valid():
        raise Http404
    if form.cleaned_data["action"] != "all":
        connected = [grant for grant in connected if grant.pk == form.cleaned_data["id"]]
        if not connected:
            raise Http404
    if form.cleaned_data["action"] == "ask":
        ask_again(connected[0])
        messages.success(request, _("You are asked again the next time."))
    else:
        count = revoke_grants(connected)
        sentence = ngettext(
            "%(count)d client is disconnected.", "%(count)d clients are disconnected.", count
        )
        messages.success(request, sentence % {"count": count})
    return redirect("portal:clients")
