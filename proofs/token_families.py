"""Run inside the apps: `main N` gives N clients of one person a refresh token each.

Prints [[client id, refresh token], …] as JSON. What consent and exchange of a code leave behind is
written as they would.
"""

import json
import secrets
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, RefreshToken

from oauth_app.models import ClientGrant, GrantedToken, User


def main(number: str) -> None:
    """Make and print them, of the person who signed in last."""
    person = User.objects.filter(is_active=True).latest("pk")
    print(json.dumps([_family(person) for _ in range(int(number))]))


def _family(person: User) -> tuple[str, str]:
    client = Application.objects.create(
        name="Proof",
        client_type=Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris="http://127.0.0.1/callback",
    )
    raw, family = secrets.token_urlsafe(32), uuid4()
    access = AccessToken.objects.create(
        user=person,
        application=client,
        token=secrets.token_urlsafe(32),
        scope="mcp:read mcp:write",
        expires=timezone.now() + timedelta(hours=1),
        resource=[settings.MCP_RESOURCE],
    )
    RefreshToken.objects.create(
        user=person, application=client, token=raw, access_token=access, token_family=family
    )
    grant = ClientGrant.objects.create(
        user=person,
        application=client,
        redirect_host="127.0.0.1",
        access="write",
        asked_access="write",
    )
    GrantedToken.objects.create(
        client_grant=grant, code_hash=secrets.token_hex(32), token_family=family
    )
    return client.client_id, raw
