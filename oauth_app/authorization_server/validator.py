"""django-oauth-toolkit's validator, with what MCP and our consent demand in addition."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import get_scopes_backend
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from oauth_app.authorization_server.grants import grant_of_family
from oauth_app.authorization_server.redirects import (
    RedirectNotAllowed,
    is_registered,
    read_redirect,
)
from oauth_app.authorization_server.refresh_retries import keep_answer, kept_answer
from oauth_app.authorization_server.resources import ForeignResource, audience_of
from oauth_app.authorization_server.token_families import end_family
from oauth_app.hashing import stored_hash
from oauth_app.models import ClientGrant, GrantedToken


class McpValidator(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """Binds every code and token to a consent and to the MCP endpoint."""

    def _load_application(self, client_id: str | None, request: Request) -> Application | None:
        """Return the client, or None for an id that is not plain ASCII.

        PostgreSQL refuses to look up a NUL, and a domain in other letters may look like a known
        one where the consent page names it.
        """
        if client_id is not None and not (client_id.isascii() and client_id.isprintable()):
            return None
        return super()._load_application(client_id, request)

    # --- where an answer may go -------------------------------------------------------------

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: object, **kwargs: object
    ) -> bool:
        """Whether the client registered this address as it is, and the policy allows it.

        The policy is checked here too, because the documents of URL-identified clients do not
        come through registration. The library compares without case and leading zeros.
        """
        return (
            _is_allowed(redirect_uri)
            and is_registered(redirect_uri, request.client.redirect_uris.split())
            and bool(
                super().validate_redirect_uri(client_id, redirect_uri, request, *args, **kwargs)
            )
        )

    def get_default_redirect_uri(
        self, client_id: str, request: Request, *args: object, **kwargs: object
    ) -> str | None:
        """Return the only registered address, if the policy allows it."""
        uri = super().get_default_redirect_uri(client_id, request, *args, **kwargs)
        return uri if uri and _is_allowed(uri) else None

    # --- what may be asked for --------------------------------------------------------------

    def validate_scopes(
        self,
        client_id: str,  # noqa: ARG002  # oauthlib's signature
        scopes: list[str],
        client: Application,
        request: Request,
    ) -> bool:
        """Keep the scopes we know (RFC 6749 3.3 allows to ignore others); False if none is left."""
        available = get_scopes_backend().get_available_scopes(application=client, request=request)
        request.scopes = [scope for scope in scopes if scope in available]
        return bool(request.scopes)

    def _check_and_set_request_resource(self, request: Request) -> None:
        """Bind the token to what was granted, or the part asked for; else raise invalid_target."""
        asked = [value for name, value in request.decoded_body or [] if name == "resource"]
        try:
            request.resource = audience_of(asked, granted=_granted_resources(request))
        except ForeignResource:
            raise _invalid_target(request) from None

    # --- codes ------------------------------------------------------------------------------

    def _create_authorization_code(
        self, request: Request, code: dict[str, str], expires: datetime | None = None
    ) -> Grant:
        """Store the checksum of a code, tied to the consent. Without a consent there is no code."""
        client_grant = getattr(request, "client_grant", None)
        if not isinstance(client_grant, ClientGrant):
            raise errors.AccessDeniedError(request=request)
        checksum = stored_hash(code["code"])
        GrantedToken.objects.create(client_grant=client_grant, code_hash=checksum)
        return super()._create_authorization_code(request, {**code, "code": checksum}, expires)

    def validate_code(
        self,
        client_id: str,
        code: str,
        client: Application,
        request: Request,
        *args: object,
        **kwargs: object,
    ) -> bool:
        """Whether the code is good; one used twice ends the tokens that it became.

        From here on `request.code` is the checksum, which is what the library finds its row by.
        """
        request.code = stored_hash(code)
        if super().validate_code(client_id, request.code, client, request, *args, **kwargs):
            return bool(request.user.is_active)
        used = GrantedToken.objects.filter(
            code_hash=request.code,
            token_family__isnull=False,
            client_grant__application=client,
        ).first()
        if used is not None:
            end_family(used.token_family)
        return False

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Application,
        *args: object,
        **kwargs: object,
    ) -> bool:
        """Whether the code was sent to this address."""
        with _code_still_there():
            return bool(
                super().confirm_redirect_uri(client_id, code, redirect_uri, client, *args, **kwargs)
            )

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        """Return what the verifier must fit."""
        with _code_still_there():
            challenge: str | None = super().get_code_challenge(code, request)
            return challenge

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        """Return how the verifier is compared."""
        with _code_still_there():
            method: str | None = super().get_code_challenge_method(code, request)
            return method

    # --- tokens -----------------------------------------------------------------------------

    def save_bearer_token(
        self, token: dict[str, Any], request: Request, *args: object, **kwargs: object
    ) -> None:
        """Store a token pair in a transaction, or put the one of the first try into `token`."""
        try:
            super().save_bearer_token(token, request, *args, **kwargs)
        except _SpentMeanwhile:
            end_family(request.refresh_token_instance.token_family)
            raise errors.InvalidGrantError(request=request) from None

    def _save_bearer_token(
        self, token: dict[str, Any], request: Request, *args: object, **kwargs: object
    ) -> None:
        """Store a token pair inside the consent; the caller holds a transaction."""
        granted = _granted(request)
        if granted is None:
            raise errors.InvalidGrantError(request=request)
        # A lock: whoever revokes waits, then deletes what was just stored.
        live = ClientGrant.objects.live().select_for_update().filter(pk=granted.client_grant_id)
        if live.first() is None:
            raise errors.InvalidGrantError(request=request)
        granted.refresh_from_db()
        if request.grant_type == "authorization_code" and granted.token_family is not None:
            raise errors.InvalidGrantError(request=request)
        if request.grant_type != "refresh_token":
            super()._save_bearer_token(token, request, *args, **kwargs)
        elif RefreshToken.objects.filter(
            pk=request.refresh_token_instance.pk, revoked=None
        ).exists():
            super()._save_bearer_token(token, request, *args, **kwargs)
            keep_answer(granted, request, token)
        else:
            _answer_again(token, granted, request)

    def _create_refresh_token(
        self,
        request: Request,
        refresh_token_code: str,
        access_token: AccessToken,
        previous_refresh_token: RefreshToken | None,
    ) -> RefreshToken:
        """Store a refresh token; the first of a family ties the family to the consent."""
        stored = super()._create_refresh_token(
            request, refresh_token_code, access_token, previous_refresh_token
        )
        if previous_refresh_token is None:
            GrantedToken.objects.filter(code_hash=request.code).update(
                token_family=stored.token_family
            )
        return stored

    def validate_refresh_token(
        self,
        refresh_token: str,
        client: Application,
        request: Request,
        *args: object,
        **kwargs: object,
    ) -> bool:
        """Whether it may be exchanged, or was within the last minute by the same request.

        One that was exchanged before, and not in a first try of this request, ends its family.
        """
        with transaction.atomic():
            stored = _locked_refresh_token(refresh_token)
            if stored is None or stored.application_id != client.pk:
                return False
            # The library takes every spent token for a stolen one.
            good = stored.revoked is None and super().validate_refresh_token(
                refresh_token, client, request, *args, **kwargs
            )
        grant = grant_of_family(stored.token_family)
        if grant is None or grant.revoked_at is not None or not stored.user.is_active:
            return False
        if stored.revoked is None:
            return bool(good)
        if not _was_answered(stored, request):
            end_family(stored.token_family)
            return False
        request.user, request.refresh_token_instance = stored.user, stored
        return True

    def revoke_token(
        self, token: str, token_type_hint: str, request: Request, *args: object, **kwargs: object
    ) -> None:
        """Revoke a token at its client's wish; all that came of the same code end with it."""
        family = _family_of(token, request.client)
        if family is None:
            super().revoke_token(token, token_type_hint, request, *args, **kwargs)
        else:
            end_family(family)


