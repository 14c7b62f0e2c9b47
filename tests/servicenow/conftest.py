"""Repetitions without waiting, and an instance that answers what a test has written down."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import stamina
from starlette.applications import Starlette

from servicenow.client import ServiceNowClient
from servicenow.http import cookieless_client
from servicenow.oauth import OAuthClient
from simulator.app import create_app
from simulator.oauth.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REDIRECT_URI
from tests.servicenow import simulated as simulation
from tests.servicenow.instance import ADDRESS, ScriptedInstance, TokenTray
from tests.servicenow.simulated import NOW, Simulated


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


@pytest.fixture
def app() -> Starlette:
    return create_app(clock=lambda: NOW)


@pytest.fixture
async def simulated(app: Starlette) -> AsyncIterator[Simulated]:
    async with cookieless_client(transport=httpx.ASGITransport(app)) as http:
        oauth = OAuthClient(
            simulation.ADDRESS, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REDIRECT_URI, http
        )
        yield Simulated(app.state.world, http, oauth)


@pytest.fixture
async def abel(simulated: Simulated) -> ServiceNowClient:
    """Abel has the role itil."""
    return await simulated.signed_in("abel.tuter")


@pytest.fixture
async def charlie(simulated: Simulated) -> ServiceNowClient:
    """Charlie has no role: only what is his own."""
    return await simulated.signed_in("charlie.whitherspoon")
