"""Tokens (`oauth_credential`): one live pair for each person and client, handed out again."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.data.store import Cell
from simulator.instance import Instance
from simulator.oauth.clients import JWT, OAuthClient
from simulator.oauth.signing_keys import SigningKeys
from simulator.oauth.switches import OAuthSwitches
from simulator.sign_in.sealing import opened, sealed

TOKEN_BYTES = 64  # 86 characters, the length of the tokens in ServiceNow's own samples
OPENID = "openid"  # the scope with which a client asks who signed in
ACCESS = "access"
REFRESH = "refresh"

_TYPES = {ACCESS: "access_token", REFRESH: "refresh_token"}
_LATEST = 253_402_300_799  # the last second of the year 9999
_SELECT = """
SELECT c."token", c."type", c."user", coalesce(e."client_id", ''), c."scopes", c."expires",
       c."peer"
FROM "oauth_credential" c LEFT JOIN "oauth_entity" e ON e."sys_id" = c."peer" WHERE
"""
_TRAITS = {
    "token": '"token" = ?',
    "user": '"user" = ?',
    "client_id": '"peer" IN (SELECT "sys_id" FROM "oauth_entity" WHERE "client_id" = ?)',
    "type": '"type" = ?',
}


@dataclass(frozen=True, kw_only=True)
class Credential:
    """One token. `user` and `peer` (the client) are sys_ids, `expires` seconds since 1970."""

    token: str
    type: str
    user: str
    client_id: str
    scope: str
    expires: int
    peer: str = ""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What a grant gives; `id_token` is empty unless the client asked for `openid`."""

    access: Credential
    refresh: Credential | None
    id_token: str = ""

    def as_json(self, *, now: int) -> dict[str, Any]:
        """The body of the token endpoint's answer; `expires_in` is what is left of the life."""
        refresh = {"refresh_token": self.refresh.token} if self.refresh else {}
        return {
            "access_token": self.access.token,
            **refresh,
            "scope": self.access.scope,
            "token_type": "Bearer",
            "expires_in": self.access.expires - now,
            **({"id_token": self.id_token} if self.id_token else {}),
        }


