"""The coverage gates, over what slipcover measured in the suites.

Slipcover changes the bytecode where it wants to know and changes it back: a suite runs as fast as
without it. Python's tracing, which coverage.py needs before 3.12, made ours half as slow again.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TOTAL = 95
# Who acts, with which token, and what a call is: every branch of these is run.
FULL = [
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
    "oauth_app/disconnection.py",
    "oauth_app/encrypted_columns.py",
    "oauth_app/encryption.py",
    "oauth_app/encryption_canary.py",
    "oauth_app/fields.py",
    "oauth_app/http.py",
    "oauth_app/key_loss.py",
    "oauth_app/key_proof.py",
    "oauth_app/key_rotation.py",
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
MEASURED = [
    "audit_app",
    "mcp_app",
    "oauth_app",
    "servicenow",
    "simulator",
    "snmcp_project",
    "tools_app",
]


def measuring(*, to: Path) -> list[str]:
    """Return the arguments of `python`, before its `-m pytest`, that measure into a file."""
    return [
        # What it cannot count are branches of the tests themselves, which nobody asked for.
        *("-W", "ignore:Unable to activate pytest branch coverage:RuntimeWarning"),
        *("-m", "slipcover", "--branch", "--json", "--out", str(to)),
        *("--source", ",".join(MEASURED), "--omit", "*/migrations/*"),
    ]


def hold(measured: Sequence[Path], *, to: Path) -> bool:
    """Put together what the suites measured and print what none covers; whether all gates hold.

    A suite that broke off has measured nothing, and then they do not.
    """
    merge = ["--branch", "--json", "--out", str(to), "--merge", *map(str, measured)]
    gate = ["--skip-covered", "--fail-under", str(TOTAL)]
    ended = subprocess.run([sys.executable, "-m", "slipcover", *gate, *merge], check=False)
    short = [name for name in FULL if not _whole(name, to)]
    if short:
        print(f"Not whole, as they must be: {', '.join(short)}")
    return not ended.returncode and not short


def _whole(name: str, report: Path) -> bool:
    files = json.loads(report.read_text())["files"] if report.exists() else {}
    found = files.get(name, {"missing_lines": ["all"]})
    return not found["missing_lines"] and not found["missing_branches"]
