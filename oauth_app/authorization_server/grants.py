"""What a consent allowed, and how it ends. Every token belongs to exactly one consent."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

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
    remembered_as: str = "",
) -> ClientGrant:
    """Record that `user` lets `application`, at this address, act for them this far.

    There is one live consent for each client and address: what was allowed last counts, also for
    the tokens that the client has already. `asked_access` is what the client wanted: where it
    wanted less than the person might have given, it may come back and ask for more.
    `remembered_as` is not empty where the person need not be asked the same again.
    """
    grant, is_new = ClientGrant.objects.update_or_create(
        user=user,
        application=application,
        redirect_host=redirect_host,
        revoked_at=None,
        defaults={
            "access": access,
            "asked_access": asked_access,
            "toolsets": None if toolsets is None else sorted(toolsets),
            "remembered_as": remembered_as,
        },
    )
    if not is_new:
        announce_revocation()
    return grant


def standing_grant(
    *, user: User, application: Application, redirect_host: str
) -> ClientGrant | None:
    """Return what `user` lets `application` at this address do now; None if nothing."""
    return (
        ClientGrant.objects.live()
        .filter(user=user, application=application, redirect_host=redirect_host)
        .first()
    )


def connected_clients(user: User) -> list[ClientGrant]:
    """Return the consents of `user` that open something, newest first.

    A client holds tokens for it, or would get some without asking.
    """
    holding = RefreshToken.objects.filter(user=user, revoked=None).values("token_family")
    with_tokens = GrantedToken.objects.filter(token_family__in=holding).values("client_grant")
    grants = ClientGrant.objects.live().filter(
        Q(pk__in=with_tokens) | ~Q(remembered_as=""), user=user
    )
    return list(grants.select_related("application").order_by("-created_at", "-pk"))


def ask_again(grant: ClientGrant) -> None:
    """Forget that `grant` was remembered: its client stays connected, and asks the next time."""
    ClientGrant.objects.filter(pk=grant.pk).update(remembered_as="")


def revoke_grant(grant: ClientGrant) -> None:
    """End a consent: its tokens, and a code not yet exchanged, are worthless at once."""
    with transaction.atomic():
        # This row is the lock that `McpValidator` takes too: no token slips through in between.
        live = ClientGrant.objects.live().filter(pk=grant.pk)
        live.update(revoked_at=timezone.now(), remembered_as="")
        for granted in grant.granted_tokens.all():
            RefreshToken.revoke_family(granted.token_family)
            Grant.objects.filter(code=granted.code_hash).delete()
        if grant.is_service_principal:
            AccessToken.objects.filter(application=grant.application_id).delete()
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
