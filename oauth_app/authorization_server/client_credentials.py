"""Tokens for service principals (RFC 6749, 4.4): clients that nobody sits in front of.

Only a client that a person made for themselves has this grant; those that registered themselves,
and those that an operator registered, have not. A token is the person's, inside one consent, for
an hour at most, and comes without a refresh token.
"""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.utils import timezone
from oauth2_provider.models import Application
from oauthlib.common import Request
from oauthlib.oauth2 import ClientCredentialsGrant, WebApplicationServer
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.utils import scope_to_list

from oauth_app import service_clients
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE
from oauth_app.authorization_server.validator import McpValidator
from oauth_app.models import ClientGrant, ServiceClient
from oauth_app.models.reconnect_tokens import TokenAccess

CLIENT_CREDENTIALS: Final = "client_credentials"
LONGEST_TOKEN_SECONDS: Final = 3600


class ServiceClientValidator(McpValidator):
    """What `McpValidator` demands, and what service principals may have besides."""

    def _load_application(self, client_id: str | None, request: Request) -> Application | None:
        """Return the client; a service principal that is over or ended is none any more."""
        found = super()._load_application(client_id, request)
        if found is None or not service_clients.is_of_service(found):
            return found
        if service_clients.of_application(found) is None:
            request.client = None
            return None
        return found

    def validate_grant_type(
        self,
        client_id: str,
        grant_type: str,
        client: Application,
        request: Request,
        *args: object,
        **kwargs: object,
    ) -> bool:
        """Whether the client has this grant; for client credentials it is a service principal."""
        allowed = super().validate_grant_type(
            client_id, grant_type, client, request, *args, **kwargs
        )
        if allowed and grant_type == CLIENT_CREDENTIALS:
            request.service_client = service_clients.of_application(request.client)
            return request.service_client is not None
        return bool(allowed)

    def get_default_scopes(
        self, client_id: str, request: Request, *args: object, **kwargs: object
    ) -> list[str]:
        """Return what a client gets that names no scopes: a service principal all it may have."""
        service = _service(request)
        if service is not None:
            return _scopes_of(service)
        return list(super().get_default_scopes(client_id, request, *args, **kwargs))

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Application, request: Request
    ) -> bool:
        """Keep the scopes we know; False if none is left, or more than a principal was given.

        ServiceNow's form takes scopes with commas between them, so these divide scopes here too.
        """
        if not super().validate_scopes(client_id, _divided(scopes), client, request):
            return False
        service = _service(request)
        if service is None:
            return True
        if WRITE_SCOPE in request.scopes:
            request.scopes = [READ_SCOPE, WRITE_SCOPE]
        return set(request.scopes) <= set(_scopes_of(service))

    def is_within_original_scope(
        self,
        request_scopes: list[str],
        refresh_token: str,
        request: Request,
        *args: object,  # noqa: ARG002  # oauthlib's signature
        **kwargs: object,  # noqa: ARG002  # oauthlib's signature
    ) -> bool:
        """Whether scopes with commas between them are those of the refresh token, or fewer."""
        request.scopes = _divided(request_scopes)
        original = scope_to_list(self.get_original_scopes(refresh_token, request))
        return set(request.scopes) <= set(original)

    def _save_bearer_token(
        self, token: dict[str, Any], request: Request, *args: object, **kwargs: object
    ) -> None:
        """Store a token; that of a service principal inside its consent, as the person's."""
        service = _service(request)
        if service is None:
            super()._save_bearer_token(token, request, *args, **kwargs)
            return
        self._check_and_set_request_resource(request)
        # A lock: whoever ends the principal waits, then ends what was just stored.
        live = ClientGrant.objects.live().select_for_update().filter(pk=service.client_grant_id)
        grant = live.first()
        if grant is None:
            raise errors.InvalidClientError(request=request)
        request.user = grant.user
        expires = timezone.now() + timedelta(seconds=token["expires_in"])
        self._create_access_token(expires, request, token)


class McpServer(WebApplicationServer):  # type: ignore[misc]  # the library has no types
    """oauthlib's server for codes and refresh tokens, with client credentials besides."""

    def __init__(
        self, request_validator: McpValidator, *, token_expires_in: int, **settings: object
    ) -> None:
        seconds = partial(_token_seconds, usual=token_expires_in)
        super().__init__(request_validator, token_expires_in=seconds, **settings)
        self.grant_types[CLIENT_CREDENTIALS] = ClientCredentialsGrant(request_validator)


def _token_seconds(request: Request, *, usual: int) -> int:
    """How long a token lasts; that of a service principal never longer than the principal."""
    service = _service(request)
    if service is None:
        return usual
    left = (service.expires_at - timezone.now()).total_seconds()
    return max(0, min(usual, LONGEST_TOKEN_SECONDS, int(left)))


def _service(request: Request) -> ServiceClient | None:
    """The service principal that asks, once its grant was validated."""
    found = getattr(request, "service_client", None)
    return found if isinstance(found, ServiceClient) else None


def _scopes_of(service: ServiceClient) -> list[str]:
    may_write = service.client_grant.access == TokenAccess.WRITE
    return [READ_SCOPE, WRITE_SCOPE] if may_write else [READ_SCOPE]


def _divided(scopes: list[str]) -> list[str]:
    return [part for scope in scopes for part in scope.split(",") if part]
