"""Simulators over HTTP and HTTPS for the clients by others, for as long as their tests last."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.foreign_clients.running import outcomes_of

INSTANCE = "dev12345"

Settings = dict[str, str]
Outcomes = Callable[[str, str], dict[str, str]]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Settings]]:
    """The environment variables of scripts by `http` and `https`, with servers behind them."""
    tls = tmp_path_factory.mktemp("tls")
    running: list[subprocess.Popen[str]] = []
    secure = _start(
        running,
        *("simulator", "--port", "0", "--tls", "--tls-directory", str(tls)),
        *("--tls-name", f"{INSTANCE}.service-now.com"),
    )
    plain = _start(running, "simulator", "--port", "0")
    tunnel = _start(running, "tests.foreign_clients.tunnel", secure.rpartition(":")[2])
    authority = str(tls / "authority.pem")
    yield {
        "http": {"SIMULATOR": plain, "OAUTHLIB_INSECURE_TRANSPORT": "1"},
        "https": {
            "SIMULATOR": secure,
            "INSTANCE": INSTANCE,
            "HTTPS_PROXY": f"http://127.0.0.1:{tunnel}",
            "NO_PROXY": "127.0.0.1",
            "REQUESTS_CA_BUNDLE": authority,
            "SSL_CERT_FILE": authority,
        },
    }
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


def _start(running: list[subprocess.Popen[str]], module: str, *arguments: str) -> str:
    """Start a module; the address or port that its first line names."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_root())
    running.append(process)
    assert process.stdout is not None
    found = re.search(r"https?://\S+|^\d+$", process.stdout.readline())
    assert found is not None
    return found[0]


def _root() -> Path:
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def outcomes(servers: dict[str, Settings]) -> Outcomes:
    """What became of the functions of a script, by scheme; each script runs once for each."""
    known: dict[tuple[str, str], dict[str, str]] = {}

    def found(scheme: str, script: str) -> dict[str, str]:
        if (scheme, script) not in known:
            known[scheme, script] = outcomes_of(script, settings=servers[scheme])
        return known[scheme, script]

    return found
