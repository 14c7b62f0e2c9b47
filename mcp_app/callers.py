"""From a verified credential to the person who acts, and to that person's client.

The caller is built anew for each request, from the credential of that request and nothing else.
The client of a connection is kept for some minutes, because it remembers the instance's
dictionary and choices as that person sees them; it holds no token, and no other person's ever
reaches it.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings

from mcp_app.credentials import ConnectedPerson, Credential
from mcp_app.event_loops import PerEventLoop
from mcp_app.failures import NotConnected
from oauth_app.http import sign_in_address
from oauth_app.tokens import ConnectionTokens
from servicenow.client import ServiceNowClient
from servicenow.http import shared_client
from tools_app.identity import Caller

_KEPT_SECONDS = 600.0
_MOST_KEPT = 1_000
_NOBODY = ConnectedPerson(0, 0, "", "", "", "", is_disconnected=True)


def sign_in_url(credential: Credential) -> str:
    """Where the person signs in again, at the instance they were connected to."""
    connected = credential.connected
    instance_id = connected.instance_id if connected else None
    return f"{settings.PUBLIC_BASE_URL}{sign_in_address(instance_id=instance_id)}"


def caller_of(credential: Credential) -> Caller:
    """Return who is acting. A person without a connection may list tools, not call them."""
    person = credential.connected or _NOBODY
    return Caller(
        user_id=credential.user_id,
        connection_id=person.connection_id,
        instance_id=person.instance_id,
        sys_id=person.sys_id,
        user_name=person.user_name,
        name=person.name,
        instance_url=person.instance_url,
        access=credential.access,
        toolsets=credential.toolsets,
        credential=credential.kind,
        client_name=credential.client_name,
        sign_in_url=sign_in_url(credential),
    )


def require_connection(credential: Credential) -> None:
    """Raise `NotConnected` where the person has no connection or ended it."""
    if credential.connected is None or credential.connected.is_disconnected:
        raise NotConnected


class Clients:
    """The clients of one event loop, by connection and address."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[int, str], tuple[float, ServiceNowClient]] = OrderedDict()

    def client_of(self, caller: Caller) -> ServiceNowClient:
        """Return the caller's own client, which asks for their token at each request."""
        name = (caller.connection_id, caller.instance_url)
        kept_until, client = self._kept.get(name, (0.0, None))
        if client is None or self._clock() >= kept_until:
            client = _new_client(caller)
            self._kept[name] = (self._clock() + _KEPT_SECONDS, client)
        self._kept.move_to_end(name)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return client


def _new_client(caller: Caller) -> ServiceNowClient:
    return ServiceNowClient(
        caller.instance_url,
        http=shared_client(),
        tokens=ConnectionTokens(caller.connection_id),
        deadline_seconds=settings.SERVICENOW_TIMEOUT_SECONDS,
    )


_clients = PerEventLoop(Clients)


def client_of(caller: Caller) -> ServiceNowClient:
    """Return the caller's own client on this event loop."""
    return _clients.current().client_of(caller)
