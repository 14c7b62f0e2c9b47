"""`make test`: the suites, two at a time, then the coverage gates.

The fast suite needs no sockets and runs on SQLite, on all cores, from the beginning to nearly the
end. Beside it run those that mostly wait: what needs processes that listen (daphne, the simulator,
Chromium, MCP clients), and what depends on the database (locks, audit, tokens) once more on a real
PostgreSQL. What a suite prints stands in a file until it is over, so that no two mix.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.postgres import running_postgres
from tests.support.suites import CONFORMANCE, END_TO_END, MARKER, places_with_servers

ROOT = Path(__file__).resolve().parent.parent
# Locks, the audit log, sessions and tokens: what a database may do in its own way.
ON_POSTGRES = [
    "tests/test_infrastructure.py",
    "tests/admin/test_addresses.py",
    *(
        f"tests/mcp_app/test_{name}.py"
        for name in (
            "abandoned_calls",
            "call_limits",
            "dispatch",
            "service_principals",
            "unrecorded_calls",
        )
    ),
    "tests/mcp_app/sessions/test_records.py",
    "tests/mcp_app/sessions/test_relay.py",
    *(
        f"tests/audit_app/test_{name}.py"
        for name in ("append_only", "models", "services", "triggers")
    ),
    *(
        f"tests/oauth_app/test_{name}.py"
        for name in ("purge", "refresh_races", "sign_in", "sweep", "tokens")
    ),
    *(
        f"tests/oauth_app/authorization_server/test_{name}.py"
        for name in (
            "authorization_consent_musts",
            "authorization_consents_kept",
            "client_credentials",
            "refresh_retries",
            "tokens",
        )
    ),
]
IN_PARALLEL = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
SIDE_BY_SIDE = 2
SIMULATOR = "tests/simulator"
PRODUCT = ["audit_app", "mcp_app", "oauth_app", "servicenow", "snmcp_project", "tools_app"]
TOTAL_COVERAGE = 95
# Who acts, with which token, and what a call is: every branch of these is run.
FULL_COVERAGE = [
    "audit_app/redaction.py",
    "audit_app/services.py",
    "mcp_app/auth.py",
    "mcp_app/credentials.py",
    "mcp_app/dispatch.py",
    "mcp_app/sealed_state.py",
    "mcp_app/sessions/finding.py",
    "mcp_app/sessions/records.py",
    "oauth_app/authorization_server/client_authentication.py",
    "oauth_app/authorization_server/client_credentials.py",
    "oauth_app/authorization_server/codes.py",
    "oauth_app/authorization_server/refresh_retries.py",
    "oauth_app/authorization_server/token_families.py",
    "oauth_app/authorization_server/tokens.py",
    "oauth_app/authorization_server/verification.py",
    "oauth_app/connection_tokens.py",
    "oauth_app/encryption.py",
    "oauth_app/fields.py",
    "oauth_app/http.py",
    "oauth_app/leases.py",
    "oauth_app/lent_connections.py",
    "oauth_app/people.py",
    "oauth_app/reconnect_tokens.py",
    "oauth_app/refresh.py",
    "oauth_app/service_clients.py",
    "oauth_app/services.py",
    "oauth_app/tokens.py",
    "tools_app/guarded_tables.py",
    "tools_app/identity.py",
    "tools_app/policy.py",
    "tools_app/spec.py",
]


def main() -> int:
    """Run all suites even when one fails; return 0 only if all of them and the gates pass."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="snmcp-tests-") as folder:
        failed = [ran.name for ran in _all_suites(Path(folder)) if not ran.passed]
        failed += [] if _covered(Path(folder)) else ["coverage"]
    seconds = time.monotonic() - started
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed'} in {seconds:.0f} s")
    return 1 if failed else 0


