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
    endpoints = {
        "the fixture under daphne": (site.url(site.daphne, "fixture/mcp"), REVISIONS),
        "the fixture under two workers": (
            site.url(site.two_workers, "fixture/mcp"),
            (*REVISIONS, *OLDER_REVISIONS),
        ),
        "our own server": (site.url(site.daphne, "mcp"), REVISIONS),
    }
    output = tmp_path_factory.mktemp("conformance")
    started = {
        (name, revision): Run.of_revision(url, revision, output=output / f"{name} {revision}")
        for name, (url, revisions) in endpoints.items()
        for revision in revisions
    }
    yield started
    for run in started.values():
        run.process.kill()
        run.process.wait()
