"""Child processes of a demo end together, and a failure shows what the child printed."""

import sys
from pathlib import Path

import pytest

from snmcp_project.demo.processes import ChildFailed, Processes

WAIT = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORE_THE_REQUEST = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
STUBBORN = [sys.executable, "-c", IGNORE_THE_REQUEST]


def processes(folder: Path) -> Processes:
    return Processes(folder / "logs", {"PATH": "/usr/bin:/bin"})


def test_leaving_the_context_ends_every_child(tmp_path: Path) -> None:
    with processes(tmp_path) as running:
        children = [running.start("one", WAIT), running.start("two", WAIT)]
        assert [child.poll() for child in children] == [None, None]
    assert all(child.poll() is not None for child in children)


def test_a_child_that_ignores_the_request_to_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("snmcp_project.demo.processes.STOP_SECONDS", 0.2)
    with processes(tmp_path) as running:
        child = running.start("stubborn", STUBBORN)
        while "ready" not in (tmp_path / "logs" / "stubborn.log").read_text():
            assert child.poll() is None
    assert child.returncode == -9


def test_a_failed_step_shows_the_end_of_what_it_printed(tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "print('the disk is full'); raise SystemExit(3)"]
    with processes(tmp_path) as running, pytest.raises(ChildFailed, match="the disk is full"):
        running.run("migrate", failing)


def test_a_child_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    with processes(tmp_path) as running:
        running.start("server", [sys.executable, "-c", "print('boom')"]).wait()
        failure = running.failed()
    assert failure is not None
    assert "boom" in str(failure)


def test_a_killed_child_is_not_reported_as_failed(tmp_path: Path) -> None:
    with processes(tmp_path) as running:
        running.start("server", WAIT)
        running.kill("server")
        assert running.failed() is None


def test_one_child_can_be_asked_to_end_while_the_others_go_on(tmp_path: Path) -> None:
    with processes(tmp_path) as running:
        server, worker = running.start("server", WAIT), running.start("worker", WAIT)
        running.end("server")
        assert (server.poll(), worker.poll()) == (-15, None)
        assert running.failed() is None
