"""Refresh tokens of instances, or of proxies before them, that rotate."""

import httpx
import pytest

from simulator.world import World
from tests.simulator.flow import REFUSED, bearer, current_user, refreshed, tokens_of


@pytest.fixture(autouse=True)
def _rotating(world: World) -> None:
    world.switches.rotate_refresh = True


async def rotated(http: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """A refresh token that was rotated out, and the tokens that came in its place."""
    first = await tokens_of(http)
    return first["refresh_token"], (await refreshed(http, first["refresh_token"])).json()


async def test_a_rotated_token_is_dead_at_once(http: httpx.AsyncClient) -> None:
    old, new = await rotated(http)
    assert new["refresh_token"] != old
    assert (await refreshed(http, old)).json() == REFUSED
    assert (await refreshed(http, new["refresh_token"])).status_code == 200


async def test_with_a_grace_it_is_taken_for_a_while(http: httpx.AsyncClient, world: World) -> None:
    world.switches.rotation_grace = 60
    old, _ = await rotated(http)
    assert (await refreshed(http, old)).status_code == 200
    world.clock.advance(61)
    assert (await refreshed(http, old)).json() == REFUSED


async def test_a_grace_lengthens_no_life(http: httpx.AsyncClient, world: World) -> None:
    world.switches.rotation_grace = 1e9
    old, _ = await rotated(http)
    world.clock.advance(8_640_001)
    assert (await refreshed(http, old)).json() == REFUSED


async def test_using_a_dead_one_may_end_all_tokens(http: httpx.AsyncClient, world: World) -> None:
    world.switches.reuse_ends_all = True
    beth = await tokens_of(http, "beth.anglin")
    old, new = await rotated(http)
    assert (await refreshed(http, old)).json() == REFUSED
    assert (await refreshed(http, new["refresh_token"])).json() == REFUSED
    assert (await current_user(http, headers=bearer(new))).status_code == 401
    assert (await current_user(http, headers=bearer(beth))).status_code == 200


async def test_a_token_that_never_was_ends_nothing(http: httpx.AsyncClient, world: World) -> None:
    world.switches.reuse_ends_all = True
    _, new = await rotated(http)
    assert (await refreshed(http, "never")).json() == REFUSED
    assert (await refreshed(http, new["refresh_token"])).status_code == 200
