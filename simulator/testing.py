"""pytest fixtures for whoever tests a ServiceNow client: `pytest_plugins = ["simulator.testing"]`.

`simulated_instance` is a running instance with fresh demo data for each test. Starting it takes
about a second once; each test after that some milliseconds.
"""

from collections.abc import Iterator

import pytest

from simulator.running import RunningSimulator

_FRESH = "as at first"


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[RunningSimulator]:
    """One simulator for the whole run; its data are whatever tests have left."""
    with RunningSimulator() as running:
        running.keep(_FRESH)
        yield running


@pytest.fixture
def simulated_instance(simulator_process: RunningSimulator) -> RunningSimulator:
    """The simulator with its demo data as at first: no token, no fault, an empty journal."""
    simulator_process.go_back(_FRESH)
    return simulator_process
