"""The consent page: no code is issued to an MCP client without a person's Yes on it.

Nothing is remembered: each authorization request is asked about, whatever was allowed before.
"""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oauth2_provider.http import OAuth2ResponseRedirect

from mcp_app.portal import pending_consents
from mcp_app.portal.consent_form import ConsentForm
from mcp_app.portal.toolset_choices import toolset_choices
from oauth_app.authorization_server.clients import client_name, verified_domain
from oauth_app.authorization_server.requests import (
    AuthorizationRefused,
    ClientRequest,
    allow,
    deny,
    read_request,
)
from oauth_app.http import SignedInRequest, sign_in_path, sign_in_required


@never_cache
@require_http_methods(["GET", "POST"])
@sign_in_required
def authorize(request: SignedInRequest) -> HttpResponseBase:
    """Ask the person about a client's request, or take their answer."""
    try:
        if request.method == "POST":
            return _take_answer(request)
        if not request.connection.is_active:
            return HttpResponseRedirect(sign_in_path(request))
        asked = read_request(request)
        ticket = pending_consents.ask(request.session, asked=asked, user=request.user)
        form = ConsentForm(asked=asked, initial={"ticket": ticket})
        return _page(request, asked, form=form)
    except AuthorizationRefused as refusal:
        if refusal.redirect_to:
            return _redirect(refusal.redirect_to)
        context = {"code": refusal.code}
        return render(request, "portal/consent_refused.html", context, status=400)


def _take_answer(request: SignedInRequest) -> HttpResponseBase:
    ticket = request.POST.get("ticket", "")
    asked = pending_consents.find(request.session, ticket=ticket, user=request.user)
    if asked is None:
        raise AuthorizationRefused("consent_expired")
    form = ConsentForm(request.POST, asked=asked)
    if not form.is_valid():
        return _page(request, asked, form=form)
    pending_consents.answered(request.session, ticket=ticket)
    if not form.is_allowed:
        return _redirect(deny(asked))
    return _redirect(
        allow(request, asked, user=request.user, access=form.access, toolsets=form.allowed_toolsets)
    )


def _page(request: SignedInRequest, asked: ClientRequest, *, form: ConsentForm) -> HttpResponseBase:
    application = asked.application()
    context = {
        "form": form,
        "asked": asked,
        "redirect": asked.redirect,
        "client_name": client_name(application),
        "verified_domain": verified_domain(application),
        "toolsets": toolset_choices(),
        "connection": request.connection,
        "server_is_read_only": settings.READ_ONLY,
    }

    # Without its origin here the browser would block the redirect that follows the form.
    @csp_update({"form-action": [asked.redirect.content_security_source]})
    def page(request: HttpRequest) -> HttpResponse:
        status = 400 if form.errors else 200
        return render(request, "portal/consent.html", context, status=status)

    return page(request)


def _redirect(uri: str) -> HttpResponse:
    """Send the browser to a redirect address that was validated before."""
    schemes = settings.OAUTH2_PROVIDER["ALLOWED_REDIRECT_URI_SCHEMES"]
    response: HttpResponse = OAuth2ResponseRedirect(uri, schemes)
    return response
