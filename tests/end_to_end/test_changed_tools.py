"""An operator takes a tool away and gives it back: clients that are open hear of it at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.session import IncomingMessage
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import Subscription, ToolsListChanged
from mcp_types import ToolListChangedNotification

from snmcp_project.demo.client import MemoryStorage
from snmcp_project.demo.site import DemoSite
from tests.end_to_end.clients.python_clients import python_client
from tests.end_to_end.clients.stage import Person, Stage
from tests.support.operator_browser import OperatorBrowser

MODERN = "2026-07-28"
TOOL = "get_journal"


@pytest.fixture
async def http(site: DemoSite, mcp: str, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Requests of a client that was allowed once, in either era."""
    stage, storage = Stage(mcp, tmp_path, site.environment()), MemoryStorage()
    person = Person("abel.tuter")
    async with python_client(stage, person.open, mode=MODERN, storage=storage) as client:
        await client.tool_names()
    assert storage.tokens is not None
    headers = {"Authorization": f"Bearer {storage.tokens.access_token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as requests:
        yield requests


@asynccontextmanager
async def taken_away(site: DemoSite, tool: str) -> AsyncIterator[None]:
    """Inside, nobody has the tool."""
    async with httpx.AsyncClient(timeout=20) as web:
        operator = OperatorBrowser(web, site.address)
        await operator.sign_in(site.secrets.operator_password)
        await operator.turn_off(tool)
        try:
            yield
        finally:
            await operator.undo()


async def names(client: Client) -> list[str]:
    return [tool.name for tool in (await client.list_tools()).tools]


async def test_a_client_without_a_session_hears_it_on_the_stream_it_listens_to(
    site: DemoSite, mcp: str, http: httpx2.AsyncClient
) -> None:
    async with (
        Client(streamable_http_client(mcp, http_client=http), mode=MODERN) as client,
        client.listen(tools_list_changed=True) as listening,
    ):
        assert TOOL in await names(client)
        async with taken_away(site, TOOL):
            await assert_told(listening)
            assert TOOL not in await names(client)
        await assert_told(listening)
        assert TOOL in await names(client)


async def assert_told(listening: Subscription) -> None:
    assert await anext(aiter(listening)) == ToolsListChanged()


async def test_a_client_with_a_session_hears_it_on_its_standing_stream(
    site: DemoSite, mcp: str, http: httpx2.AsyncClient
) -> None:
    told: asyncio.Queue[IncomingMessage] = asyncio.Queue()
    transport = streamable_http_client(mcp, http_client=http)
    async with Client(transport, mode="legacy", message_handler=told.put) as client:
        assert TOOL in await names(client)
        async with taken_away(site, TOOL):
            await hears_of_tools(told)
            assert TOOL not in await names(client)
        await hears_of_tools(told)
        assert TOOL in await names(client)


async def hears_of_tools(told: "asyncio.Queue[IncomingMessage]") -> None:
    """Wait for the word about tools; those about prompts and resources come with it."""
    while not isinstance(await told.get(), ToolListChangedNotification):
        pass
