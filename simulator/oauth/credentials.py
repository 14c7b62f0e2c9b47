"""Tokens (`oauth_credential`): one live pair for each person and client, handed out again."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.data.store import Cell, Store
from simulator.oauth.clients import OAuthClient
from simulator.oauth.switches import OAuthSwitches

TOKEN_BYTES = 64  # 86 characters, the length of the tokens in ServiceNow's own samples
ACCESS = "access"
REFRESH = "refresh"

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS oauth_credential (
    token TEXT PRIMARY KEY, type TEXT NOT NULL, user TEXT NOT NULL, client_id TEXT NOT NULL,
    scope TEXT NOT NULL, expires INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS oauth_credential_owner ON oauth_credential (user, client_id, type)",
)
_SELECT = "SELECT token, type, user, client_id, scope, expires FROM oauth_credential WHERE "


@dataclass(frozen=True, kw_only=True)
class Credential:
    """One token. `user` is a sys_id, `expires` seconds since 1970."""

    token: str
    type: str
    user: str
    client_id: str
    scope: str
    expires: int


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What a grant gives."""

    access: Credential
    refresh: Credential | None

    def as_json(self, *, now: int) -> dict[str, Any]:
        """The body of the token endpoint's answer; `expires_in` is what is left of the life."""
        refresh = {"refresh_token": self.refresh.token} if self.refresh else {}
        return {
            "access_token": self.access.token,
            **refresh,
            "scope": self.access.scope,
            "token_type": "Bearer",
            "expires_in": self.access.expires - now,
        }


class Credentials:
    """Every token of the instance, kept in its database. `now` gives seconds since 1970."""

    def __init__(self, store: Store, *, now: Callable[[], int], switches: OAuthSwitches) -> None:
        self._store = store
        self._now = now
        self._switches = switches
        self.install()

    def install(self) -> None:
        """Create the table if it is missing."""
        for statement in _SCHEMA:
            self._store.write(statement)

    def grant(
        self, client: OAuthClient, *, user: str, scope: str, with_refresh: bool = True
    ) -> Granted:
        """Answer an interactive grant: live tokens are given again, with their full life anew."""
        access = self._renewed(client, user=user, scope=scope, type_=ACCESS)
        refresh = (
            self._renewed(client, user=user, scope=scope, type_=REFRESH) if with_refresh else None
        )
        return Granted(access=access, refresh=refresh)

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
        self.expire(token=refresh_token)
        new = self._mint(client, user=old.user, scope=old.scope, type_=REFRESH)
        return Granted(access=access, refresh=new)

    def live(self, token: str, *, type_: str) -> Credential | None:
        """The token of that type if there is such a one and it has not expired."""
        return self._one("token = ? AND type = ? AND expires > ?", (token, type_, self._now()))

    def expire(
        self, *, token: str = "", user: str = "", client_id: str = "", type_: str = ""
    ) -> int:
        """Mark live tokens expired that have all the given traits; how many there were."""
        traits = {"token": token, "user": user, "client_id": client_id, "type": type_}
        given = {name: value for name, value in traits.items() if value}
        where = "".join(f" AND {name} = ?" for name in given)
        return self._store.write(
            f"UPDATE oauth_credential SET expires = ? WHERE expires > ?{where}",  # noqa: S608  # fixed names
            (self._now(), self._now(), *given.values()),
        )

    def clear(self) -> None:
        """Forget every token."""
        self._store.write("DELETE FROM oauth_credential")

    def _renewed(self, client: OAuthClient, *, user: str, scope: str, type_: str) -> Credential:
        old = self._reusable(client, user=user, type_=type_)
        if old is None:
            return self._mint(client, user=user, scope=scope, type_=type_)
        return self._save(
            Credential(
                token=old.token,
                type=type_,
                user=user,
                client_id=client.client_id,
                scope=scope,
                expires=self._expiry(client, type_=type_),
            )
        )

    def _reusable(self, client: OAuthClient, *, user: str, type_: str) -> Credential | None:
        if type_ == ACCESS and not self._switches.reuse_access_token:
            return None
        return self._one(
            "user = ? AND client_id = ? AND type = ? AND expires > ?",
            (user, client.client_id, type_, self._now()),
        )

    def _mint(self, client: OAuthClient, *, user: str, scope: str, type_: str) -> Credential:
        return self._save(
            Credential(
                token=secrets.token_urlsafe(TOKEN_BYTES),
                type=type_,
                user=user,
                client_id=client.client_id,
                scope=scope,
                expires=self._expiry(client, type_=type_),
            )
        )

    def _expiry(self, client: OAuthClient, *, type_: str) -> int:
        lifespan = (
            client.access_token_lifespan if type_ == ACCESS else client.refresh_token_lifespan
        )
        return self._now() + lifespan

    def _save(self, credential: Credential) -> Credential:
        self._store.write(
            "INSERT OR REPLACE INTO oauth_credential (token, type, user, client_id, scope, expires)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                credential.token,
                credential.type,
                credential.user,
                credential.client_id,
                credential.scope,
                credential.expires,
            ),
        )
        return credential

    def _one(self, where: str, values: tuple[Cell, ...]) -> Credential | None:
        rows = self._store.rows(_SELECT + where + " ORDER BY expires DESC, rowid DESC", values)
        if not rows:
            return None
        token, type_, user, client_id, scope, expires = rows[0]
        return Credential(
            token=token,
            type=type_,
            user=user,
            client_id=client_id,
            scope=scope,
            expires=int(expires),
        )
