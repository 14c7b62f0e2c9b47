"""The server killed in mid-call: the token and the audit log are intact, the call is in doubt."""

import asyncio
import contextlib
from collections.abc import Iterator

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from snmcp_project.demo.client import MemoryStorage, connected
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import DemoSite
from snmcp_project.demo.startup import start_server, wait_until_ready
from tests.end_to_end.site_database import in_doubt

TITLE = "Killed in mid-call"


@pytest.fixture
def slow_creation(site: DemoSite) -> Iterator[None]:
    """The next creation of an incident takes a minute at ServiceNow."""
    faults = f"{site.instance_address}/simulator/faults"
    fault = {"kind": "slow", "seconds": 60, "path": "/api/now/table/incident", "method": "POST"}
    httpx.post(faults, json=fault).raise_for_status()
    yield
    httpx.delete(faults).raise_for_status()


async def test_a_kill_in_mid_call_loses_neither_token_nor_record(
    processes: tuple[DemoSite, Processes], mcp: str, slow_creation: None
) -> None:
    site, running = processes
    storage = MemoryStorage()
    async with connected(mcp, "abel.tuter", storage=storage):
        assert storage.tokens is not None
    call = asyncio.create_task(create(mcp, storage.tokens.access_token))
    while not in_doubt(site):
        assert not call.done(), "the call ended before the server was killed"
        await asyncio.sleep(0.05)
    running.kill("server")
    with contextlib.suppress(Exception, asyncio.CancelledError):
        await call
    start_server(running)
    await asyncio.to_thread(wait_until_ready, site.address, running)
    async with token_client(mcp, storage.tokens.access_token) as client:
        answer = await client.call_tool("get_my_profile", {})
    assert answer.structured_content is not None
    assert answer.structured_content["user_name"] == "abel.tuter"
    assert in_doubt(site) == [("create_incident", "abel.tuter")]


@contextlib.asynccontextmanager
async def token_client(mcp: str, token: str):  # type: ignore[no-untyped-def]  # a test's own
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(mcp, http_client=http)) as client,
    ):
        yield client


async def create(mcp: str, token: str) -> None:
    async with token_client(mcp, token) as client:
        await client.call_tool("create_incident", {"short_description": TITLE})
