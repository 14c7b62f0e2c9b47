"""The tokens that came of one code: each refresh adds a pair, and they end together."""

from uuid import UUID

from django.db import transaction
from oauth2_provider.models import RefreshToken

from oauth_app.authorization_server.grants import ask_again, revoke_grant
from oauth_app.models import ClientGrant, GrantedToken, RefreshAnswer
from oauth_app.revocations import announce_revocation


def end_family(token_family: UUID | None) -> None:
    """End these tokens at once, and their consent where no other tokens hang on it.

    One consent may have several families: a client that is known by its document's address is the
    same on every computer of a person, and what was stolen or signed out on one says nothing of
    the others. The client is asked about again before it gets more.
    """
    granted = GrantedToken.objects.filter(token_family=token_family).first()
    if token_family is None or granted is None:
        return
    with transaction.atomic():
        # The lock that `McpValidator` takes too, and first, so that none waits for the other.
        grant = ClientGrant.objects.select_for_update().get(pk=granted.client_grant_id)
        RefreshToken.revoke_family(token_family)
        RefreshAnswer.objects.filter(granted_token=granted).delete()
        families = grant.granted_tokens.values("token_family")
        if RefreshToken.objects.filter(revoked=None, token_family__in=families).exists():
            ask_again(grant)
            announce_revocation()
        else:
            revoke_grant(grant)
