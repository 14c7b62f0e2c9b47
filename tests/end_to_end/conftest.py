"""One demo site, with every real process, for all end-to-end tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import DemoSite
from snmcp_project.demo.startup import bring_up, free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs real servers."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real_servers)


@pytest.fixture(scope="session")
def processes() -> Iterator[tuple[DemoSite, Processes]]:
    with tempfile.TemporaryDirectory(prefix="snmcp-site-", ignore_cleanup_errors=True) as folder:
        site = DemoSite(Path(folder), free_port(), free_port())
        with Processes(site.directory / "logs", site.environment()) as running:
            bring_up(site, running, report=print)
            yield site, running


@pytest.fixture(scope="session")
def site(processes: tuple[DemoSite, Processes]) -> DemoSite:
    """A running demo site; tests share its data, so each makes the records it looks for."""
    return processes[0]


@pytest.fixture(scope="session")
def mcp(site: DemoSite) -> str:
    """The address an MCP client is given."""
    return f"{site.address}/mcp"