class Credentials:
    """Every token of the instance: rows of `oauth_credential`, which may be revoked there too.

    `now` gives seconds since 1970, `keys` sign the tokens of clients whose format is JWT.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        now: Callable[[], int],
        switches: OAuthSwitches,
        keys: SigningKeys,
    ) -> None:
        self._instance = instance
        self._now = now
        self._switches = switches
        self._keys = keys

    def grant(
        self, client: OAuthClient, *, user: str, scope: str, with_refresh: bool = True
    ) -> Granted:
        """Answer an interactive grant: live tokens are given again, with their full life anew."""
        access = self._renewed(client, user=user, scope=scope, type_=ACCESS)
        refresh = (
            self._renewed(client, user=user, scope=scope, type_=REFRESH) if with_refresh else None
        )
        id_token = self._identity(client, access) if OPENID in scope.split() else ""
        return Granted(access=access, refresh=refresh, id_token=id_token)

    def refresh(self, client: OAuthClient, *, refresh_token: str) -> Granted | None:
        """Answer a refresh: the live access token or a new one, and the same refresh token.

        The refresh token's life is not extended. `None` if it is not a live one of the client.
        """
        old = self.live(refresh_token, type_=REFRESH)
        if old is None or old.client_id != client.client_id:
            return None
        access = self._reusable(client, user=old.user, type_=ACCESS) or self._mint(
            client, user=old.user, scope=old.scope, type_=ACCESS
        )
        if not self._switches.rotate_refresh:
            return Granted(access=access, refresh=old)
        self._rotate_out(old)
        new = self._mint(client, user=old.user, scope=old.scope, type_=REFRESH)
        return Granted(access=access, refresh=new)

    def reused(self, refresh_token: str) -> None:
        """A refresh token was presented that is not alive: where it was, all of its kin end."""
        old = self._one('c."token" = ? AND c."type" = ?', (sealed(refresh_token), _TYPES[REFRESH]))
        if old is not None and self._switches.reuse_ends_all:
            self.expire(user=old.user, client_id=old.client_id)

    def live(self, token: str, *, type_: str) -> Credential | None:
        """The token of that type if there is such a one and it has not expired."""
        found = self._one(
            'c."token" = ? AND c."type" = ? AND c."expires" > ?',
            (sealed(token), _TYPES[type_], _moment(self._now())),
        )
        if found is None or found.token != token or found.expires <= self._now():
            return None
        return found

    def expire(
        self, *, token: str = "", user: str = "", client_id: str = "", type_: str = ""
    ) -> int:
        """Mark live tokens expired that have all the given traits; how many there were."""
        traits = {
            "token": sealed(token),
            "user": user,
            "client_id": client_id,
            "type": _TYPES.get(type_, type_),
        }
        given = {name: value for name, value in traits.items() if value}
        where = "".join(f" AND {_TRAITS[name]}" for name in given)
        now = _moment(self._now())
        return self._instance.store.write(
            f'UPDATE "oauth_credential" SET "expires" = ? WHERE "expires" > ?{where}',  # noqa: S608  # fixed texts
            (now, now, *given.values()),
        )

    def alive(self) -> list[Credential]:
        """Every token that has not expired, the one that lives longest first."""
        rows = self._instance.store.rows(
            _SELECT + 'c."expires" > ? ORDER BY c."expires" DESC', (_moment(self._now()),)
        )
        return [_credential(row) for row in rows]

    def clear(self) -> None:
        """Forget every token."""
        self._instance.store.write('DELETE FROM "oauth_credential"')

    def _rotate_out(self, old: Credential) -> None:
        """End a refresh token, at once or in a while."""
        until = min(old.expires, self._now() + int(self._switches.rotation_grace))
        self._instance.store.write(
            'UPDATE "oauth_credential" SET "expires" = ? WHERE "token" = ?',
            (_moment(until), sealed(old.token)),
        )

    def _renewed(self, client: OAuthClient, *, user: str, scope: str, type_: str) -> Credential:
        old = self._reusable(client, user=user, type_=type_)
        if old is None or (type_ == ACCESS and client.token_format == JWT):
            return self._mint(client, user=user, scope=scope, type_=type_)
        expires = self._expiry(client, type_=type_)
        self._instance.store.write(
            'UPDATE "oauth_credential" SET "expires" = ?, "scopes" = ? WHERE "token" = ?',
            (_moment(expires), scope, sealed(old.token)),
        )
        return Credential(
            token=old.token,
            type=type_,
            user=user,
            client_id=client.client_id,
            scope=scope,
            expires=expires,
            peer=old.peer,
        )

    def _reusable(self, client: OAuthClient, *, user: str, type_: str) -> Credential | None:
        if type_ == ACCESS and not self._switches.reuse_access_token:
            return None
        return self._one(
            'c."user" = ? AND e."client_id" = ? AND c."type" = ? AND c."expires" > ?',
            (user, client.client_id, _TYPES[type_], _moment(self._now())),
        )

    def _mint(self, client: OAuthClient, *, user: str, scope: str, type_: str) -> Credential:
        expires = self._expiry(client, type_=type_)
        is_signed = type_ == ACCESS and client.token_format == JWT
        token = (
            self._signed(client, user=user, scope=scope, expires=expires)
            if is_signed
            else secrets.token_urlsafe(TOKEN_BYTES)
        )
        peer = self._peer(client)
        self._instance.insert(
            "oauth_credential",
            {
                "token": sealed(token),
                "type": _TYPES[type_],
                "user": user,
                "peer": peer,
                "scopes": scope,
                "expires": _moment(expires),
            },
            as_user=user,
        )
        return Credential(
            token=token,
            type=type_,
            user=user,
            client_id=client.client_id,
            scope=scope,
            expires=expires,
            peer=peer,
        )

    def _identity(self, client: OAuthClient, access: Credential) -> str:
        return self._signed(client, user=access.user, scope=access.scope, expires=access.expires)

    def _signed(self, client: OAuthClient, *, user: str, scope: str, expires: int) -> str:
        subject = self._subject(client, user=user)
        return self._keys.token(
            client_id=client.client_id, subject=subject, scope=scope, expires=expires
        )

    def _subject(self, client: OAuthClient, *, user: str) -> str:
        person = self._instance.row("sys_user", user) or {}
        return person.get(client.subject) or user

    def _peer(self, client: OAuthClient) -> str:
        found = self._instance.store.scalar(
            'SELECT "sys_id" FROM "oauth_entity" WHERE "client_id" = ?', (client.client_id,)
        )
        return str(found or "")

    def _expiry(self, client: OAuthClient, *, type_: str) -> int:
        lifespan = (
            client.access_token_lifespan if type_ == ACCESS else client.refresh_token_lifespan
        )
        return min(self._now() + max(lifespan, 0), _LATEST)

    def _one(self, where: str, values: tuple[Cell, ...]) -> Credential | None:
        rows = self._instance.store.rows(
            f'{_SELECT}{where} ORDER BY c."expires" DESC, c.rowid DESC LIMIT 1', values
        )
        return _credential(rows[0]) if rows else None


def _credential(row: tuple[str, ...]) -> Credential:
    token, kind, user, client_id, scope, expires, peer = row
    return Credential(
        token=opened(token),
        type=ACCESS if kind == _TYPES[ACCESS] else REFRESH,
        user=user,
        client_id=client_id,
        scope=scope,
        expires=_seconds(expires),
        peer=peer,
    )


def _moment(seconds: int) -> str:
    """Seconds since 1970 as they are stored, to compare as text."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _seconds(moment: str) -> int:
    try:
        return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())
    except ValueError:  # an administrator has written something else there
        return 0