def _is_allowed(uri: str) -> bool:
    try:
        read_redirect(uri)
    except RedirectNotAllowed:
        return False
    return True


def _granted_resources(request: Request) -> list[str]:
    """What the code or the refresh token of a request is for; nothing before there is one."""
    if request.grant_type == "authorization_code":
        source = Grant.objects.filter(code=request.code, application=request.client).first()
    else:
        source = getattr(request, "refresh_token_instance", None)
    return list(source.resource or []) if source else []


def _invalid_target(request: Request) -> errors.OAuth2Error:
    return errors.CustomOAuth2Error(
        error="invalid_target",
        description="Tokens of this server are for its MCP endpoint only.",
        request=request,
    )


def _granted(request: Request) -> GrantedToken | None:
    if request.grant_type == "authorization_code":
        return GrantedToken.objects.filter(code_hash=request.code).first()
    family = request.refresh_token_instance.token_family
    return GrantedToken.objects.filter(token_family=family).first()


@contextmanager
def _code_still_there() -> Iterator[None]:
    """Refuse a code that another exchange took while this one was being checked."""
    try:
        yield
    except Grant.DoesNotExist:
        raise errors.InvalidGrantError from None


class _SpentMeanwhile(Exception):
    """Another request with the same refresh token was faster, and was not the same request."""


def _locked_refresh_token(refresh_token: str) -> RefreshToken | None:
    """Return the stored token, which nobody else exchanges until the transaction ends."""
    found = RefreshToken.objects.filter(token_checksum=stored_hash(refresh_token))
    # One checksum may stand in several rows, of which the live one counts, then the latest.
    found = found.select_related("user").order_by(F("revoked").desc(nulls_first=True))
    first = found.first()
    if first is None:
        return None
    grants = ClientGrant.objects.filter(granted_tokens__token_family=first.token_family)
    grants.select_for_update(of=("self",)).first()
    return found.first()


def _was_answered(spent: RefreshToken, request: Request) -> bool:
    granted = GrantedToken.objects.get(token_family=spent.token_family)
    return kept_answer(granted, request) is not None


def _answer_again(token: dict[str, Any], granted: GrantedToken, request: Request) -> None:
    """Put the answer to the first try into `token`. Raises `_SpentMeanwhile` if there is none."""
    answer = kept_answer(granted, request)
    if answer is None:
        raise _SpentMeanwhile
    token.clear()
    token.update(answer)


def _family_of(token: str, client: Application) -> UUID | None:
    checksum = stored_hash(token)
    refresh_tokens = RefreshToken.objects.filter(application=client)
    found = (
        refresh_tokens.filter(token_checksum=checksum).first()
        or refresh_tokens.filter(access_token__token_checksum=checksum).first()
    )
    return found.token_family if found else None
