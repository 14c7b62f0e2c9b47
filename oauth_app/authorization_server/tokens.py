"""The token and revocation endpoints: django-oauth-toolkit's, for two grants only."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauth2_provider.views import RevokeTokenView, TokenView

from oauth_app.authorization_server.cross_origin import open_to_browsers

_token = TokenView.as_view()
_revoke = RevokeTokenView.as_view()
_GRANT_TYPES = frozenset({"authorization_code", "refresh_token"})


@csrf_exempt
@open_to_browsers("POST")
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponseBase:
    """Exchange a code or a refresh token for tokens."""
    if request.META.get("QUERY_STRING"):
        return _error("invalid_request", "Parameters belong in the body.")
    if request.POST.get("grant_type") not in _GRANT_TYPES:
        return _error("unsupported_grant_type", "Use authorization_code or refresh_token.")
    response: HttpResponseBase = _token(request)
    # An error raised while tokens are stored comes without it.
    response["Content-Type"] = "application/json"
    return response


@csrf_exempt
@open_to_browsers("POST")
@never_cache
@require_POST
def revoke(request: HttpRequest) -> HttpResponseBase:
    """Revoke a token of the calling client (RFC 7009)."""
    if request.META.get("QUERY_STRING"):
        return _error("invalid_request", "Parameters belong in the body.")
    response: HttpResponseBase = _revoke(request)
    return response


def _error(code: str, description: str) -> JsonResponse:
    return JsonResponse({"error": code, "error_description": description}, status=400)
