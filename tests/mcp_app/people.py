"""Abel, Beth and Charlie, connected to the simulated instance, and credentials of theirs."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, RefreshToken
from starlette.applications import Starlette

from oauth_app import reconnect_tokens
from oauth_app.models import ClientGrant, Connection, GrantedToken, User
from tests.oauth_app import connected

RIGHTS = {"read": "mcp:read", "write": "mcp:read mcp:write"}


@dataclass(frozen=True)
class Person:
    """A person with their connection."""

    user: User
    connection: Connection

    async def access_token(self, **changed: str | list[str] | timedelta) -> str:
        """An OAuth access token of ours for a client that this person allowed."""
        raw: str = await sync_to_async(self._access_token)(**changed)
        return raw

    async def reconnect_token(self, *, access: str = "write") -> str:
        """A reconnect token that this person made for themselves."""
        raw: str = await sync_to_async(self._reconnect_token)(access=access)
        return raw

    def _access_token(
        self,
        *,
        scope: str = RIGHTS["write"],
        access: str = "write",
        asked: str = "write",
        toolsets: list[str] | None = None,
        resource: str = "",
        lasts: timedelta = timedelta(hours=1),
    ) -> str:
        client = Application.objects.create(
            name="Claude Code",
            client_type=Application.CLIENT_PUBLIC,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            redirect_uris="http://127.0.0.1/callback",
        )
        raw, family = secrets.token_urlsafe(32), uuid4()
        token = AccessToken.objects.create(
            user=self.user,
            application=client,
            token=raw,
            scope=scope,
            expires=timezone.now() + lasts,
            resource=[resource or settings.MCP_RESOURCE],
        )
        RefreshToken.objects.create(
            user=self.user,
            application=client,
            token=secrets.token_urlsafe(32),
            access_token=token,
            token_family=family,
        )
        grant = ClientGrant.objects.create(
            user=self.user,
            application=client,
            redirect_host="127.0.0.1",
            access=access,
            asked_access=asked,
            toolsets=toolsets,
        )
        GrantedToken.objects.create(
            client_grant=grant, code_hash=secrets.token_hex(32), token_family=family
        )
        return raw

    def _reconnect_token(self, *, access: str) -> str:
        _, raw = reconnect_tokens.make(
            user=self.user,
            connection=self.connection,
            name="My laptop",
            access=reconnect_tokens.TokenAccess(access),
        )
        return raw


def connect(user_name: str, simulator: Starlette) -> Person:
    """Sign a person in at the simulated instance, as the sign-in would have stored it."""
    connection = connected.connect(simulator.state.world, user_name)
    return Person(connection.user, connection)
