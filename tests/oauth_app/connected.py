"""Connections made without a browser, and what the simulator saw of their refreshes."""

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from oauth_app.connection_tokens import store_sign_in
from oauth_app.instances import default_instance
from oauth_app.models import Connection
from servicenow.oauth import TokenSet
from servicenow.who_am_i import Identity
from simulator.world import World


def connect(world: World, user_name: str = "abel.tuter") -> Connection:
    """Store a sign-in of this person, with tokens the simulator has given out."""
    instance = default_instance()
    client = world.clients.find(settings.SERVICENOW_CLIENT_ID)
    person = world.instance.find_user(user_name)
    assert instance
    assert client
    assert person
    granted = world.credentials.grant(client, user=person["sys_id"], scope="useraccount")
    assert granted.refresh
    tokens = TokenSet(granted.access.token, granted.refresh.token, 1800, "useraccount")
    identity = Identity(
        sys_id=person["sys_id"], user_name=user_name, name=person["name"], email=person["email"]
    )
    ends = timezone.now() + timedelta(seconds=1800)
    return store_sign_in(instance, tokens=tokens, identity=identity, ends=ends)


def expire(world: World, *connections: Connection, ago: float = 1) -> None:
    """Let the access tokens end, here and there; negative: so many seconds from now."""
    there = round(1800 + ago)
    world.clock.advance(there)
    Connection.objects.filter(pk__in=[each.pk for each in connections]).update(
        access_token_expires_at=timezone.now() - timedelta(seconds=ago), next_refresh_at=None
    )


def change(connection: Connection, **values: Any) -> Connection:
    """Write some columns and return the row anew."""
    Connection.objects.filter(pk=connection.pk).update(**values)
    return read(connection)


def read(connection: Connection) -> Connection:
    """Return the row as it is now."""
    return Connection.objects.select_related("instance", "user").get(pk=connection.pk)


def refreshes(world: World) -> int:
    """Return how often the token endpoint was asked."""
    return sum(entry.path == "/oauth_token.do" for entry in world.journal)


def change_secret(world: World, secret: str) -> None:
    """Change our client's secret on the instance."""
    client = world.clients.find(settings.SERVICENOW_CLIENT_ID)
    assert client
    world.clients.register(type(client)(**{**vars(client), "client_secret": secret}))


aconnect = sync_to_async(connect)
aexpire = sync_to_async(expire)
achange = sync_to_async(change)
aread = sync_to_async(read)
