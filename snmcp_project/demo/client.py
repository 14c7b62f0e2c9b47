"""An MCP client of the Python SDK that registers, signs in and gets its token from nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl

from snmcp_project.demo.person import allow_client, authorization_result

# Nothing listens there: the walk reads the code out of the address instead of opening it.
REDIRECT_URI = "http://127.0.0.1:33418/callback"

OpenBrowser = Callable[[str], Awaitable[str]]


class MemoryStorage:
    """Keeps the client's registration and tokens for as long as this process runs."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        """Return the tokens, if any."""
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Keep the tokens."""
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Return the registration, if any."""
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Keep the registration."""
        self.client = client_info


@asynccontextmanager
async def connected(
    mcp: str, user_name: str, *, storage: MemoryStorage | None = None, name: str = "Smoke walk"
) -> AsyncIterator[Client]:
    """Give an initialised SDK client of the server at `mcp`, working as `user_name`."""

    async def open_browser(authorization_url: str) -> str:
        return await allow_client(authorization_url, user_name, redirect_uri=REDIRECT_URI)

    async with connected_through(open_browser, mcp, storage=storage, name=name) as client:
        yield client


@asynccontextmanager
async def connected_through(
    open_browser: OpenBrowser,
    mcp: str,
    *,
    storage: MemoryStorage | None = None,
    name: str = "Smoke walk",
    mode: str = "auto",
) -> AsyncIterator[Client]:
    """Give an initialised SDK client; it signs in with `open_browser`.

    That function gets the authorization URL and returns the address at which the browser ended,
    one that begins with REDIRECT_URI. `mode` is the SDK's: "auto", "legacy" or a revision.
    """
    address = ""

    async def show(authorization_url: str) -> None:
        nonlocal address
        address = await open_browser(authorization_url)

    async def wait_for_code() -> AuthorizationCodeResult:
        return authorization_result(address)

    provider = OAuthClientProvider(
        mcp,
        OAuthClientMetadata(
            client_name=name,
            redirect_uris=[AnyUrl(REDIRECT_URI)],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            token_endpoint_auth_method="none",  # noqa: S106  # the standard's word
        ),
        storage or MemoryStorage(),
        redirect_handler=show,
        callback_handler=wait_for_code,
    )
    async with (
        httpx2.AsyncClient(auth=provider, timeout=60) as http,
        Client(streamable_http_client(mcp, http_client=http), mode=mode) as client,
    ):
        yield client
