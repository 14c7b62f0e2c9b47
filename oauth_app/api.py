"""`/oauth/reconnect-token`: make one for oneself, revoke one or all of one's own.

Only a browser session opens it, with its CSRF token; an access token never does, or a client
could prolong itself. Answers are JSON and are stored nowhere on the way.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from oauth_app import reconnect_tokens
from oauth_app.exceptions import SignInNeeded
from oauth_app.forms import ReconnectTokenForm, RevocationForm, sentences
from oauth_app.hashing import stored_hash
from oauth_app.http import SignedInRequest, is_fresh, sign_in_address, signed_in
from oauth_app.models import ReconnectToken


class _Refused(Exception):
    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(code)
        self.status = status
        self.document = {"code": code, "message": message, **more}


class _CsrfInJson(CsrfViewMiddleware):
    """Django's check, with an answer that scripts can read."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002  # Django's signature
        message = "The CSRF token is missing or wrong; send it as X-CSRFToken."
        return JsonResponse({"code": "NOT_ALLOWED", "message": message}, status=403)


@csrf_exempt  # from the middleware's own check, whose answer is a page; the next line checks
@decorator_from_middleware(_CsrfInJson)
@require_http_methods(["POST", "DELETE"])
@never_cache
def reconnect_token(request: HttpRequest) -> HttpResponse:
    """Make or revoke reconnect tokens of the person whose session this is."""
    try:
        person = _person(request)
        asked = _body(request)
        _refuse_someone_else(person, asked)
        return _make(person, asked) if request.method == "POST" else _revoke(person, asked)
    except _Refused as refused:
        return JsonResponse(refused.document, status=refused.status)


def _make(person: SignedInRequest, asked: Mapping[str, Any]) -> JsonResponse:
    if not is_fresh(person):
        raise _sign_in(403, "AUTH_EXPIRED", "Sign in again first: this needs a fresh sign-in.")
    form = ReconnectTokenForm(asked)
    if not form.is_valid():
        raise _invalid(sentences(form))
    try:
        token, raw = reconnect_tokens.make(
            user=person.user, connection=person.connection, **form.cleaned_data
        )
    except SignInNeeded as needed:
        message = "Your connection has ended; sign in again first."
        raise _sign_in(403, "AUTH_EXPIRED", message) from needed
    document = {**_shown(token), "reconnect_token": raw, "mcp_url": settings.MCP_RESOURCE}
    if address := reconnect_tokens.personal_url(raw):
        document["personal_url"] = address
    return JsonResponse(document, status=201)


def _revoke(person: SignedInRequest, asked: Mapping[str, Any]) -> JsonResponse:
    form = RevocationForm(asked)
    if not form.is_valid():
        raise _invalid(sentences(form))
    chosen = form.cleaned_data
    tokens = ReconnectToken.objects.filter(user=person.user)
    if not chosen["revoke_all"]:
        if chosen["id"]:
            tokens = tokens.filter(pk=chosen["id"])
        else:
            tokens = tokens.filter(token_hash=stored_hash(chosen["reconnect_token"]))
        if not tokens.exists():
            raise _Refused(404, "NOT_FOUND", "You have no such reconnect token.")
    return JsonResponse({"revoked": reconnect_tokens.revoke_all(tokens)})


def _person(request: HttpRequest) -> SignedInRequest:
    person = signed_in(request)
    if person is None:
        raise _sign_in(401, "AUTH_REQUIRED", "Sign in with your browser first.")
    return person


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        asked = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as fault:
        raise _invalid({"body": ["This is not JSON."]}) from fault
    if not isinstance(asked, dict):
        raise _invalid({"body": ["Send one JSON object."]})
    return asked


def _refuse_someone_else(person: SignedInRequest, asked: Mapping[str, Any]) -> None:
    if asked.get("user_sys_id", person.connection.sys_id) != person.connection.sys_id:
        raise _Refused(403, "NOT_YOURS", "Reconnect tokens are made and revoked for oneself only.")


def _shown(token: ReconnectToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "access": token.access,
        "hint": token.hint,
        "expires_at": token.expires_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }


def _sign_in(status: int, code: str, message: str) -> _Refused:
    address = settings.PUBLIC_BASE_URL + sign_in_address(next_path="/connection/tokens")
    return _Refused(status, code, message, sign_in_url=address)


def _invalid(arguments: Mapping[str, list[str]]) -> _Refused:
    return _Refused(400, "VALIDATION_ERROR", "The request was not understood.", arguments=arguments)
