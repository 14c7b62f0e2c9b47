"""My connection: how it stands, the MCP address, how to connect each client, and the way out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mcp_app.portal.client_guides import client_guides
from mcp_app.portal.connection_state import connection_state
from oauth_app.disconnection import disconnect
from oauth_app.http import SignedInRequest, sign_in_address, sign_in_required
from oauth_app.models.connections import Reason


@never_cache
@require_http_methods(["GET", "POST"])
@sign_in_required
def connection(request: SignedInRequest) -> HttpResponse:
    """Show the person's connection, or end it."""
    if request.method == "POST":
        return _disconnect(request)
    context = {
        "connection": request.connection,
        "state": connection_state(request.connection, now=timezone.now()),
        "mcp_url": settings.MCP_RESOURCE,
        "guides": client_guides(settings.MCP_RESOURCE),
        "sign_in_again": sign_in_address(
            next_path=request.path, instance_id=request.connection.instance_id
        ),
    }
    return render(request, "portal/connection.html", context)


def _disconnect(request: SignedInRequest) -> HttpResponseRedirect:
    is_revoked_there = disconnect(
        connection=request.connection,
        reason=Reason.ASKED_BY_PERSON,
        staying=request.session.session_key,
    )
    if is_revoked_there:
        told = _("You are disconnected. Your tokens are gone here and revoked at ServiceNow.")
        messages.success(request, told)
    else:
        told = _(
            "You are disconnected. Your tokens are gone here, but ServiceNow could not be told: "
            "there they end by themselves, or when you revoke them under My Connected Apps."
        )
        messages.warning(request, told)
    return redirect("portal:connection")
