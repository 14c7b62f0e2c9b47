"""The consent page: no code is issued to an MCP client without a person's Yes on it.

A Yes may be remembered at the person's wish; `standing_consents.py` says when it counts again.
"""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oauth2_provider.http import OAuth2ResponseRedirect

from mcp_app.portal import pending_consents
from mcp_app.portal.consent_form import ConsentForm
from mcp_app.portal.standing_consents import (
    remembered_consent,
    standing_consent,
    what_was_read,
)
from mcp_app.portal.toolset_choices import ToolsetChoice, toolset_choices
from oauth_app.authorization_server.clients import (
    client_name,
    is_registered_by_operator,
    verified_domain,
)
from oauth_app.authorization_server.codes import allow, allow_again, deny
from oauth_app.authorization_server.requests import (
    AuthorizationRefused,
    ClientRequest,
    read_request,
)
from oauth_app.http import SignedInRequest, sign_in_address, sign_in_required, signed_in


@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponseBase:
    """Ask the person about a client's request, or take their answer."""
    try:
        if request.method == "GET" and "none" in request.GET.get("prompt", "").split():
            return _answer_without_asking(request)
        return _with_the_person(request)
    except AuthorizationRefused as refusal:
        if refusal.redirect_to:
            return _redirect(refusal.redirect_to)
        context = {"code": refusal.code}
        return render(request, "portal/consent_refused.html", context, status=400)


@sign_in_required
def _with_the_person(request: SignedInRequest) -> HttpResponseBase:
    # Signed in before anything is judged: who only follows a link is never sent on from here to
    # an address that a stranger registered (RFC 9700 4.11.2).
    if request.method == "POST":
        return _take_answer(request)
    if not request.connection.is_active:
        return _sign_in(request, back=request.get_full_path())
    asked = read_request(request)
    return _answered_before(request, asked) or _ask(request, asked)


def _answer_without_asking(request: HttpRequest) -> HttpResponseBase:
    """Answer a client that wants no page to be shown (OpenID Connect Core 3.1.2.1, 3.1.2.6)."""
    asked = read_request(request)
    person = signed_in(request)
    if person is None or not person.connection.is_active:
        raise asked.refused("login_required", "The person has to sign in.")
    answer = _answered_before(person, asked)
    if answer is not None:
        return answer
    if asked.redirect.can_be_posed_as:
        raise asked.refused("interaction_required", "At this address the person is always asked.")
    raise asked.refused("consent_required", "The person has to be asked.")


def _answered_before(request: SignedInRequest, asked: ClientRequest) -> HttpResponseBase | None:
    # Any prompt but `none` asks for a page of ours.
    if set(asked.prompts) - {"none"}:
        return None
    grant = remembered_consent(asked, connection=request.connection)
    address = allow_again(request, asked, grant=grant) if grant else None
    return _redirect(address) if address else None


def _ask(request: SignedInRequest, asked: ClientRequest) -> HttpResponseBase:
    offered = toolset_choices(request.connection)
    question = pending_consents.Question(asked, _all_of_it(asked, offered))
    form = ConsentForm(
        asked=asked,
        offered=offered,
        standing=standing_consent(asked, connection=request.connection),
        ticket=pending_consents.ask(request.session, question=question, user=request.user),
    )
    return _page(request, asked, form=form)


def _take_answer(request: SignedInRequest) -> HttpResponseBase:
    ticket = request.POST.get("ticket", "")
    question = pending_consents.find(request.session, ticket=ticket, user=request.user)
    if question is None:
        raise AuthorizationRefused("consent_expired")
    asked, offered = question.asked, toolset_choices(request.connection)
    form = ConsentForm(
        request.POST,
        asked=asked,
        offered=offered,
        standing=standing_consent(asked, connection=request.connection),
    )
    if not form.is_valid():
        return _page(request, asked, form=form)
    if form.is_allowed and not request.connection.is_active:
        return _sign_in(request, back=f"{reverse('oauth2_provider:authorize')}?{asked.query}")
    if not pending_consents.take_answer(request.session, ticket=ticket, user=request.user):
        raise AuthorizationRefused("consent_expired")
    if not form.is_allowed:
        return _redirect(deny(asked))
    if question.read != _all_of_it(asked, offered):
        raise AuthorizationRefused("question_changed")
    return _redirect(_allow(request, asked, form=form))


def _all_of_it(asked: ClientRequest, offered: list[ToolsetChoice]) -> str:
    """What a person reads who looks at the whole page."""
    return what_was_read(asked, application=asked.application(), access="write", toolsets=offered)


def _allow(request: SignedInRequest, asked: ClientRequest, *, form: ConsentForm) -> str:
    read = what_was_read(
        asked, application=asked.application(), access=form.access, toolsets=form.allowed
    )
    return allow(
        request,
        asked,
        user=request.user,
        access=form.access,
        toolsets=[one.name for one in form.allowed],
        remembered_as=read if form.is_remembered else "",
    )


def _page(request: SignedInRequest, asked: ClientRequest, *, form: ConsentForm) -> HttpResponseBase:
    application = asked.application()
    context = {
        "form": form,
        "asked": asked,
        "redirect": asked.redirect,
        "client_name": client_name(application),
        "verified_domain": verified_domain(application),
        "is_registered_by_operator": is_registered_by_operator(application),
        "connection": request.connection,
        "server_is_read_only": settings.READ_ONLY,
    }

    # Without its origin here the browser would block the redirect that follows the form.
    @csp_update({"form-action": [asked.redirect.content_security_source]})
    def page(request: HttpRequest) -> HttpResponse:
        status = 400 if form.errors else 200
        return render(request, "portal/consent.html", context, status=status)

    return page(request)


def _sign_in(request: SignedInRequest, *, back: str) -> HttpResponseRedirect:
    """Send the person to sign in again where they are connected, and then back to the question."""
    instance_id = request.connection.instance_id
    return HttpResponseRedirect(sign_in_address(next_path=back, instance_id=instance_id))


def _redirect(uri: str) -> HttpResponse:
    """Send the browser to a redirect address that was validated before."""
    schemes = settings.OAUTH2_PROVIDER["ALLOWED_REDIRECT_URI_SCHEMES"]
    response: HttpResponse = OAuth2ResponseRedirect(uri, schemes)
    return response
