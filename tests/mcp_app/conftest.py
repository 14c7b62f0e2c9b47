"""The whole ASGI application in this process, with three people connected to the simulator."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from mcp_app.endpoint import verified_credentials
from mcp_app.routing import endpoint
from tests.mcp_app.clients import Http
from tests.mcp_app.people import Person, connect
from tools_app.settings_snapshot import forget_snapshot


@pytest.fixture
async def mcp(db: None, redis_url: str, simulator: Starlette) -> AsyncIterator[Http]:
    """Raw HTTP at `/mcp`; what runs for this event loop ends with the test."""
    verified_credentials.forget()
    forget_snapshot()
    async with Http.opened() as http:
        yield http
    await endpoint.stop()


@pytest.fixture
def abel(db: None, simulator: Starlette) -> Person:
    """Abel, who owns the connection."""
    return connect("abel.tuter", simulator)


@pytest.fixture
def beth(db: None, simulator: Starlette) -> Person:
    """Beth, on the same instance with other rights."""
    return connect("beth.anglin", simulator)


@pytest.fixture
def charlie(db: None, simulator: Starlette) -> Person:
    """Charlie, who must get nothing of Abel's."""
    return connect("charlie.whitherspoon", simulator)


@pytest.fixture
def long_ago() -> timedelta:
    """How long a token that is over has lasted."""
    return timedelta(seconds=-1)
