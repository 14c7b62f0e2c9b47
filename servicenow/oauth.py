"""OAuth at an instance: sending a person there, and what comes of the code.

ServiceNow's token endpoint answers a wrong secret, an expired refresh token and a disabled grant
alike (401, `server_error`, `access_denied`), returns live tokens again instead of new ones,
and never rotates refresh tokens. Nothing here logs, and no exception carries a token.
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import orjson

from servicenow.exceptions import (
    GrantRefused,
    OAuthFailure,
    TokenAnswerUnusable,
    TokenEndpointUnavailable,
    Unavailable,
)
from servicenow.http import TRANSPORT_FAILURES
from servicenow.responses import body_of
from servicenow.who_am_i import Identity, who_am_i

# A century: anything longer is a mistake, or not a number at all.
_LONGEST_LIFETIME: Final = 3_155_760_000
# RFC 6749, section 5.2.
_RFC_ERRORS: Final = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What the token endpoint gave. `expires_in` is the access token's remaining seconds."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int
    scope: str


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """An OAuth client of one instance, as registered there.

    `client_secret` is empty for a public client. `scope` is what is asked for at sign-in:
    `useraccount` is everything the person may do, and what instances give where none is named.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    http: httpx.AsyncClient = field(repr=False)
    scope: str = "useraccount"
    # For one request to the token endpoint: nobody waits longer for a renewal.
    seconds: float = 5.0

    def authorization_url(self, *, state: str, code_verifier: str) -> str:
        """Return where to send the browser; the verifier itself is not in it (S256)."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": state,
            "code_challenge": _challenge(code_verifier),
            "code_challenge_method": "S256",
        }
        if self.scope:
            asked["scope"] = self.scope
        return f"{self.base_url}/oauth_auth.do?{urlencode(asked)}"

    async def exchange_code(self, code: str, *, code_verifier: str) -> TokenSet:
        """Exchange a code for tokens. Raises GrantRefused or TokenEndpointUnavailable."""
        return await self._tokens(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self.redirect_uri,
            code_verifier=code_verifier,
        )

    async def refresh(self, refresh_token: str) -> TokenSet:
        """Ask for a live access token; it may be the one already known.

        Raises GrantRefused or TokenEndpointUnavailable; neither is a reason to delete tokens.
        """
        return await self._tokens(grant_type="refresh_token", refresh_token=refresh_token)

    async def revoke(self, token: str) -> None:
        """End an access or refresh token; all sessions of the person and client share it.

        The token goes into the body: a URL would be logged on its way. Raises
        TokenEndpointUnavailable where the instance did not confirm.
        """
        status, _ = await self._post("/oauth_revoke_token.do", {"token": token})
        if not 200 <= status < 300:
            message = "the instance did not confirm the revocation"
            raise TokenEndpointUnavailable(message, status=status)

    async def who_am_i(self, access_token: str) -> Identity:
        """Return whose token this is, as the instance proves it. See `who_am_i`."""
        return await who_am_i(self.base_url, http=self.http, access_token=access_token)

    async def _tokens(self, **asked: str) -> TokenSet:
        form = {**asked, "client_id": self.client_id}
        if self.client_secret:
            form["client_secret"] = self.client_secret
        status, body = await self._post("/oauth_token.do", form)
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            document = None
        if not isinstance(document, dict):
            message = "the token endpoint answered something other than a JSON object"
            raise TokenEndpointUnavailable(message, status=status)
        if status == 200 and "error" not in document:
            return _token_set(document)
        raise _refusal(status, document)

    async def _post(self, path: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        request = self.http.build_request(
            "POST",
            f"{self.base_url}{path}",
            content=urlencode(form).encode(),
            headers={
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        try:
            async with asyncio.timeout(self.seconds):
                response = await self.http.send(request, stream=True)
                try:
                    return response.status_code, await body_of(response)
                finally:
                    await response.aclose()
        except (*TRANSPORT_FAILURES, Unavailable) as error:
            # Not chained: the request, with its tokens, hangs on the exception underneath.
            failed = type(error).__name__
        message = f"the token endpoint could not be reached or read ({failed})"
        raise TokenEndpointUnavailable(message)


def new_verifier() -> str:
    """Return a fresh PKCE code verifier of 256 bits (RFC 7636)."""
    return secrets.token_urlsafe(32)


def _challenge(code_verifier: str) -> str:
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _refusal(status: int, document: Mapping[str, Any]) -> OAuthFailure:
    error = document.get("error")
    if isinstance(error, str) and error in _RFC_ERRORS and status < 500 and status != 429:
        return GrantRefused(rfc_error=error)
    if status in (400, 401):
        return GrantRefused()
    message = f"the token endpoint answered status {status}"
    return TokenEndpointUnavailable(message, status=status)


def _token_set(document: Mapping[str, Any]) -> TokenSet:
    access_token = document.get("access_token")
    if not isinstance(access_token, str) or not access_token:
        message = "the token endpoint answered 200 without an access token"
        raise TokenAnswerUnusable(message, status=200)
    if str(document.get("token_type", "bearer")).casefold() != "bearer":
        message = "the token endpoint answered a token that is not a bearer token"
        raise TokenAnswerUnusable(message, status=200)
    refresh_token = document.get("refresh_token")
    return TokenSet(
        access_token=access_token,
        refresh_token=refresh_token if isinstance(refresh_token, str) and refresh_token else None,
        expires_in=_lifetime(document.get("expires_in")),
        scope=str(document.get("scope") or ""),
    )


def _lifetime(seconds: object) -> int:
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit():
        seconds = int(seconds)
    # To Python true is the number 1, and 1e999 is a number too.
    match seconds:
        case bool():
            pass
        case int() | float() if 0 <= seconds < _LONGEST_LIFETIME:
            return int(seconds)
    message = "the token endpoint answered a token without saying how long it lives"
    raise TokenAnswerUnusable(message, status=200)
