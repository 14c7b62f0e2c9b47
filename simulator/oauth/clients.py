"""Application Registries (`oauth_entity`): the OAuth clients this instance knows."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import ClassVar

from pydantic import ConfigDict

from simulator.instance import Instance, Row
from simulator.sign_in.sealing import opened, sealed

ACCESS_TOKEN_LIFESPAN = 1800
REFRESH_TOKEN_LIFESPAN = 8_640_000
DEMO_CLIENT_ID = "5f3d0c1a9e8b4f7a86d2c0b1e4a79d36"
DEMO_CLIENT_SECRET = "demo-client-secret"  # noqa: S105  # made up, for the demo
DEMO_PUBLIC_CLIENT_ID = "b7a1e6f4c2d84c0f9a35d8e17f60b2c4"
DEMO_REDIRECT_URI = "http://localhost:8080/oauth/callback"

ANY_GRANT = "default"
OPAQUE = "opaque"
JWT = "jwt"

NOT_RESTRICTED = frozenset({"", "broadly_scoped"})


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """One application; lifespans in seconds. `acts_as` is the user name of client credentials.

    `token_format` is `opaque` or `jwt`; a `securely_scoped` client reaches only APIs that are
    linked to a scope of its own. `subject` is the field of `sys_user` that JWT access tokens have
    in `sub`. `sys_id` is that of its row, empty before it is registered.
    """

    client_id: str = DEMO_CLIENT_ID
    client_secret: str = DEMO_CLIENT_SECRET
    name: str = "ServiceNow over MCP"
    redirect_urls: tuple[str, ...] = (DEMO_REDIRECT_URI,)
    public: bool = False
    active: bool = True
    access_token_lifespan: int = ACCESS_TOKEN_LIFESPAN
    refresh_token_lifespan: int = REFRESH_TOKEN_LIFESPAN
    acts_as: str = ""
    token_format: str = OPAQUE
    securely_scoped: bool = False
    inbound_grant_type: str = ANY_GRANT
    subject: str = "sys_id"
    sys_id: str = ""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    def redirect_for(self, asked: str) -> str:
        """Where an answer goes: the URL asked for if it is registered, else the first that is.

        Source: the instance falls back to the first registered URL instead of refusing
        (ServiceNow's "Create an OAuth API endpoint for external clients").
        """
        return asked if asked in self.redirect_urls else self.redirect_urls[0]

    def proves_itself(self, secret: str) -> bool:
        """Whether the secret is this client's; a public client has none to show."""
        if self.public:
            return True
        known = self.client_secret.encode(errors="surrogatepass")
        return bool(known) and compare_digest(secret.encode(errors="surrogatepass"), known)


class ClientRegistry:
    """The clients: rows of `oauth_entity`, which administrators write through the Table API too."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def register(self, client: OAuthClient) -> OAuthClient:
        """Add a client, or put it in the place of the one with its id."""
        values, row = self._values(client), self._row(client.client_id)
        if row is None:
            self._instance.insert("oauth_entity", values)
        else:
            self._instance.update("oauth_entity", row["sys_id"], values)
        return client

    def find(self, client_id: str) -> OAuthClient | None:
        """The client with this id if it is active."""
        row = self._row(client_id) if client_id else None
        client = self._client(row) if row is not None else None
        return client if client is not None and client.active else None

    def all(self) -> list[OAuthClient]:
        """Every client, active or not."""
        rows = self._instance.query("oauth_entity", "type=client^ORDERBYclient_id")
        return [self._client(row) for row in rows]

    def _row(self, client_id: str) -> Row | None:
        found = self._instance.store.rows(
            'SELECT "sys_id", "client_id" FROM "oauth_entity"'
            ' WHERE "client_id" = ? AND "type" = \'client\'',
            (client_id,),
        )
        exact = [sys_id for sys_id, known in found if known == client_id]
        return self._instance.row("oauth_entity", exact[0]) if exact else None

    def _client(self, row: Row) -> OAuthClient:
        urls = (url.strip() for url in row["redirect_url"].split(","))
        person = self._instance.row("sys_user", row["user"]) if row["user"] else None
        return OAuthClient(
            client_id=row["client_id"],
            client_secret=opened(row["client_secret"]),
            name=row["name"],
            redirect_urls=tuple(url for url in urls if url),
            public=row["public_client"] == "true",
            active=row["active"] == "true",
            access_token_lifespan=_seconds(
                row["access_token_lifespan"], default=ACCESS_TOKEN_LIFESPAN
            ),
            refresh_token_lifespan=_seconds(
                row["refresh_token_lifespan"], default=REFRESH_TOKEN_LIFESPAN
            ),
            acts_as=person["user_name"] if person else "",
            token_format=row["token_format"],
            inbound_grant_type=row["inbound_grant_type"] or ANY_GRANT,
            subject=row["sub_claim"] or "sys_id",
            securely_scoped=row["scope_restriction_status"] not in NOT_RESTRICTED,
            sys_id=row["sys_id"],
        )

    def _values(self, client: OAuthClient) -> dict[str, str]:
        person = self._instance.find_user(client.acts_as) if client.acts_as else None
        return {
            "client_id": client.client_id,
            "client_secret": sealed(client.client_secret),
            "name": client.name,
            "redirect_url": ",".join(client.redirect_urls),
            "public_client": "true" if client.public else "false",
            "active": "true" if client.active else "false",
            "access_token_lifespan": str(client.access_token_lifespan),
            "refresh_token_lifespan": str(client.refresh_token_lifespan),
            "user": person["sys_id"] if person else "",
            "token_format": client.token_format,
            "inbound_grant_type": client.inbound_grant_type,
            "sub_claim": client.subject,
            "scope_restriction_status": "securely_scoped" if client.securely_scoped else "",
            "type": "client",
        }


def _seconds(text: str, *, default: int) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return default
