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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests import coverage_gates
from tests.postgres import running_postgres
from tests.support.suites import CONFORMANCE, END_TO_END, MARKER, places_with_servers

ROOT = Path(__file__).resolve().parent.parent
# Locks, the audit log, sessions and tokens: what a database may do in its own way.
ON_POSTGRES = [
    "tests/test_health.py",
    "tests/test_infrastructure.py",
    "tests/admin/test_addresses.py",
    *(
        f"tests/mcp_app/test_{name}.py"
        for name in (
            "abandoned_calls",
            "call_limits",
            "dispatch",
            "in_doubt",
            "service_principals",
            "unrecorded_calls",
        )
    ),
    "tests/mcp_app/sessions/test_records.py",
    "tests/mcp_app/sessions/test_relay.py",
    *(
        f"tests/audit_app/test_{name}.py"
        for name in (
            "append_only",
            "erasure",
            "every_way_of_tampering",
            "models",
            "retention",
            "roles",
            "sealing",
            "services",
            "triggers",
            "verification",
        )
    ),
    *(
        f"tests/oauth_app/test_{name}.py"
        for name in (
            "encryption_canary",
            "key_rotation",
            "purge",
            "refresh_races",
            "sign_in",
            "sweep",
            "tokens",
        )
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

    def passes(self, *arguments: str, **environment: str) -> bool:
        """Run pytest, measuring this process and its workers; whether all tests passed."""
        measured = coverage_gates.measuring(to=self.measured)
        with self.printed.open("a") as printed:
            return _run(*measured, "-m", "pytest", "-q", *arguments, to=printed, **environment)

    @property
    def measured(self) -> Path:
        """The file with what it covered."""
        return self.folder / "covered.json"

    @property
    def printed(self) -> Path:
        """The file with what it has printed."""
        return self.folder / "printed.txt"


def fast(suite: Suite) -> bool:
    """Run everything else that needs no listening process, on SQLite, on all cores."""
    but_simulator = f"--ignore={SIMULATOR}"
    return suite.passes("tests", but_simulator, *UNHEARD, *IN_PARALLEL)


def simulator(suite: Suite) -> bool:
    """Run the simulator's own tests."""
    return suite.passes(SIMULATOR, *UNHEARD, *IN_PARALLEL)


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
        return suite.passes(*ON_POSTGRES, *UNHEARD, *IN_PARALLEL, DATABASE_URL=url)


def proofs(suite: Suite) -> bool:
    """Run the short form of those proofs of `make prove` that need no quiet machine."""
    with suite.printed.open("a") as printed:
        return _run("-m", "proofs", "short", *SHORT_PROOFS, to=printed)


# About a minute. What most others break is broken in the suites too, in smaller pieces.
SHORT_PROOFS = ["calls_killed", "restore"]
UNHEARD = ["-m", f"not {MARKER}"]
# Long waits: two suites at a time share the cores with dozens of servers.
ON_LOOPBACK = ["-m", MARKER, "--force-enable-socket", "--timeout", "240"]
# What waits for processes runs beside what computes; what comes later fills the gaps.
SUITES: dict[str, Callable[[Suite], bool]] = {
    "fast": fast,
    "real servers": with_real_servers,
    "end to end": end_to_end,
    "proofs": proofs,
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
    return coverage_gates.hold(sorted(folder.glob("*/covered.json")), to=folder / "whole.json")


def _run(*arguments: str, to: IO[str], **environment: str) -> bool:
    # Dozens of processes import the same modules: compiled once, not by each.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, **environment},
        stdout=to,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return not ended.returncode


if __name__ == "__main__":
    sys.exit(main())
