"""What a client asks of a person: read from its request, or refused before anybody is asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from oauth2_provider.cimd import refresh_if_stale
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.models import Application
from oauth2_provider.oauth2_backends import get_oauthlib_core

from oauth_app.authorization_server.parameters import (
    Parameters,
    ParametersUnreadable,
    read_parameters,
)
from oauth_app.authorization_server.provider_settings import WRITE_SCOPE
from oauth_app.authorization_server.redirects import Redirect, read_redirect
from oauth_app.authorization_server.resources import ForeignResource, audience_of

MOST_STATE: Final = 4_000
# RFC 7636 4.2: base64url of a SHA-256, without padding.
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
# What comes in another way than as parameters would be judged by nobody (RFC 9101, OpenID Core 6).
_NOT_SUPPORTED: Final = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class AuthorizationRefused(Exception):
    """A request that gets no code.

    `code` is the error of RFC 6749; `redirect_to` takes it to the client, and is None where the
    client or its redirect address is not to be trusted.
    """

    def __init__(self, code: str, *, redirect_to: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.redirect_to = redirect_to


@dataclass(frozen=True)
class ClientRequest:
    """A valid authorization request. It is kept here, not in the browser, until it is answered."""

    client_id: str
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    code_challenge: str
    resources: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()

    @property
    def redirect(self) -> Redirect:
        """Where the answer goes."""
        return read_redirect(self.redirect_uri)

    @property
    def asks_to_write(self) -> bool:
        """Whether the client asks for more than reading."""
        return WRITE_SCOPE in self.scopes

    @property
    def query(self) -> str:
        """The query string that asks the same again, but for how to ask it."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
            "code_challenge": self.code_challenge,
            "code_challenge_method": "S256",
            "resource": self.resources,
        }
        return urlencode({name: value for name, value in asked.items() if value}, doseq=True)

    @classmethod
    def from_members(cls, members: dict[str, Any]) -> "ClientRequest":
        """Return the request whose members were kept as JSON."""
        lists = {name: tuple(value) for name, value in members.items() if isinstance(value, list)}
        return cls(**{**members, **lists})

    def application(self) -> Application:
        """Return the client. Raises `AuthorizationRefused` if it is gone by now.

        May fetch the client's document anew, so it is not for the inside of a transaction.
        """
        found = Application.objects.filter(client_id=self.client_id).first()
        if found is None:
            raise AuthorizationRefused("invalid_client")
        return refresh_if_stale(found, None)

    def refused(self, code: str, description: str) -> AuthorizationRefused:
        """Return the refusal that takes an error of RFC 6749 or OpenID Connect to the client."""
        answer = [("error", code), ("error_description", description)]
        if self.state:
            answer.append(("state", self.state))
        return AuthorizationRefused(code, redirect_to=_answer(self.redirect_uri, answer))


def read_request(request: HttpRequest) -> ClientRequest:
    """Return what the query string of `request` asks for. Raises `AuthorizationRefused`."""
    try:
        given = read_parameters(request.META.get("QUERY_STRING", ""))
    except ParametersUnreadable:
        raise AuthorizationRefused("invalid_request") from None
    if given.repeated & {"client_id", "redirect_uri"}:
        raise AuthorizationRefused("invalid_request")
    try:
        scopes, found = get_oauthlib_core().validate_authorization_request(
            given.for_library(request)
        )
    except OAuthToolkitError as refusal:
        raise refusal_of_library(refusal) from None
    asked = ClientRequest(
        client_id=found["client_id"],
        redirect_uri=found["redirect_uri"],
        state=given.once.get("state", ""),
        scopes=tuple(scopes),
        code_challenge=found.get("code_challenge", ""),
        resources=given.resources,
        prompts=tuple(sorted(given.prompts)),
    )
    _check_parameters(asked, given)
    _check_proof(asked, method=given.once.get("code_challenge_method", ""))
    try:
        audience_of(asked.resources)
    except ForeignResource:
        raise asked.refused("invalid_target", "The resource is not one of this server.") from None
    return asked


def refusal_of_library(refusal: OAuthToolkitError) -> AuthorizationRefused:
    """Turn the library's error into ours. Only a fatal one is about the address itself."""
    error = refusal.oauthlib_error
    if isinstance(refusal, FatalClientError) or not error.redirect_uri:
        return AuthorizationRefused(error.error)
    return AuthorizationRefused(
        error.error, redirect_to=_answer(error.redirect_uri, error.twotuples)
    )


def _check_parameters(asked: ClientRequest, given: Parameters) -> None:
    if given.repeated:
        raise asked.refused("invalid_request", "A parameter is given more than once.")
    for name, code in _NOT_SUPPORTED.items():
        if name in given.once:
            raise asked.refused(code, "Say what you ask for in plain parameters.")
    if given.once.get("response_mode", "query") != "query":
        raise asked.refused("invalid_request", "The only response_mode is query.")
    if len(asked.state) > MOST_STATE or _CONTROL_CHARACTER.search(asked.state):
        raise asked.refused("invalid_request", "The state is too long or not printable.")
    if "none" in asked.prompts and len(asked.prompts) > 1:
        raise asked.refused("invalid_request", "The prompt none stands alone.")


def _check_proof(asked: ClientRequest, *, method: str) -> None:
    if method != "S256":
        raise asked.refused("invalid_request", "PKCE needs the code_challenge_method S256.")
    if not _S256_CHALLENGE.fullmatch(asked.code_challenge):
        raise asked.refused("invalid_request", "The code_challenge is not one of S256.")


def _answer(redirect_uri: str, answer: Iterable[tuple[str, str]]) -> str:
    """Return `redirect_uri` with `answer` and, against mix-ups, who answers (RFC 9207)."""
    separator = "&" if "?" in redirect_uri else "?"
    return redirect_uri + separator + urlencode([*answer, ("iss", settings.PUBLIC_BASE_URL)])
