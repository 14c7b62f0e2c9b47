"""A fresh simulated instance in this process, its clock standing still."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from simulator.app import create_app
from simulator.world import World
from tests.simulator.flow import without_cookies

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def app() -> Iterator[Starlette]:
    """The application with fresh demo data."""
    app = create_app(clock=lambda: NOW)
    yield app
    # Its 13 MB would wait for the next look for garbage, and fresh ones cost more than used ones.
    app.state.instance.close()


@pytest.fixture
def world(app: Starlette) -> World:
    """What the application consists of."""
    world: World = app.state.world
    return world


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that keeps no cookies."""
    async with without_cookies(app) as client:
        yield client
