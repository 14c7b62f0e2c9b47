"""Abel, Beth and Charlie at work on the simulated instance."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from starlette.applications import Starlette

from tests.tools_app.callers import ABEL, BETH, CHARLIE
from tests.tools_app.desk import Desk, seated

# Without a clock: a busy machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
async def abel(simulator: Starlette) -> AsyncIterator[Desk]:
    """Works in IT, has the role itil."""
    async with seated(simulator, ABEL) as desk:
        yield desk


@pytest.fixture
async def beth(simulator: Starlette) -> AsyncIterator[Desk]:
    """Leads the service desk on the same instance."""
    async with seated(simulator, BETH) as desk:
        yield desk


@pytest.fixture
async def charlie(simulator: Starlette) -> AsyncIterator[Desk]:
    """Sells things; has no role and sees only incidents of his own."""
    async with seated(simulator, CHARLIE) as desk:
        yield desk
