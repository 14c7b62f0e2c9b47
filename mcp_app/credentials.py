"""What a verified credential proves: the person, their connection, and how far it goes.

These are the database's facts of one moment, as plain values; synchronous, for a thread.
"""

from dataclasses import dataclass, replace
from typing import Literal

from oauth_app import reconnect_tokens
from oauth_app.authorization_server.provider_settings import READ_SCOPE, WRITE_SCOPE
from oauth_app.authorization_server.resources import MCP_PATH, resource_at
from oauth_app.authorization_server.verification import VerifiedToken, verify_access_token
from oauth_app.models import Connection, ReconnectToken
from oauth_app.models.connections import State
from oauth_app.models.reconnect_tokens import TokenAccess


@dataclass(frozen=True)
class ConnectedPerson:
    """A person on an instance, and whether that connection was ended on purpose."""

    connection_id: int
    instance_id: int
    instance_url: str
    sys_id: str
    user_name: str
    name: str
    is_disconnected: bool


@dataclass(frozen=True)
class Credential:
    """A verified credential; `toolsets` is None where it does not narrow them.

    `path` is where an access token was presented: a client that asks for more asks for there.
    """

    kind: Literal["oauth", "reconnect", "service"]
    id: str
    user_id: int
    user_name: str
    client_id: str
    client_name: str
    scopes: tuple[str, ...]
    access: Literal["read", "write"]
    toolsets: frozenset[str] | None
    connected: ConnectedPerson | None
    may_widen: bool = False
    path: str = MCP_PATH

    def widened(self) -> "Credential":
        """What it would be, had the client asked for all that the person allows it."""
        return replace(self, access="write") if self.may_widen else self


def credential_of_access_token(
    raw: str, *, path: str = MCP_PATH, address: str = ""
) -> Credential | None:
    """Return what an OAuth access token of ours proves at `path`; None if it opens nothing there.

    It writes only where both its scope and the consent say so. Where the scope does not, because
    the client never asked or asked for less later, and the person did not narrow it, the client
    may come back and ask for more (`may_widen`).
    """
    token = verify_access_token(raw, resource=resource_at(path), address=address)
    if token is None:
        return None
    is_wide = WRITE_SCOPE in token.scopes
    may_write = token.access == TokenAccess.WRITE
    return Credential(
        kind="oauth" if token.service_client is None else "service",
        id=str(token.token_id),
        user_id=token.user.pk,
        user_name=token.user.get_username(),
        client_id=token.application.client_id,
        client_name=token.client_name,
        scopes=tuple(sorted(token.scopes)),
        access="write" if is_wide and may_write else "read",
        toolsets=token.toolsets,
        connected=_connection_of(token),
        may_widen=not is_wide and (may_write or token.asked_for_less),
        path=path,
    )


def credential_of_reconnect_token(raw: str, *, address: str, client: str) -> Credential | None:
    """Return what a reconnect token proves; None if it is unknown, over, idle or revoked.

    Notes that it was used, from where, and by what.
    """
    token = reconnect_tokens.find(raw)
    if token is None:
        return None
    reconnect_tokens.touch(token, address=address, client=client)
    return _of_reconnect_token(token)


def _of_reconnect_token(token: ReconnectToken) -> Credential:
    may_write = token.access == TokenAccess.WRITE
    return Credential(
        kind="reconnect",
        id=str(token.pk),
        user_id=token.user_id,
        user_name=token.user.get_username(),
        client_id=f"reconnect:{token.pk}",
        client_name=token.name,
        scopes=(READ_SCOPE, WRITE_SCOPE) if may_write else (READ_SCOPE,),
        access="write" if may_write else "read",
        toolsets=None,
        connected=_facts(token.connection),
    )


def _connection_of(token: VerifiedToken) -> ConnectedPerson | None:
    """The connection that a service principal was made for; for other clients the person's.

    That is one that serves, else the one they last signed in to.
    """
    if token.service_client is not None:
        return _facts(token.service_client.connection)
    connections = Connection.objects.filter(user=token.user).select_related("instance")
    ordered = sorted(
        connections, key=lambda one: (one.is_active, one.signed_in_at, one.pk), reverse=True
    )
    return _facts(ordered[0]) if ordered else None


def _facts(connection: Connection) -> ConnectedPerson:
    return ConnectedPerson(
        connection_id=connection.pk,
        instance_id=connection.instance_id,
        instance_url=connection.instance.base_url,
        sys_id=connection.sys_id,
        user_name=connection.user_name,
        name=connection.name,
        is_disconnected=connection.state == State.DISCONNECTED,
    )
