"""A client of the talkative server."""

from collections.abc import AsyncIterator

import pytest

from mcp_app.endpoint import verified_credentials
from mcp_app.routing import endpoint as product
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, talkative


@pytest.fixture
async def talk(redis_url: str, abel: Person) -> AsyncIterator[Talk]:
    """Abel's client."""
    verified_credentials.forget()
    async with talkative() as (endpoint, tools):
        yield Talk(endpoint, await abel.reconnect_token(), tools)
    await product.stop()
