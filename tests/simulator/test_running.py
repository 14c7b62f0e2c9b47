"""A simulator in a thread of the test's own process, and the fixtures others may use."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from simulator.control.faults import FaultKind
from simulator.control.snapshots import MOST_KEPT
from simulator.running import RunningSimulator

pytestmark = pytest.mark.real_servers
ROOT = Path(__file__).resolve().parents[2]

TESTS_OF_SOMEBODY_ELSE = """
import httpx

pytest_plugins = ["simulator.testing"]


def incidents(instance):
    headers = {"Authorization": f"Bearer {instance.token('abel.tuter')}"}
    return httpx.post(f"{instance.url}/api/now/table/incident", json={}, headers=headers)


def test_one(simulated_instance):
    assert incidents(simulated_instance).json()["result"]["number"] == "INC0010241"


def test_the_next_begins_anew(simulated_instance):
    assert incidents(simulated_instance).json()["result"]["number"] == "INC0010241"
    simulated_instance.fault("503", path="/api/*")
    assert incidents(simulated_instance).status_code == 503


def test_no_fault_is_left(simulated_instance):
    assert incidents(simulated_instance).status_code == 201
"""


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator() as simulator:
        yield simulator


def get(running: RunningSimulator, path: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {running.token('beth.anglin')}"}
    return httpx.get(f"{running.url}{path}", headers=headers)


def test_it_answers_and_says_what_arrived(running: RunningSimulator) -> None:
    assert get(running, "/api/now/table/incident?sysparm_limit=1").status_code == 200
    [request] = running.requests("/api/now/table/incident")
    assert (request.acting_user, request.status) == ("beth.anglin", 200)


def test_a_fault_of_a_test_strikes(running: RunningSimulator) -> None:
    running.fault(FaultKind.UNAVAILABLE, path="/api/*")
    assert get(running, "/api/now/table/incident").status_code == 503


def test_it_goes_back_to_where_it_was(running: RunningSimulator) -> None:
    running.keep("here")
    running.instance.insert("incident", {"short_description": "Between"})
    running.go_back("here")
    assert running.instance.count("incident", "short_description=Between") == 0
    with pytest.raises(LookupError):
        running.go_back("there")


def test_a_reset_ends_every_token(running: RunningSimulator) -> None:
    running.token("abel.tuter")
    running.reset()
    assert running.world.credentials.alive() == []


def test_there_can_be_too_many_snapshots(running: RunningSimulator) -> None:
    for number in range(MOST_KEPT - len(list(running.snapshots))):
        running.keep(f"number-{number}")
    with pytest.raises(ValueError, match="too many"):
        running.keep("one more")


def test_nobody_gets_no_token(running: RunningSimulator) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        running.token("nobody")


def test_the_tests_of_somebody_else_may_use_its_fixtures(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(TESTS_OF_SOMEBODY_ELSE)
    options = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr
