"""One site with two workers for all of these proofs."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from snmcp_project.demo.client import MemoryStorage, connected
from tests.two_workers import site as two_workers
from tests.two_workers.client import Client
from tests.two_workers.site import TwoWorkers

PEOPLE = 50


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs real servers."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real_servers)


@pytest.fixture(scope="session")
def site() -> Iterator[TwoWorkers]:
    """Two workers, each with a port of its own, one database and one Redis."""
    prefix = "snmcp-two-workers-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder,
        two_workers.running(Path(folder), people=PEOPLE) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def access_tokens(site: TwoWorkers) -> dict[str, str]:
    """Access tokens of people who signed in at the simulated ServiceNow, by user name."""
    return asyncio.run(_signed_in(f"{site.daphne.address}/mcp"))


async def _signed_in(mcp: str) -> dict[str, str]:
    tokens = {}
    for name in ("abel.tuter", "beth.anglin", "charlie.whitherspoon"):
        storage = MemoryStorage()
        async with connected(mcp, name, storage=storage):
            assert storage.tokens is not None
            tokens[name] = storage.tokens.access_token
    return tokens


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    """Connections to both workers."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=20, limits=limits) as web:
        yield web


@pytest.fixture
async def abel(site: TwoWorkers, web: httpx.AsyncClient) -> Client:
    """A client of somebody's, with a session that was opened at the first worker."""
    return await Client.opened(web, site.daphne, token=site.people[0].token)


@pytest.fixture
async def abels_other_client(site: TwoWorkers, web: httpx.AsyncClient) -> Client:
    """Another client of the same person, with a session of its own."""
    return await Client.opened(web, site.daphne, token=site.people[0].other_token)


@pytest.fixture
async def charlie(site: TwoWorkers, web: httpx.AsyncClient) -> Client:
    """Somebody else, with a session of their own."""
    return await Client.opened(web, site.uvicorn, token=site.people[1].token)
