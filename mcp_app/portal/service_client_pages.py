"""A person's service principals: make one after a fresh sign-in, see its secret once, end it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mcp_app.portal.made_by_oneself import chosen, sign_in_again
from mcp_app.portal.service_client_form import NewServiceClientForm
from mcp_app.portal.toolset_choices import toolset_titles
from oauth_app import service_clients
from oauth_app.authorization_server.clients import client_name
from oauth_app.authorization_server.resources import SERVICENOW_PATH, resource_at
from oauth_app.exceptions import SignInNeeded
from oauth_app.http import SignedInRequest, is_fresh, sign_in_address, sign_in_required
from oauth_app.models import ClientGrant, ServiceClient
from oauth_app.service_clients import NewServiceClient


@dataclass(frozen=True)
class ServicePrincipal:
    """One service principal as its line on the page shows it."""

    row: ServiceClient
    grant: ClientGrant
    name: str
    toolsets: list[str]


@never_cache
@require_http_methods(["GET", "POST"])
@sign_in_required
@sensitive_variables()
def services(request: SignedInRequest) -> HttpResponse:
    """List one's service principals; make a new one and show its secret, this once."""
    if request.method == "GET":
        return _page(request)
    if not is_fresh(request):
        return sign_in_again(request)
    form = NewServiceClientForm(request.POST, connection=request.connection)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    try:
        made = service_clients.make(
            user=request.user, connection=request.connection, **form.cleaned_data
        )
    except SignInNeeded:
        return sign_in_again(request)
    # No redirect: what is shown once must be stored nowhere on the way, not in a session either.
    return _page(request, made=made)


@never_cache
@require_POST
@sign_in_required
def revoke(request: SignedInRequest) -> HttpResponse:
    """End one of one's service principals, or all."""
    own = ServiceClient.objects.filter(client_grant__user=request.user)
    count = service_clients.revoke_all(chosen(request, own))
    sentence = ngettext(
        "%(count)d service principal is ended.", "%(count)d service principals are ended.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect("portal:services")


def _page(
    request: SignedInRequest,
    *,
    form: NewServiceClientForm | None = None,
    made: NewServiceClient | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form or NewServiceClientForm(connection=request.connection),
        "made": made,
        "services": _lines(request),
        "is_fresh": is_fresh(request),
        "sign_in_again": sign_in_address(next_path=request.path),
        "token_url": settings.PUBLIC_BASE_URL + reverse("oauth2_provider:token"),
        "mcp_url": resource_at(SERVICENOW_PATH),
    }
    return render(request, "portal/services.html", context, status=status)


def _lines(request: SignedInRequest) -> list[ServicePrincipal]:
    live = ServiceClient.objects.live(timezone.now()).filter(client_grant__user=request.user)
    rows = live.select_related("client_grant__application").order_by("-client_grant__created_at")
    return [
        ServicePrincipal(
            row=row,
            grant=row.client_grant,
            name=client_name(row.client_grant.application),
            toolsets=toolset_titles(row.client_grant.toolsets),
        )
        for row in rows
    ]
