"""Clients in Python: the SDK's in both eras, and fastmcp's."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import fastmcp
import httpx2
from fastmcp.client.auth import OAuth
from key_value.aio.stores.filetree import FileTreeStore, FileTreeV1KeySanitizationStrategy
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from snmcp_project.demo.client import REDIRECT_URI, MemoryStorage, connected_through
from tests.end_to_end.clients.stage import Call, OpenBrowser, Person, Stage, ToolRefused


class PythonClient:
    """The SDK's client, connected."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a tool; returns its structured content. Raises ToolRefused."""
        answer = await self._client.call_tool(tool, dict(arguments))
        if answer.is_error or answer.structured_content is None:
            raise ToolRefused(str(answer.content))
        return dict(answer.structured_content)

    async def tool_names(self) -> list[str]:
        """List the names of the tools there are."""
        return [tool.name for tool in (await self._client.list_tools()).tools]


@asynccontextmanager
async def python_client(
    stage: Stage, open_browser: OpenBrowser, *, mode: str, storage: MemoryStorage | None = None
) -> AsyncIterator[PythonClient]:
    """Connect the SDK's client; `mode` is "legacy" or a revision without sessions."""
    browser = partial(open_browser, redirect_uri=REDIRECT_URI)
    async with connected_through(
        browser, stage.mcp, storage=storage, name=f"Python {mode}", mode=mode
    ) as client:
        yield PythonClient(client)


@asynccontextmanager
async def python_client_with_header(
    stage: Stage, open_browser: OpenBrowser, *, mode: str
) -> AsyncIterator[PythonClient]:
    """Sign in with one client, and connect another that sends the token in a fixed header.

    The SDK's OAuth lets no request leave while it waits for the head of an answer, not even the
    notification that cancels the call which is waited for.
    """
    storage = MemoryStorage()
    async with python_client(stage, open_browser, mode=mode, storage=storage) as client:
        await client.tool_names()
    assert storage.tokens is not None
    headers = {"Authorization": f"Bearer {storage.tokens.access_token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(stage.mcp, http_client=http), mode=mode) as client_with_it,
    ):
        yield PythonClient(client_with_it)


@asynccontextmanager
async def python_sdk(stage: Stage, person: Person, *, mode: str) -> AsyncIterator[Call]:
    """Connect the SDK's client as a person."""
    async with python_client(stage, person.open, mode=mode) as client:
        yield client.call


class OAuthOfPerson(OAuth):
    """fastmcp's own OAuth, with this person's browser in the place of the desktop's."""

    def __init__(self, person: Person, stage: Stage) -> None:
        names = FileTreeV1KeySanitizationStrategy(stage.home)
        tokens = FileTreeStore(data_directory=stage.home, key_sanitization_strategy=names)
        super().__init__(client_name="fastmcp", token_storage=tokens)
        self._person = person
        self._walks: set[asyncio.Task[str]] = set()

    async def redirect_handler(self, authorization_url: str) -> None:
        """Open the address while fastmcp begins to listen for the answer."""
        self._walks.add(asyncio.create_task(self._person.open(authorization_url)))


@asynccontextmanager
async def fastmcp_client(stage: Stage, person: Person, *, mode: str) -> AsyncIterator[Call]:
    """Connect fastmcp's client; `mode` is as the SDK's."""
    oauth = OAuthOfPerson(person, stage)
    async with fastmcp.Client(stage.mcp, auth=oauth, mode=mode) as client:

        async def call(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
            answer = await client.call_tool(tool, dict(arguments), raise_on_error=False)
            if answer.is_error or answer.structured_content is None:
                raise ToolRefused(str(answer.content))
            return dict(answer.structured_content)

        yield call
