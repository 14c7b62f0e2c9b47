"""What a consent allowed, and how it ends. Every token belongs to exactly one consent."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import Application, Grant, RefreshToken

from oauth_app.models import ClientGrant, GrantedToken, User
from oauth_app.revocations import announce_revocation


def grant_access(
    *,
    user: User,
    application: Application,
    redirect_host: str,
    access: str,
    asked_access: str,
    toolsets: Sequence[str] | None,
) -> ClientGrant:
    """Record that `user` lets `application` act for them this far, and return the consent.

    `asked_access` is what the client wanted: where it wanted less than the person might have
    given, it may come back and ask for more.
    """
    return ClientGrant.objects.create(
        user=user,
        application=application,
        redirect_host=redirect_host,
        access=access,
        asked_access=asked_access,
        toolsets=None if toolsets is None else sorted(toolsets),
    )


def connected_clients(user: User) -> list[ClientGrant]:
    """Return the consents of `user` that a client still holds tokens for, newest first."""
    holding = RefreshToken.objects.filter(user=user, revoked=None).values("token_family")
    grants = ClientGrant.objects.live().filter(user=user, granted_tokens__token_family__in=holding)
    return list(grants.select_related("application").order_by("-created_at"))


def revoke_grant(grant: ClientGrant) -> None:
    """End a consent: its tokens, and a code not yet exchanged, are worthless at once."""
    with transaction.atomic():
        # This row is the lock that `McpValidator` takes too: no token slips through in between.
        ClientGrant.objects.live().filter(pk=grant.pk).update(revoked_at=timezone.now())
        for granted in grant.granted_tokens.all():
            RefreshToken.revoke_family(granted.token_family)
            Grant.objects.filter(code=granted.code_hash).delete()
        announce_revocation()


def revoke_grants(grants: Iterable[ClientGrant]) -> int:
    """End several consents and return how many there were."""
    ended = list(grants)
    for grant in ended:
        revoke_grant(grant)
    return len(ended)


def grant_of_family(token_family: UUID | None) -> ClientGrant | None:
    """Return the consent that a family of tokens belongs to; None if there is none."""
    if token_family is None:
        return None
    granted = (
        GrantedToken.objects.filter(token_family=token_family)
        .select_related("client_grant__application")
        .first()
    )
    return granted.client_grant if granted else None
