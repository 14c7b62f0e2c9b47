"""`make demo` and `make smoke` as a newcomer runs them."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from snmcp_project.demo import smoke
from snmcp_project.demo.site import PROJECT, DemoSite
from snmcp_project.demo.startup import free_port

DEMO = [sys.executable, "-m", "snmcp_project.demo"]


@contextmanager
def running_demo(site: DemoSite) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the demo until it has said how to use it; gives the process and what it printed."""
    arguments = [f"--port={site.port}", f"--simulator-port={site.simulator_port}"]
    # Whoever runs these tests in the background has them ignore Ctrl-C, and their children too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(
        [*DEMO, *arguments, f"--directory={site.directory}"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    watchdog = threading.Timer(60, child.kill)
    watchdog.start()
    printed = ""
    try:
        for line in child.stdout:
            printed += line
            if "Inspector" in line:
                break
        yield child, printed
    finally:
        watchdog.cancel()
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
            child.wait(timeout=20)
        child.stdout.close()


def test_ctrl_c_ends_everything_and_a_second_start_finds_its_data(tmp_path: Path) -> None:
    site = DemoSite(tmp_path / "demo", free_port(), free_port())
    with running_demo(site) as (child, printed):
        assert f"{site.address}/mcp" in printed
        assert site.secrets.operator_password in printed
        assert httpx.get(f"{site.address}/mcp").status_code == 401
        family = psutil.Process(child.pid).children(recursive=True)
        assert len(family) >= 5  # Redis, simulator, server, worker, beat
    assert child.returncode == 0
    assert [one for one in family if one.is_running()] == []
    with running_demo(site) as (child, again):
        assert site.secrets.operator_password in again
        assert httpx.get(site.address).status_code == 200


def test_a_port_in_use_is_reported_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        arguments = [f"--port={port}", f"--directory={tmp_path}"]
        ran = subprocess.run(
            [*DEMO, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
        )
    assert ran.returncode == 1
    assert f"Port {port} is in use" in ran.stderr


def test_the_smoke_walk_prints_each_step_and_succeeds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = smoke.main()
    printed = capsys.readouterr()
    assert status == 0, printed.out + printed.err
    for step in ("signed in", "tools", "Created INC", "Resolved", "Beth reads"):
        assert step in printed.out
