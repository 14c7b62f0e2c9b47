"""Whatever is done to the audit log is found, and an untouched one raises no alarm.

On a real PostgreSQL: a superuser with all triggers off changes, removes, adds, exchanges and cuts
off rows and seals, once per try, in every way that `proofs.tampered_log` knows; then a clean log of
many rows is verified, one that several writers and two sealers make at once, and the application's
role tries to change rows. `python -m proofs.audit_tampering` runs it alone, in full.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from oauth_app.encryption import generated_key
from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from snmcp_project.demo.site import PROJECT
from tests.postgres import running_postgres

_GOAL = "G4"


def prove(scale: Scale) -> Iterable[Measured]:
    """Tamper, verify clean logs, and try what the application's role may do."""
    tries = scale.pick(full=1_000, short=60)
    rows = scale.pick(full=1_000_000, short=20_000)
    with running_postgres() as url, tempfile.TemporaryDirectory(prefix="snmcp-proof-") as folder:
        environment = _environment(url, Path(folder))
        _run(environment, "manage.py", "migrate", "--verbosity=0", "--skip-checks")
        told = _run(
            environment, "-m", "proofs.inside", "proofs.tampered_log", str(tries), str(rows)
        )
    reached = json.loads(told.splitlines()[-1])
    yield from _held(reached, tries=tries, rows=rows, is_full=scale is Scale.FULL)


def _held(reached: dict[str, Any], *, tries: int, rows: int, is_full: bool) -> Iterable[Measured]:
    found, missed = reached["found"], reached["missed"]
    yield _measured(
        "tampering found",
        f"{tries} of {tries}",
        f"{found} of {tries} {missed or ''}".strip(),
        holds=found == tries,
    )
    named, single = reached["named"], reached["single"]
    yield _measured(
        "the very row named, where one was touched",
        f"{single} of {single}",
        f"{named} of {single}",
        holds=named == single > 0,
    )
    told, forged = reached["forged_told"], reached["forged"]
    yield _measured(
        "chains made anew, told by their signature alone",
        f"{forged} of {forged}",
        f"{told} of {forged}",
        holds=told == forged > 0,
    )
    clean, alarms = reached["clean_rows"], reached["false_alarms"]
    yield _measured(
        "false alarms on a clean log",
        f"0 on {rows} rows",
        f"{alarms} on {clean} rows",
        holds=alarms == 0 and clean >= rows,
    )
    # The start alone takes longer than 20,000 rows do: the short form holds a tenth.
    wanted = 100_000 if is_full else 10_000
    yield _measured(
        "verification",
        f"at least {wanted} rows/s",
        f"{reached['rows_per_second']} rows/s ({reached['cpu_rows_per_second']} by its CPU time)",
        holds=reached["rows_per_second"] >= wanted,
    )
    alarms, late = reached["alarms_under_load"], reached["late"]
    yield _measured(
        "false alarms with 4 writers that commit out of order and 2 sealers",
        "0",
        f"{alarms}, {late} of {reached['written']} rows sealed late",
        holds=alarms == 0 and late > 0,
    )
    denied = reached["denied"]
    yield _measured(
        "UPDATE, DELETE, TRUNCATE by the application's role, triggers off",
        "denied 3 of 3",
        f"denied {denied} of {reached['tried']}",
        holds=denied == reached["tried"] == 9,
    )


def _measured(what: str, promised: str, reached: str, *, holds: bool) -> Measured:
    return Measured(goal=_GOAL, what=what, promised=promised, reached=reached, holds=holds)


def _environment(url: str, folder: Path) -> dict[str, str]:
    return os.environ | {
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "snmcp_project.settings",
        "SECRET_KEY": "proofs-only-" + "0123456789abcdef" * 4,
        "TOKEN_ENCRYPTION_KEY": generated_key(),
        "DATABASE_URL": url,
        "AUDIT_CHECKPOINTS": str(folder / "checkpoints.jsonl"),
        "LOG_LEVEL": "ERROR",
    }


def _run(environment: dict[str, str], *words: str) -> str:
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=1_800,
    )
    return ran.stdout


if __name__ == "__main__":
    print_measured(prove)
