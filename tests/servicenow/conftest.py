"""Repetitions without waiting, and an instance that answers what a test has written down."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import stamina

from servicenow.client import ServiceNowClient
from servicenow.http import cookieless_client
from tests.servicenow.instance import ADDRESS, ScriptedInstance, TokenTray


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Repeat at once; the number of attempts stays what the client chose."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def instance() -> ScriptedInstance:
    return ScriptedInstance()


@pytest.fixture
async def http(instance: ScriptedInstance) -> AsyncIterator[httpx.AsyncClient]:
    async with cookieless_client(transport=instance) as client:
        yield client


@pytest.fixture
def tokens() -> TokenTray:
    return TokenTray("first", "second", "third")


@pytest.fixture
def client(http: httpx.AsyncClient, tokens: TokenTray) -> ServiceNowClient:
    return ServiceNowClient(ADDRESS, http=http, tokens=tokens)
