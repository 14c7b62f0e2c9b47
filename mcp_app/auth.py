"""Which credential opened `/mcp` or its alias `/mcp/servicenow`, and whose it is.

An OAuth access token opens them in the Authorization header. A reconnect token does so in the same
place, with or without the word Bearer, in X-API-Key, and in the personal URL (`?token=`) while
MCP_URL_TOKENS is on. ServiceNow's own client sends what a person entered as an "API key" as the
Authorization header, word for word; X-API-Key is what others call it. One request carries one
credential. Whatever is wrong with it, the answer is 401 with a pointer to the metadata of the path
that was asked for, never a wider or an anonymous access.

A verified credential is kept for half a second under its hash, so that a busy client does not ask
the database for each call. Revoking one drops it at once in this process; everywhere else a
revoked credential is dead within that half second, with Redis or without.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseFault
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.types import Scope

from mcp_app.bad_credentials import bad_credentials
from mcp_app.credentials import (
    Credential,
    credential_of_access_token,
    credential_of_reconnect_token,
)
from mcp_app.database_threads import PATIENCE_SECONDS, answered_in_time
from mcp_app.exceptions import (
    CredentialMissing,
    CredentialRefused,
    CredentialUnverifiable,
    SeveralCredentials,
)
from mcp_app.headers import header_values
from oauth_app import reconnect_tokens
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE
from oauth_app.authorization_server.resources import MCP_PATH

SCOPES = f"{READ_SCOPE} {WRITE_SCOPE}"
_WORTHLESS = "The credential is invalid, expired or revoked"
_KEPT_SECONDS = 0.5
_MOST_KEPT = 10_000
# RFC 6750, section 2.1, with a bound of ours.
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]{1,512}=*")


log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Presented:
    """A credential as it was presented; the token shows in no representation."""

    token: str
    is_in_url: bool

    def __repr__(self) -> str:
        return f"Presented(is_in_url={self.is_in_url})"


class VerifiedUser(AuthenticatedUser):
    """The person behind a request, in the only form that the SDK takes for one.

    The SDK tells principals apart by client, issuer and subject; it gets no token of anybody.
    """

    def __init__(self, credential: Credential) -> None:
        super().__init__(
            AccessToken(
                token="",
                client_id=credential.client_id,
                scopes=list(credential.scopes),
                resource=settings.MCP_RESOURCE,
                subject=str(credential.user_id),
                claims={"iss": settings.PUBLIC_BASE_URL},
            )
        )
        self.credential = credential


def credential_of(scope: Scope) -> Credential:
    """Return the credential of a request that the endpoint let through."""
    user = scope["user"]
    assert isinstance(user, VerifiedUser)  # noqa: S101  # the endpoint lets nobody else through
    return user.credential


def challenge(*, error: str = "", scope: str = SCOPES, path: str = MCP_PATH) -> str:
    """The WWW-Authenticate header that tells a client where to get a token for `path`."""
    metadata = f"{settings.PUBLIC_BASE_URL}/.well-known/oauth-protected-resource{path}"
    parts = [f'error="{error}"'] if error else []
    return "Bearer " + ", ".join([*parts, f'scope="{scope}"', f'resource_metadata="{metadata}"'])


def take_credential(scope: Scope, *, path: str = MCP_PATH) -> Presented:
    """Return the one credential of a request and take the query string, which may hold it, away.

    Raises `SeveralCredentials`, or `CredentialRefused` for none and for one in a wrong place; its
    challenge points to the metadata of `path`. No credential at all is a `CredentialMissing`.
    """
    try:
        return _taken(scope)
    except _Unacceptable as refusal:
        raise _refused(str(refusal), error=refusal.error, path=path) from None


class _Unacceptable(Exception):
    """Why a request carries no credential that could be verified; `error` is RFC 6750's code."""

    def __init__(self, message: str, *, error: str = "invalid_token") -> None:
        super().__init__(message)
        self.error = error


