"""Application Registries (`oauth_entity`): the OAuth clients this instance knows."""

import json
from dataclasses import asdict, dataclass
from hmac import compare_digest
from typing import Any, ClassVar

from pydantic import ConfigDict

from simulator.data.store import Store

ACCESS_TOKEN_LIFESPAN = 1800
REFRESH_TOKEN_LIFESPAN = 8_640_000
DEMO_CLIENT_ID = "5f3d0c1a9e8b4f7a86d2c0b1e4a79d36"
DEMO_CLIENT_SECRET = "demo-client-secret"  # noqa: S105  # made up, for the demo
DEMO_PUBLIC_CLIENT_ID = "b7a1e6f4c2d84c0f9a35d8e17f60b2c4"
DEMO_REDIRECT_URI = "http://localhost:8080/oauth/callback"


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """One application; lifespans in seconds. `acts_as` is the user name of client credentials."""

    client_id: str = DEMO_CLIENT_ID
    client_secret: str = DEMO_CLIENT_SECRET
    name: str = "ServiceNow over MCP"
    redirect_urls: tuple[str, ...] = (DEMO_REDIRECT_URI,)
    public: bool = False
    active: bool = True
    access_token_lifespan: int = ACCESS_TOKEN_LIFESPAN
    refresh_token_lifespan: int = REFRESH_TOKEN_LIFESPAN
    acts_as: str = ""

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
        return compare_digest(secret.encode(), self.client_secret.encode())


class ClientRegistry:
    """The clients, kept in the instance's database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.install()

    def install(self) -> None:
        """Create the table if it is missing."""
        self._store.write(
            "CREATE TABLE IF NOT EXISTS oauth_entity (client_id TEXT PRIMARY KEY, facts TEXT)"
        )

    def register(self, client: OAuthClient) -> OAuthClient:
        """Add a client, or put it in the place of the one with its id."""
        self._store.write(
            "INSERT OR REPLACE INTO oauth_entity (client_id, facts) VALUES (?, ?)",
            (client.client_id, json.dumps(asdict(client))),
        )
        return client

    def find(self, client_id: str) -> OAuthClient | None:
        """The client with this id if it is active."""
        client = self._read(client_id)
        return client if client is not None and client.active else None

    def all(self) -> list[OAuthClient]:
        """Every client, active or not."""
        rows = self._store.rows("SELECT facts FROM oauth_entity ORDER BY client_id")
        return [_client(facts) for (facts,) in rows]

    def _read(self, client_id: str) -> OAuthClient | None:
        rows = self._store.rows("SELECT facts FROM oauth_entity WHERE client_id = ?", (client_id,))
        return _client(rows[0][0]) if rows else None


def _client(facts: str) -> OAuthClient:
    values: dict[str, Any] = json.loads(facts)
    values["redirect_urls"] = tuple(values["redirect_urls"])
    return OAuthClient(**values)