@dataclass(frozen=True)
class Suite:
    """One run of pytest; what it prints and what it covers go into a folder of its own."""

    folder: Path

    def passes(self, *arguments: str, covering: Sequence[str] = (), **environment: str) -> bool:
        """Run pytest with coverage of this process and its workers; whether all tests passed.

        `covering` names the packages that are looked at, else all: looking costs as much as
        running.
        """
        place = {"COVERAGE_FILE": str(self.folder / "coverage"), **environment}
        looked_at = [f"--cov={package}" for package in covering] or ["--cov"]
        how = ["-q", *looked_at, "--cov-report="]
        with self.printed.open("a") as printed:
            return _run("pytest", *how, *arguments, to=printed, **place)

    @property
    def printed(self) -> Path:
        """The file with what it has printed."""
        return self.folder / "printed.txt"


def fast(suite: Suite) -> bool:
    """Run everything else that needs no listening process, on SQLite, on all cores."""
    but_simulator = f"--ignore={SIMULATOR}"
    return suite.passes("tests", but_simulator, *UNHEARD, *IN_PARALLEL, covering=PRODUCT)


def simulator(suite: Suite) -> bool:
    """Run the simulator's own tests, which alone say how far it is covered."""
    return suite.passes(SIMULATOR, *UNHEARD, *IN_PARALLEL, covering=["simulator"])


def end_to_end(suite: Suite) -> bool:
    """Run browsers and MCP clients against a site with every real process."""
    return suite.passes(END_TO_END, *ON_LOOPBACK)


def with_real_servers(suite: Suite) -> bool:
    """Run what starts servers of its own, on loopback."""
    return suite.passes(*places_with_servers(), *ON_LOOPBACK)


def conformance(suite: Suite) -> bool:
    """Run the official suite of MCP against daphne and against two workers."""
    return suite.passes(CONFORMANCE, *ON_LOOPBACK)


def on_postgres(suite: Suite) -> bool:
    """Run what depends on the database on a real PostgreSQL."""
    with running_postgres() as url:
        return suite.passes(
            *ON_POSTGRES, *UNHEARD, *IN_PARALLEL, covering=PRODUCT, DATABASE_URL=url
        )


UNHEARD = ["-m", f"not {MARKER}"]
# Long waits: two suites at a time share the cores with dozens of servers.
ON_LOOPBACK = ["-m", MARKER, "--force-enable-socket", "--timeout", "240"]
# What waits for processes runs beside what computes; what comes later fills the gaps.
SUITES: dict[str, Callable[[Suite], bool]] = {
    "fast": fast,
    "real servers": with_real_servers,
    "end to end": end_to_end,
    "simulator": simulator,
    "conformance": conformance,
    "PostgreSQL": on_postgres,
}


@dataclass(frozen=True)
class _Ran:
    name: str
    passed: bool


def _all_suites(folder: Path) -> Iterator[_Ran]:
    print(f"Running {', '.join(SUITES)}: each is shown when it is over …", flush=True)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running = [pool.submit(_ran, name, folder) for name in SUITES]
        for done in as_completed(running):
            yield done.result()


def _ran(name: str, folder: Path) -> _Ran:
    started = time.monotonic()
    suite = Suite(folder / name.replace(" ", "-"))
    suite.folder.mkdir()
    try:
        passed = SUITES[name](suite)
    finally:
        seconds = time.monotonic() - started
        told = suite.printed.read_text(errors="replace") if suite.printed.exists() else ""
        print(f"\n--- {name}: {seconds:.0f} s ---\n{told}", end="", flush=True)
    return _Ran(name, passed)


def _covered(folder: Path) -> bool:
    print("\n--- coverage ---", flush=True)
    _run("coverage", "erase")
    _run("coverage", "combine", "--quiet", *(str(one) for one in folder.glob("*/coverage*")))
    whole = _run("coverage", "report", f"--fail-under={TOTAL_COVERAGE}")
    full = _run("coverage", "report", f"--include={','.join(FULL_COVERAGE)}", "--fail-under=100")
    return whole and full


def _run(module: str, *arguments: str, to: IO[str] | None = None, **environment: str) -> bool:
    command = [sys.executable, "-m", module, *arguments]
    # Dozens of processes import the same modules: compiled once, not by each.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, **environment},
        stdout=to,
        stderr=subprocess.STDOUT if to else None,
        check=False,
    )
    return not ended.returncode


if __name__ == "__main__":
    sys.exit(main())
