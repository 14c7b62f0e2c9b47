"""The answer to a client's request: a code for what the person allowed, or their No."""

from urllib.parse import parse_qs, urlsplit

import structlog
from django.db import transaction
from django.http import HttpRequest
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.oauth2_backends import get_oauthlib_core

from oauth_app.authorization_server.grants import grant_access
from oauth_app.authorization_server.parameters import bare_request
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE
from oauth_app.authorization_server.requests import (
    AuthorizationRefused,
    ClientRequest,
    refusal_of_library,
)
from oauth_app.authorization_server.resources import audience_of
from oauth_app.models import ClientGrant, User
from oauth_app.models.reconnect_tokens import TokenAccess

log = structlog.get_logger(__name__)


def allow(
    request: HttpRequest,
    asked: ClientRequest,
    *,
    user: User,
    access: str,
    toolsets: list[str],
    remembered_as: str = "",
) -> str:
    """Issue a code for what the person allowed and return the address that takes it to the client.

    `access` is `read` or `write`; reading only drops `mcp:write`, and nothing adds it.
    `remembered_as` is not empty where the person need not be asked the same again. Raises
    `AuthorizationRefused` if the request is no longer valid; then nothing was allowed.
    """
    application = asked.application()
    may_write = asked.asks_to_write and access == TokenAccess.WRITE
    with transaction.atomic():
        grant = grant_access(
            user=user,
            application=application,
            redirect_host=asked.redirect.host,
            access=_access(writes=may_write),
            asked_access=_access(writes=asked.asks_to_write),
            toolsets=toolsets,
            remembered_as="" if asked.redirect.can_be_posed_as else remembered_as,
        )
        address = _with_code(request, asked, grant=grant)
    log.info("client_allowed", grant=grant.pk, access=grant.access, toolsets=grant.toolsets)
    return address


def allow_again(request: HttpRequest, asked: ClientRequest, *, grant: ClientGrant) -> str | None:
    """Issue a code within a remembered consent, and return the address for it.

    Returns None where the consent was ended or changed since it was read.
    """
    with transaction.atomic():
        # A lock: whoever disconnects the client waits, then takes this code away, too.
        live = ClientGrant.objects.live().select_for_update()
        same = live.filter(pk=grant.pk, access=grant.access, remembered_as=grant.remembered_as)
        if not grant.remembered_as or same.first() is None:
            return None
        address = _with_code(request, asked, grant=grant)
    log.info("client_allowed_again", grant=grant.pk)
    return address


def deny(asked: ClientRequest) -> str:
    """Return the address that tells the client of the person's No."""
    return str(asked.refused("access_denied", "The person said no.").redirect_to)


def _access(*, writes: bool) -> TokenAccess:
    return TokenAccess.WRITE if writes else TokenAccess.READ


def _with_code(request: HttpRequest, asked: ClientRequest, *, grant: ClientGrant) -> str:
    writes = asked.asks_to_write and grant.access == TokenAccess.WRITE
    credentials = {
        "client_id": asked.client_id,
        "redirect_uri": asked.redirect_uri,
        "response_type": "code",
        "state": asked.state or None,
        "code_challenge": asked.code_challenge,
        "code_challenge_method": "S256",
        "resource": audience_of(asked.resources),
        "client_grant": grant,
    }
    try:
        uri, _, _, _ = get_oauthlib_core().create_authorization_response(
            request=bare_request(request),
            scopes=[READ_SCOPE, WRITE_SCOPE] if writes else [READ_SCOPE],
            credentials=credentials,
            allow=True,
        )
    except OAuthToolkitError as refusal:
        raise refusal_of_library(refusal) from None
    if "code" not in parse_qs(urlsplit(uri).query):
        # The library answers some faults with an address instead of an exception; raising takes
        # the consent back, too.
        raise AuthorizationRefused("invalid_request", redirect_to=uri)
    return str(uri)
