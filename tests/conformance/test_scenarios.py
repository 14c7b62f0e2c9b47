"""The official conformance suite against our endpoint, in every revision that it knows."""

import re
from pathlib import Path

import httpx
import pytest

from tests.conformance import authorization
from tests.conformance.baseline import Verdict, expected_failures, judged
from tests.conformance.conftest import Runs
from tests.conformance.servers import Servers
from tests.conformance.suite import OLDER_REVISIONS, REVISIONS, scored_scenarios

pytestmark = [pytest.mark.real_servers, pytest.mark.enable_socket]

AS_EXPECTED = Verdict(unexpected=[], stale=[])


@pytest.mark.usefixtures("runs")  # They go on meanwhile.
def test_our_authorization_server_passes(site: Servers, tmp_path: Path) -> None:
    run = authorization.run_against(site.daphne.address, output=tmp_path / "authorization")
    checks = run.checks()
    assert judged(checks, []) == AS_EXPECTED, run.printed()
    assert {check.scenario for check in checks if check.status == "SUCCESS"} == {
        "authorization-server-metadata-endpoint",
        "authorization-code-grant",
    }
    assert run.process.returncode == 0, run.printed()


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("served", ["under daphne", "under two workers"])
def test_every_scored_scenario_passes(runs: Runs, served: str, revision: str) -> None:
    run = runs[f"the fixture {served}", revision]
    checks = run.checks()
    assert judged(checks, expected_failures("fixture", revision)) == AS_EXPECTED
    passed = {check.scenario for check in checks if check.status == "SUCCESS"}
    assert scored_scenarios(revision) - passed == set()
    assert run.process.returncode == 0, run.printed()


@pytest.mark.parametrize("revision", OLDER_REVISIONS)
def test_every_scenario_of_an_older_revision_passes(runs: Runs, revision: str) -> None:
    run = runs["the fixture under two workers", revision]
    assert judged(run.checks(), []) == AS_EXPECTED
    assert "SUCCESS" in {check.status for check in run.checks()}
    assert run.process.returncode == 0, run.printed()


@pytest.mark.parametrize("revision", REVISIONS)
def test_our_own_server_passes_what_needs_no_fixture(runs: Runs, revision: str) -> None:
    checks = runs["our own server", revision].checks()
    assert judged(checks, expected_failures("product", revision)) == AS_EXPECTED
    assert "tools-list" in {check.scenario for check in checks if check.status == "SUCCESS"}


def test_the_fixture_is_behind_the_product_own_endpoint(site: Servers) -> None:
    without_credential = httpx.post(f"{site.daphne.address}/as/nobody/fixture/mcp", json={})
    assert without_credential.status_code == 401
    assert "resource_metadata=" in without_credential.headers["WWW-Authenticate"]


def test_two_workers_serve_the_fixture(site: Servers) -> None:
    url = site.two_workers.url("fixture/mcp")
    workers = set[str]()
    for _ in range(200):
        workers.add(httpx.get(url).headers["x-served-by"])
        if len(workers) == 2:
            return
    raise AssertionError(f"All requests were served by {workers}")


def test_no_scenario_brought_an_error_about_in_a_server(runs: Runs, site: Servers) -> None:
    for run in runs.values():
        run.process.wait()
    for server in (site.daphne, site.two_workers):
        printed = server.log.read_text(encoding="utf-8")
        assert "[info" in printed
        assert re.findall(r".*(?:\[error|\[critical|Traceback|Exception in).*", printed) == []
