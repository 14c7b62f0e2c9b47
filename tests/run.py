"""`make test`: the three suites one after the other, then the coverage gates.

The fast suite needs no sockets and runs on SQLite. What depends on the database (locks, audit,
tokens) runs once more on a real PostgreSQL. What needs processes that listen (daphne, the
simulator, Chromium, MCP clients) runs last.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parent.parent
# Locks, the audit log, sessions and tokens: what a database may do in its own way.
ON_POSTGRES = [
    "tests/test_infrastructure.py",
    "tests/admin/test_addresses.py",
    *(
        f"tests/mcp_app/test_{name}.py"
        for name in ("abandoned_calls", "call_limits", "dispatch", "unrecorded_calls")
    ),
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
        for name in ("refresh_retries", "tokens")
    ),
]
IN_PARALLEL = ["-n", str(min(os.cpu_count() or 1, 4))]
TOTAL_COVERAGE = 95
# Who acts, with which token, and what a call is: every branch of these is run.
FULL_COVERAGE = [
    "audit_app/redaction.py",
    "audit_app/services.py",
    "mcp_app/auth.py",
    "mcp_app/dispatch.py",
    "oauth_app/connection_tokens.py",
    "oauth_app/encryption.py",
    "oauth_app/fields.py",
    "oauth_app/http.py",
    "oauth_app/leases.py",
    "oauth_app/people.py",
    "oauth_app/reconnect_tokens.py",
    "oauth_app/refresh.py",
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
    _run("coverage", "erase")
    failed = []
    for name, suite in SUITES.items():
        print(f"\n--- {name} ---", flush=True)
        if not suite():
            failed.append(name)
    failed += [] if _covered() else ["coverage"]
    seconds = time.monotonic() - started
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed'} in {seconds:.0f} s")
    return 1 if failed else 0


def fast() -> bool:
    """Run everything that needs no listening process, on SQLite, on all cores."""
    return _pytest("tests", "-m", "not real_servers", *IN_PARALLEL)


def on_postgres() -> bool:
    """Run what depends on the database on a real PostgreSQL."""
    with running_postgres() as url:
        return _pytest(*ON_POSTGRES, "-m", "not real_servers", *IN_PARALLEL, DATABASE_URL=url)


def with_real_servers() -> bool:
    """Run what starts servers, browsers and clients, on loopback."""
    return _pytest("tests", "-m", "real_servers", "--force-enable-socket", "--timeout", "120")


SUITES = {"fast": fast, "PostgreSQL": on_postgres, "real servers": with_real_servers}


def _pytest(*arguments: str, **environment: str) -> bool:
    coverage = ["--cov", "--cov-append", "--cov-report="]
    return _run("pytest", "-q", *coverage, *arguments, **environment)


def _covered() -> bool:
    print("\n--- coverage ---", flush=True)
    _run("coverage", "combine", "--quiet")
    whole = _run("coverage", "report", f"--fail-under={TOTAL_COVERAGE}")
    full = _run("coverage", "report", f"--include={','.join(FULL_COVERAGE)}", "--fail-under=100")
    return whole and full


def _run(module: str, *arguments: str, **environment: str) -> bool:
    command = [sys.executable, "-m", module, *arguments]
    return not subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
