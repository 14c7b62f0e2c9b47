"""What the tests of this app begin with: a database, the simulated instance, and browsers."""

import pytest
from starlette.applications import Starlette

from oauth_app.models import Connection
from simulator.world import World
from tests.oauth_app.visitors import Visitor


@pytest.fixture
def world(simulator: Starlette) -> World:
    """What the simulated instance consists of."""
    world: World = simulator.state.world
    return world


@pytest.fixture
def browser(db: None, simulator: Starlette) -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(simulator)


@pytest.fixture
def other_browser(db: None, simulator: Starlette) -> Visitor:
    """A second browser, of someone else."""
    return Visitor(simulator)


@pytest.fixture
def abel(browser: Visitor) -> Connection:
    """Abel's connection, made by signing in with `browser`."""
    browser.sign_in("abel.tuter")
    return Connection.objects.get(user_name="abel.tuter")


@pytest.fixture
def beth(other_browser: Visitor) -> Connection:
    """Beth's connection, made by signing in with `other_browser`."""
    other_browser.sign_in("beth.anglin")
    return Connection.objects.get(user_name="beth.anglin")
