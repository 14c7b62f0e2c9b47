"""Every scripted conversation, over `/mcp` with the SDK's client."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.applications import Starlette

from mcp_app.endpoint import verified_credentials
from mcp_app.routing import endpoint
from tests.conversations.holding import SCRIPTS, Conversation, script
from tools_app.catalog import CATALOG, TOOLSETS
from tools_app.settings_snapshot import forget_snapshot

NAMES = sorted(path.stem for path in SCRIPTS.glob("*.json"))


@pytest.fixture
async def served(db: None, redis_url: str, simulator: Starlette) -> AsyncIterator[Starlette]:
    """The simulated instance behind `/mcp`; what serves this event loop ends with the test."""
    verified_credentials.forget()
    forget_snapshot()
    yield simulator
    await endpoint.stop()


@pytest.mark.parametrize("name", NAMES)
async def test_a_conversation_goes_as_it_is_written(served: Starlette, name: str) -> None:
    async with AsyncExitStack() as opened:
        misfits = await Conversation(script(name), served, opened).hold()
    assert not misfits, "\n".join(misfits)


def test_conversations_go_through_every_toolset() -> None:
    used = {step.get("tool") for name in NAMES for step in script(name)["steps"]}
    toolsets = {CATALOG[tool].toolset for tool in used if tool in CATALOG}
    assert toolsets == set(TOOLSETS)
    assert len(NAMES) >= 14
