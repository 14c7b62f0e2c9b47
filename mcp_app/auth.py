"""Which credential opened `/mcp`, and whose it is.

Three things open it: an OAuth access token in the Authorization header, a reconnect token in the
same place, and a reconnect token in the personal URL (`?token=`) while MCP_URL_TOKENS is on. One
request carries one of them. Whatever is wrong with it, the answer is 401 with a pointer to the
metadata, never a wider or an anonymous access.

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

from mcp_app.credentials import (
    Credential,
    credential_of_access_token,
    credential_of_reconnect_token,
)
from mcp_app.exceptions import CredentialRefused, CredentialUnverifiable, SeveralCredentials
from mcp_app.headers import header_values
from oauth_app import reconnect_tokens
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE

SCOPES = f"{READ_SCOPE} {WRITE_SCOPE}"
_COME_BACK = {"Retry-After": "5"}
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


def challenge(*, error: str = "", scope: str = SCOPES) -> str:
    """The WWW-Authenticate header that tells a client where to get a token, and for what."""
    metadata = f"{settings.PUBLIC_BASE_URL}/.well-known/oauth-protected-resource/mcp"
    parts = [f'error="{error}"'] if error else []
    return "Bearer " + ", ".join([*parts, f'scope="{scope}"', f'resource_metadata="{metadata}"'])


def take_credential(scope: Scope) -> Presented:
    """Return the one credential of a request and take the query string, which may hold it, away.

    Raises `SeveralCredentials`, or `CredentialRefused` for none and for one in a wrong place.
    """
    query = _query(scope)
    authorizations = header_values(scope, b"authorization")
    in_url = [value for name, value in query if name == "token"]
    misplaced = [value for name, value in query if name == "access_token"]
    if len(authorizations) + len(in_url) + len(misplaced) > 1:
        raise SeveralCredentials("The request carries more than one credential")
    if authorizations:
        return _from_header(authorizations[0])
    if in_url and settings.MCP_URL_TOKENS and in_url[0].startswith(reconnect_tokens.PREFIX):
        return Presented(_well_formed(in_url[0]), is_in_url=True)
    if in_url or misplaced:
        raise _refused("This credential is not accepted in a URL", error="invalid_token")
    raise _refused("A credential is needed")


def _query(scope: Scope) -> list[tuple[str, str]]:
    raw = scope.get("query_string", b"")
    scope["query_string"] = b""
    try:
        return parse_qsl(raw.decode("latin-1"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise _refused("The query string is too long", error="invalid_token") from None


def _from_header(authorization: str) -> Presented:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise _refused("Only the Bearer scheme is accepted", error="invalid_token")
    return Presented(_well_formed(token.strip()), is_in_url=False)


def _well_formed(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise _refused("The credential is malformed", error="invalid_token")
    return token


def _refused(message: str, *, error: str = "") -> CredentialRefused:
    return CredentialRefused(message, headers={"WWW-Authenticate": challenge(error=error)})


class VerifiedCredentials:
    """Verified credentials of the last half second, by the hash of the token."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, most: int = _MOST_KEPT
    ) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[bytes, tuple[float, Credential]] = OrderedDict()

    async def verified(self, presented: Presented, *, address: str, client: str) -> Credential:
        """Return the credential behind a token.

        Raises `CredentialRefused` if there is none, `CredentialUnverifiable` if nobody can tell.
        """
        hashed = hashlib.sha256(presented.token.encode()).digest()
        kept_until, credential = self._kept.get(hashed, (0.0, None))
        if credential is not None and self._clock() < kept_until:
            return credential
        try:
            credential = await _verify(presented, address=address, client=client)
        except DatabaseFault as fault:
            log.exception("credential_unverifiable")
            raise CredentialUnverifiable(
                "The credential cannot be verified at the moment", headers=_COME_BACK
            ) from fault
        if credential is None:
            self._kept.pop(hashed, None)
            raise _refused("The credential is invalid, expired or revoked", error="invalid_token")
        self._keep(hashed, credential)
        return credential

    def forget(self) -> None:
        """Drop everything, so that the next request asks the database."""
        self._kept.clear()

    def _keep(self, hashed: bytes, credential: Credential) -> None:
        self._kept[hashed] = (self._clock() + _KEPT_SECONDS, credential)
        self._kept.move_to_end(hashed)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


async def _verify(presented: Presented, *, address: str, client: str) -> Credential | None:
    found: Credential | None
    if presented.token.startswith(reconnect_tokens.PREFIX):
        find = database_sync_to_async(credential_of_reconnect_token)
        found = await find(presented.token, address=address, client=client)
    else:
        found = await database_sync_to_async(credential_of_access_token)(presented.token)
    return found