def _taken(scope: Scope) -> Presented:
    query = _query(scope)
    authorizations = header_values(scope, b"authorization")
    keys = header_values(scope, b"x-api-key")
    in_url = [value for name, value in query if name == "token"]
    misplaced = [value for name, value in query if name == "access_token"]
    if len([*authorizations, *keys, *in_url, *misplaced]) > 1:
        raise SeveralCredentials("The request carries more than one credential")
    if authorizations:
        return _from_header(authorizations[0])
    if keys:
        return _from_api_key(keys[0])
    if in_url and settings.MCP_URL_TOKENS and _is_reconnect_token(in_url[0]):
        return Presented(_well_formed(in_url[0]), is_in_url=True)
    if in_url or misplaced:
        raise _Unacceptable("This credential is not accepted in a URL")
    raise _Unacceptable("A credential is needed", error="")


def _query(scope: Scope) -> list[tuple[str, str]]:
    raw = scope.get("query_string", b"")
    scope["query_string"] = b""
    try:
        return parse_qsl(raw.decode("latin-1"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise _Unacceptable("The query string is too long") from None


def _from_header(authorization: str) -> Presented:
    scheme, _, token = authorization.strip().partition(" ")
    if _is_reconnect_token(scheme) and not token:
        return Presented(_well_formed(scheme), is_in_url=False)
    if scheme.lower() == "basic":
        raise _Unacceptable("No user name and password: use OAuth or a reconnect token")
    if scheme.lower() != "bearer":
        raise _Unacceptable("Only the Bearer scheme is accepted")
    return Presented(_well_formed(token.strip()), is_in_url=False)


def _from_api_key(text: str) -> Presented:
    if not _is_reconnect_token(text.strip()):
        raise _Unacceptable("X-API-Key takes a reconnect token")
    return Presented(_well_formed(text.strip()), is_in_url=False)


def _is_reconnect_token(text: str) -> bool:
    return text.startswith(reconnect_tokens.PREFIX)


def _well_formed(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise _Unacceptable("The credential is malformed")
    return token


def _refused(message: str, *, error: str, path: str) -> CredentialRefused:
    headers = {"WWW-Authenticate": challenge(error=error, path=path)}
    # RFC 6750, 3.1: where no credential came, the challenge carries no error.
    return (CredentialRefused if error else CredentialMissing)(message, headers=headers)


class VerifiedCredentials:
    """Verified credentials of the last half second, by the hash of the token."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        most: int = _MOST_KEPT,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._most = most
        self._kept: OrderedDict[bytes, tuple[float, Credential]] = OrderedDict()

    async def verified(
        self, presented: Presented, *, address: str, client: str, path: str = MCP_PATH
    ) -> Credential:
        """Return the credential behind a token that opens `path`.

        Raises `CredentialRefused` if there is none, `CredentialUnverifiable` if nobody can tell,
        `TooManyBadCredentials` if nobody is asked.
        """
        # The path is part of it: what opens one need not open the other.
        hashed = hashlib.sha256(f"{path} {presented.token}".encode()).digest()
        kept_until, credential = self._kept.get(hashed, (0.0, None))
        if credential is not None and self._clock() < kept_until:
            return credential
        await bad_credentials().require_patience(hashed, address=address)
        try:
            asked = _verify(presented, address=address, client=client, path=path)
            credential = await answered_in_time(asked, seconds=self._patience_seconds)
        except DatabaseFault as fault:
            log.exception("credential_unverifiable")
            text = "The credential cannot be verified at the moment"
            raise CredentialUnverifiable(text) from fault
        if credential is None:
            self._kept.pop(hashed, None)
            refusal = _refused(_WORTHLESS, error="invalid_token", path=path)
            refusal.headers |= await bad_credentials().note_bad(hashed, address=address)
            raise refusal
        self._keep(hashed, credential)
        await bad_credentials().note_good(hashed)
        return credential

    def forget(self) -> None:
        """Drop everything, so that the next request asks the database."""
        self._kept.clear()

    def _keep(self, hashed: bytes, credential: Credential) -> None:
        self._kept[hashed] = (self._clock() + _KEPT_SECONDS, credential)
        self._kept.move_to_end(hashed)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


async def _verify(
    presented: Presented, *, address: str, client: str, path: str
) -> Credential | None:
    found: Credential | None
    if _is_reconnect_token(presented.token):
        find = database_sync_to_async(credential_of_reconnect_token)
        found = await find(presented.token, address=address, client=client)
    else:
        find_token = database_sync_to_async(credential_of_access_token)
        found = await find_token(presented.token, path=path, address=address)
    return found
