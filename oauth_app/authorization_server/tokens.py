"""The token and revocation endpoints: oauthlib's, for our grants only, and stricter."""

import json
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from oauth2_provider.oauth2_backends import get_oauthlib_core

from oauth_app.address_limits import TOKENS, limited
from oauth_app.authorization_server.client_authentication import (
    RequestRefused,
    check_client_authentication,
)
from oauth_app.authorization_server.cross_origin import open_to_browsers
from oauth_app.authorization_server.outages import try_again_without_database

_GRANT_TYPES: Final = ("authorization_code", "refresh_token", "client_credentials")
# RFC 8707 2: one may ask for several.
_MAY_REPEAT: Final = frozenset({"resource"})
# HTTP demands a challenge with 401 (RFC 9110 15.5.2), and RFC 6749 5.2 the scheme a client used.
_CHALLENGE: Final = 'Basic realm="token endpoint", charset="UTF-8"'


@csrf_exempt
@open_to_browsers("POST")
@limited(TOKENS)
@try_again_without_database
@never_cache
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponseBase:
    """Exchange a code, a refresh token or a service principal's credentials for tokens."""
    try:
        _check_form(request)
        _check_grant_type(request.POST.get("grant_type"))
    except RequestRefused as refusal:
        return _refused(refusal)
    # Not the library's view: it reads the token once more, which may be revoked by then.
    _, headers, body, status = get_oauthlib_core().create_token_response(request)
    return _answer(body, headers=headers, status=status)


@csrf_exempt
@open_to_browsers("POST")
@limited(TOKENS)
@try_again_without_database
@never_cache
@sensitive_post_parameters()
@require_POST
def revoke(request: HttpRequest) -> HttpResponseBase:
    """Revoke a token of the calling client (RFC 7009)."""
    try:
        _check_form(request)
    except RequestRefused as refusal:
        return _refused(refusal)
    _, headers, body, status = get_oauthlib_core().create_revocation_response(request)
    return _answer(body, headers=headers, status=status)


def _check_form(request: HttpRequest) -> None:
    """Raise `RequestRefused` unless every parameter is in the body, once."""
    if request.META.get("QUERY_STRING"):
        raise RequestRefused("invalid_request", "Parameters belong in the body.")
    for name, values in request.POST.lists():
        if len(values) > 1 and name not in _MAY_REPEAT:
            raise RequestRefused("invalid_request", "A parameter is given more than once.")
    check_client_authentication(request)


def _check_grant_type(grant_type: str | None) -> None:
    if not grant_type:
        raise RequestRefused("invalid_request", "The grant_type is missing.")
    if grant_type not in _GRANT_TYPES:
        raise RequestRefused("unsupported_grant_type", f"Use one of: {', '.join(_GRANT_TYPES)}.")


def _answer(body: str | None, *, headers: dict[str, str], status: int) -> HttpResponse:
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        response[name] = value
    if status == 401:
        response["WWW-Authenticate"] = _CHALLENGE
    return response


def _refused(refusal: RequestRefused) -> HttpResponse:
    answer = {"error": refusal.code, "error_description": refusal.description}
    return _answer(json.dumps(answer), headers={}, status=refusal.status)
