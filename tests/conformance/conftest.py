"""The servers, and every run of the suite against them: started once, all runs at the same time."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import servers
from tests.conformance.servers import Servers
from tests.conformance.suite import OLDER_REVISIONS, REVISIONS, Run

Runs = dict[tuple[str, str], Run]


@pytest.fixture(scope="session")
def site() -> Iterator[Servers]:
    """Daphne and two uvicorn workers, with the fixture and our own server."""
    prefix = "snmcp-conformance-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder,
        servers.running(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def runs(site: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """A run of the suite for each endpoint and revision, by those two names."""
    started: Runs = {}
    output = tmp_path_factory.mktemp("conformance")

    def start(name: str, url: str, *revisions: str) -> None:
        for revision in revisions:
            run = Run.of_revision(url, revision, output=output / f"{name} {revision}")
            started[name, revision] = run

    start("the fixture under daphne", site.daphne.url("fixture/mcp"), *REVISIONS)
    two_workers = site.two_workers.url("fixture/mcp")
    start("the fixture under two workers", two_workers, *REVISIONS, *OLDER_REVISIONS)
    # What changes in the fixture is told to all that listen at the same site.
    started["the fixture under daphne", "2026-07-28"].process.wait()
    start("our own server", site.daphne.url("mcp"), *REVISIONS)
    yield started
    for run in started.values():
        run.process.kill()
        run.process.wait()
