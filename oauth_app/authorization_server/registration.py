"""Dynamic client registration (RFC 7591, 7592): django-oauth-toolkit's, with a policy."""

import json
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from oauth2_provider.models import Application
from oauth2_provider.views import (
    DynamicClientRegistrationManagementView,
    DynamicClientRegistrationView,
)

from oauth_app.address_limits import TOKENS, AddressLimit, limited
from oauth_app.authorization_server.client_metadata import (
    MOST_BYTES,
    ClientMetadata,
    RegistrationRefused,
    read_client_metadata,
)
from oauth_app.authorization_server.cross_origin import open_to_browsers
from oauth_app.authorization_server.outages import try_again_without_database

# Whole offices stand behind one address, and hosted clients register for all their users.
REGISTRATIONS = AddressLimit("registrations", most=60)

_View = Callable[..., HttpResponse]
_register: _View = DynamicClientRegistrationView.as_view()
_manage: _View = DynamicClientRegistrationManagementView.as_view()


class _Reading(HttpRequest):
    """A request to read what is registered, with the token of another request alone."""

    def __init__(self, original: HttpRequest) -> None:
        super().__init__()
        self.method = "GET"
        self.META = original.META
        self.user = AnonymousUser()


class _CleanedRequest(_Reading):
    """A registration with checked metadata, and without the cookies of whoever sent it."""

    def __init__(self, original: HttpRequest, metadata: ClientMetadata) -> None:
        super().__init__(original)
        self.method = original.method
        self._metadata = metadata

    @property
    def body(self) -> bytes:
        """The metadata as JSON."""
        return self._metadata.model_dump_json().encode()


@csrf_exempt
@open_to_browsers("POST")
@limited(REGISTRATIONS)
@try_again_without_database
@never_cache
@require_http_methods(["POST"])
def register(request: HttpRequest) -> HttpResponseBase:
    """Register a client: 201 with its id, or an error of RFC 7591."""
    return _with_metadata(request, _register)


@csrf_exempt
@open_to_browsers("GET", "PUT", "DELETE")
@limited(TOKENS)
@try_again_without_database
@never_cache
@require_http_methods(["GET", "PUT", "DELETE"])
def manage(request: HttpRequest, client_id: str) -> HttpResponseBase:
    """Read, replace or delete a registration with its registration access token."""
    if request.method != "PUT":
        return _completed(_manage(request, client_id=client_id))
    registered = _manage(_Reading(request), client_id=client_id)
    if registered.status_code != 200:
        return registered
    method = json.loads(registered.content)["token_endpoint_auth_method"]
    return _with_metadata(request, _manage, has_secret=method != "none", client_id=client_id)


def _with_metadata(
    request: HttpRequest, view: _View, *, has_secret: bool | None = None, **kwargs: str
) -> HttpResponseBase:
    try:
        metadata = read_client_metadata(_body(request))
        _check_same_client(metadata, has_secret=has_secret, **kwargs)
    except RegistrationRefused as refusal:
        return _refused(refusal)
    response = view(_CleanedRequest(request, metadata), **kwargs)
    return _completed(response, auth_method=metadata.token_endpoint_auth_method)


def _check_same_client(
    metadata: ClientMetadata, *, has_secret: bool | None, client_id: str | None = None
) -> None:
    """Raise `RegistrationRefused` where a replacement is that of another client (RFC 7592 2.2).

    A client that begins to have a secret would never be told it; one that gives its secret up
    would be anybody's who knows its id.
    """
    if client_id is None:
        return
    if metadata.client_id not in {None, client_id}:
        raise RegistrationRefused("invalid_client_metadata", "client_id: That is another client.")
    if has_secret != (metadata.token_endpoint_auth_method != "none"):  # noqa: S105  # a method
        raise RegistrationRefused(
            "invalid_client_metadata",
            "token_endpoint_auth_method: A client keeps or lacks its secret. Register again.",
        )


def _body(request: HttpRequest) -> bytes:
    """Return the body; what announces itself as too large is not read at all."""
    declared = request.headers.get("content-length") or "0"
    if not declared.isdecimal():
        raise RegistrationRefused("invalid_client_metadata", "Content-Length is no number.")
    if int(declared[:20]) > MOST_BYTES:
        raise RegistrationRefused("invalid_client_metadata", "Too large.", status=413)
    return request.body


def _completed(response: HttpResponse, *, auth_method: str = "") -> HttpResponse:
    """Add what RFC 7591 3.2.1 demands and django-oauth-toolkit leaves out."""
    if response.status_code not in {200, 201}:
        return response
    answer = json.loads(response.content)
    application = Application.objects.get(client_id=answer["client_id"])
    answer["client_id_issued_at"] = int(application.created.timestamp())
    answer["client_secret_expires_at"] = 0
    answer["response_types"] = ["code"]
    if auth_method:
        answer["token_endpoint_auth_method"] = auth_method
    # Never from the Host header: it is the client's to choose.
    answer["registration_client_uri"] = settings.PUBLIC_BASE_URL + reverse(
        "oauth2_provider:dcr-register-management", args=[application.client_id]
    )
    return JsonResponse(answer, status=response.status_code)


def _refused(refusal: RegistrationRefused) -> HttpResponse:
    answer = {"error": refusal.code, "error_description": refusal.description}
    return JsonResponse(answer, status=refusal.status)
