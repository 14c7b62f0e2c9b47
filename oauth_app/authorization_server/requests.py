"""What a client asks of a person, and the answers it may get."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from oauth2_provider.cimd import refresh_if_stale
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.models import Application
from oauth2_provider.oauth2_backends import get_oauthlib_core

from oauth_app.authorization_server.grants import grant_access
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE
from oauth_app.authorization_server.redirects import Redirect, read_redirect
from oauth_app.authorization_server.resources import ForeignResource, audience_of
from oauth_app.models import User

# RFC 7636 4.2: base64url of a SHA-256, without padding.
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class AuthorizationRefused(Exception):
    """A request that no person is asked about.

    `code` is the error of RFC 6749; `redirect_to` takes it to the client, and is None where the
    client or its redirect address is not to be trusted.
    """

    def __init__(self, code: str, *, redirect_to: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.redirect_to = redirect_to


@dataclass(frozen=True)
class ClientRequest:
    """A valid authorization request. It lives in the person's session until they decide."""

    client_id: str
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    code_challenge: str
    resources: tuple[str, ...] = ()

    @property
    def redirect(self) -> Redirect:
        """Where the answer goes."""
        return read_redirect(self.redirect_uri)

    @property
    def asks_to_write(self) -> bool:
        """Whether the client asks for more than reading."""
        return WRITE_SCOPE in self.scopes

    def as_session_data(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        return asdict(self)

    @classmethod
    def from_session_data(cls, data: dict[str, Any]) -> "ClientRequest":
        """Return the request that `as_session_data` wrote down."""
        resources = tuple(data.get("resources", ()))
        return cls(**{**data, "scopes": tuple(data["scopes"]), "resources": resources})

    def application(self) -> Application:
        """Return the client. Raises `AuthorizationRefused` if it is gone by now.

        May fetch the client's document anew, so it is not for the inside of a transaction.
        """
        found = Application.objects.filter(client_id=self.client_id).first()
        if found is None:
            raise AuthorizationRefused("invalid_client")
        return refresh_if_stale(found, None)


def read_request(request: HttpRequest) -> ClientRequest:
    """Return what the query string of `request` asks for. Raises `AuthorizationRefused`."""
    try:
        scopes, found = get_oauthlib_core().validate_authorization_request(request)
    except OAuthToolkitError as refusal:
        raise _refusal(refusal) from None
    except ValueError:  # oauthlib on a query string that cannot be decoded
        raise AuthorizationRefused("invalid_request") from None
    asked = ClientRequest(
        client_id=found["client_id"],
        redirect_uri=found["redirect_uri"],
        state=found["state"] or "",
        scopes=tuple(scopes),
        code_challenge=found.get("code_challenge", ""),
    )
    if found.get("code_challenge_method") != "S256":
        raise _error(asked, "invalid_request", "PKCE needs the code_challenge_method S256.")
    if not _S256_CHALLENGE.fullmatch(asked.code_challenge):
        raise _error(asked, "invalid_request", "The code_challenge is not one of S256.")
    try:
        audience = audience_of(request.GET.getlist("resource"))
    except ForeignResource:
        raise _error(asked, "invalid_target", "The resource is not this MCP endpoint.") from None
    return replace(asked, resources=tuple(audience))


def allow(
    request: HttpRequest,
    asked: ClientRequest,
    *,
    user: User,
    access: str,
    toolsets: list[str],
) -> str:
    """Issue a code for what the person allowed and return the address that takes it to the client.

    `access` is `read` or `write`; reading only drops `mcp:write`, and nothing adds it. Raises
    `AuthorizationRefused` if the request is no longer valid.
    """
    granted = "write" if access == "write" and asked.asks_to_write else "read"
    scopes = [READ_SCOPE, WRITE_SCOPE] if granted == "write" else [READ_SCOPE]
    application = asked.application()
    with transaction.atomic():
        client_grant = grant_access(
            user=user,
            application=application,
            redirect_host=asked.redirect.host,
            access=granted,
            asked_access="write" if asked.asks_to_write else "read",
            toolsets=toolsets,
        )
        credentials = {
            "client_id": asked.client_id,
            "redirect_uri": asked.redirect_uri,
            "response_type": "code",
            "state": asked.state or None,
            "code_challenge": asked.code_challenge,
            "code_challenge_method": "S256",
            "resource": audience_of(asked.resources),
            "client_grant": client_grant,
        }
        try:
            uri, _, _, _ = get_oauthlib_core().create_authorization_response(
                request=request, scopes=scopes, credentials=credentials, allow=True
            )
        except OAuthToolkitError as refusal:
            raise _refusal(refusal) from None
        if not client_grant.granted_tokens.exists():
            # oauthlib answers some faults with an address instead of an exception; raising
            # takes the consent back, too.
            raise AuthorizationRefused("invalid_request", redirect_to=uri)
    return str(uri)


def deny(asked: ClientRequest) -> str:
    """Return the address that tells the client of the person's No."""
    return str(_error(asked, "access_denied", "The person said no.").redirect_to)


def _error(asked: ClientRequest, code: str, description: str) -> AuthorizationRefused:
    answer = {"error": code, "error_description": description}
    if asked.state:
        answer["state"] = asked.state
    return AuthorizationRefused(code, redirect_to=_answer(asked.redirect_uri, answer))


def _refusal(refusal: OAuthToolkitError) -> AuthorizationRefused:
    """Turn oauthlib's error into ours. Only a fatal one is about the address itself."""
    error = refusal.oauthlib_error
    if isinstance(refusal, FatalClientError) or not error.redirect_uri:
        return AuthorizationRefused(error.error)
    return AuthorizationRefused(
        error.error, redirect_to=_answer(error.redirect_uri, dict(error.twotuples))
    )


def _answer(redirect_uri: str, answer: dict[str, str]) -> str:
    """Return `redirect_uri` with `answer` and, against mix-ups, who answers (RFC 9207)."""
    separator = "&" if "?" in redirect_uri else "?"
    return redirect_uri + separator + urlencode({**answer, "iss": settings.PUBLIC_BASE_URL})
