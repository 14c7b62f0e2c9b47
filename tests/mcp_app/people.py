"""Abel, Beth and Charlie, connected to the simulated instance, and credentials of theirs."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, RefreshToken
from starlette.applications import Starlette

from oauth_app import reconnect_tokens
from oauth_app.models import ClientGrant, Connection, GrantedToken, Instance, User
from simulator.oauth_credentials import Granted

USER_NAMES = {"abel": "abel.tuter", "beth": "beth.anglin", "charlie": "charlie.whitherspoon"}
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


def connect(name: str, simulator: Starlette) -> Person:
    """Sign one of the three in at the simulated instance, as the sign-in would have stored it."""
    instance, _ = Instance.objects.get_or_create(
        base_url=settings.SERVICENOW_INSTANCE_URL,
        defaults={
            "client_id": settings.SERVICENOW_CLIENT_ID,
            "client_secret": settings.SERVICENOW_CLIENT_SECRET,
            "is_default": True,
        },
    )
    user_name = USER_NAMES[name]
    row = person_row(simulator, user_name)
    user = User.objects.create(username=f"{user_name}@localhost:8090", first_name=name)
    tokens = servicenow_tokens(simulator, sys_id=row["sys_id"])
    assert tokens.refresh is not None
    connection = Connection(
        user=user,
        instance=instance,
        sys_id=row["sys_id"],
        user_name=user_name,
        name=row["name"],
        access_token=tokens.access.token,
        access_token_expires_at=timezone.now() + timedelta(minutes=30),
        refresh_token=tokens.refresh.token,
        refresh_token_expires_at=timezone.now() + timedelta(days=100),
    )
    connection.save()
    return Person(user, connection)


def person_row(simulator: Starlette, user_name: str) -> dict[str, Any]:
    """The row of a person in the simulated instance."""
    rows = simulator.state.instance.store.rows(
        "SELECT sys_id, name FROM sys_user WHERE user_name = ?", (user_name,)
    )
    return dict(zip(("sys_id", "name"), rows[0], strict=True))


def servicenow_tokens(simulator: Starlette, *, sys_id: str) -> Granted:
    """Tokens of ServiceNow for one person, as a sign-in there gives them."""
    world = simulator.state.world
    client = world.clients.find(settings.SERVICENOW_CLIENT_ID)
    granted: Granted = world.credentials.grant(client, user=sys_id, scope="useraccount")
    return granted
