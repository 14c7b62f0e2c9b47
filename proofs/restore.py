"""A backup is worth something: dumped, restored elsewhere, verified, decrypted, served from.

`pg_dump` of a site in use, `pg_restore` into an empty database, then everything that the guide in
docs/operations.md asks for: triggers are in place, the audit log is whole up to the dump, says that
its end is missing after it, and is whole again once work goes on; every secret decrypts, a server
starts on it and lets people on, and a server with another key does not start.
`python -m proofs.restore` runs it alone, in full.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from psycopg import sql

from oauth_app.encryption import generated_key
from proofs.alone import print_measured
from proofs.asking import asked
from proofs.dumps import dump_of, run, where
from proofs.measured import Measured, Scale
from proofs.site import Person, Site, Worker, connected, running_site
from snmcp_project.demo.site import PROJECT
from snmcp_project.demo.startup import MANAGE, free_port

_GOAL: Final = "G30"
_RESTORED: Final = "restored"
_TAMPERED: Final = "tampered"
_MOST_MINUTES: Final = 15
_LONGEST_SECONDS: Final = 600
_PEOPLE: Final = 5
_PEOPLE_MADE_UP: Final = 200
_CALLS_LOST: Final = 200  # made after the dump
_FINDINGS: Final = ("CHANGED", "DELETED", "INSERTED", "MISDATED", "SEAL", "END", "CHAIN")


def prove(scale: Scale) -> Iterable[Measured]:
    """Back up, restore, and hold what was restored against what there was."""
    calls = scale.pick(full=50_000, short=5_000)
    with running_site() as site, tempfile.TemporaryDirectory(prefix="snmcp-backup-") as name:
        people = site.make_people(_PEOPLE)
        site.inside("proofs.rotated_tokens", "make", str(_PEOPLE_MADE_UP))
        site.inside("proofs.sealed_calls", str(calls))
        backup, before = Path(name) / "snmcp.dump", _counted(site, "")
        dump_seconds = _timed(lambda: backup.write_bytes(dump_of(site, "--format=custom")))
        then = _kept_checkpoints(site, Path(name) / "checkpoints-of-the-dump.jsonl")
        site.inside("proofs.sealed_calls", str(_CALLS_LOST))
        restore_seconds = _timed(lambda: _restore(site, backup, _RESTORED))
        yield _same(before, _counted(site, _RESTORED))
        served = _Restored(site, _RESTORED, checkpoints=Path(name) / "checkpoints-from-now.jsonl")
        yield _whole(served, then)
        yield from _held(served, people)
        yield _goes_on(served)
        yield _time(backup, calls, dump_seconds, restore_seconds + served.seconds)
        yield _tampered_backup(site, backup)


@dataclass
class _Restored:
    """A restored database, and the checkpoints that are written from now on."""

    site: Site
    database: str
    checkpoints: Path
    seconds: float = 0.0

    def command(self, *words: str, key: str = "") -> list[str]:
        """The words with which something runs on the restored database."""
        settings = [f"DATABASE_URL={_url(self.site, self.database)}"]
        settings += [f"AUDIT_CHECKPOINTS={self.checkpoints}"]
        settings += [f"TOKEN_ENCRYPTION_KEY={key}"] if key else []
        return ["env", *settings, *words]

    def manage(self, *words: str, key: str = "") -> "subprocess.CompletedProcess[str]":
        """Run `manage.py …` there."""
        began = time.monotonic()
        ran = _tried(self.site, self.command(*MANAGE, *words, key=key))
        self.seconds += time.monotonic() - began
        return ran


def _whole(restored: _Restored, then: Path) -> Measured:
    """Whether the log is that of the dump, and what came after it is told to be lost."""
    checked = restored.manage("check", "--database=default", "--fail-level=ERROR")
    as_dumped = restored.manage("verify_audit", f"--checkpoints={then}")
    later = restored.site.processes.environment["AUDIT_CHECKPOINTS"]
    lost = restored.manage("verify_audit", f"--checkpoints={later}")
    findings = [line for line in lost.stdout.splitlines() if line.startswith(_FINDINGS)]
    only_the_end = len(findings) == 1 and findings[0].startswith("END CUT OFF")
    return _measured(
        "exit codes on the restored database: check --database; verify_audit against the"
        " checkpoints up to the dump, and against those after it, where END CUT OFF is all it says",
        "0, 0 and 1",
        [checked.returncode, as_dumped.returncode, lost.returncode, int(only_the_end)],
        [0, 0, 1, 1],
        told=f"{checked.returncode}, {as_dumped.returncode} and {lost.returncode}"
        f" ({'; '.join(findings)})",
    )


def _goes_on(restored: _Restored) -> Measured:
    """Whether the log proves to be whole again once work has gone on."""
    program = [sys.executable, "-m", "proofs.inside", "proofs.sealed_calls", str(_CALLS_LOST)]
    _tried(restored.site, restored.command(*program))
    code = restored.manage("verify_audit").returncode
    return _measured(
        f"exit code of verify_audit after {_CALLS_LOST} more calls, with checkpoints from then on",
        "0",
        [code],
        [0],
    )


def _held(restored: _Restored, people: Iterable[Person]) -> Iterator[Measured]:
    site = restored.site
    wrong, tokens = _decrypted(site, restored.database)
    yield _measured(
        f"secrets that do not decrypt to what was stored, of {tokens}",
        "0",
        [wrong, tokens],
        [0, 2 * _PEOPLE_MADE_UP],
    )
    with _server(restored) as worker:
        answered = asyncio.run(_everybody(worker, people))
    yield _measured(
        f"of {_PEOPLE} people those whose reconnect token serves on the restored site",
        str(_PEOPLE),
        [answered],
        [_PEOPLE],
    )
    wrong_key = restored.manage("serve", f"--port={free_port()}", key=f"demo:{generated_key()}")
    yield _measured(
        "servers that start on it with another encryption key",
        "0",
        [int(wrong_key.returncode == 0)],
        [0],
    )


def _measured(
    what: str, promised: str, reached: list[int], wanted: list[int], *, told: str = ""
) -> Measured:
    told = told or " and ".join(map(str, reached))
    return Measured(goal=_GOAL, what=what, promised=promised, reached=told, holds=reached == wanted)


def _same(before: dict[str, int], after: dict[str, int]) -> Measured:
    differ = [name for name in before | after if before.get(name) != after.get(name)]
    return Measured(
        goal=_GOAL,
        what=f"tables of {len(before)} that differ after pg_dump and pg_restore",
        promised="0",
        reached=f"{len(differ)}, {sum(after.values()):,} rows {', '.join(differ)}".rstrip(),
        holds=not differ and sum(after.values()) > 0,
    )


def _time(backup: Path, calls: int, dumping: float, restoring: float) -> Measured:
    size = backup.stat().st_size / 1e6
    return Measured(
        goal=_GOAL,
        what=f"time to restore and prove {calls:,} tool calls ({size:.0f} MB of backup)",
        promised=f"at most {_MOST_MINUTES} minutes",
        reached=f"{restoring:.0f} s, after {dumping:.0f} s of backup",
        holds=restoring <= _MOST_MINUTES * 60,
    )


def _tampered_backup(site: Site, backup: Path) -> Measured:
    """Change one row before the triggers are there, as whoever has the backup could."""
    _restore(site, backup, _TAMPERED)
    with connected(_url(site, _TAMPERED)) as database:
        database.execute("ALTER TABLE audit_app_toolcall DISABLE TRIGGER USER")
        database.execute(
            "UPDATE audit_app_toolcall SET user_name = 'charlie' WHERE id = "
            "(SELECT max(id) - 3 FROM audit_app_toolcall)"
        )
    kept = Path(site.processes.environment["AUDIT_CHECKPOINTS"])
    code = _Restored(site, _TAMPERED, checkpoints=kept).manage("verify_audit").returncode
    return _measured("exit code of verify_audit where the backup was changed", "1", [code], [1])


def _kept_checkpoints(site: Site, to: Path) -> Path:
    """A copy of the checkpoints as they are now."""
    to.write_bytes(Path(site.processes.environment["AUDIT_CHECKPOINTS"]).read_bytes())
    return to


def _restore(site: Site, backup: Path, name: str) -> None:
    *options, _ = where(site)
    run("createdb", *options, name)
    run("pg_restore", *options, f"--dbname={name}", "--exit-on-error", str(backup))


def _counted(site: Site, name: str) -> dict[str, int]:
    with connected(_url(site, name)) as database:
        tables = database.execute(
            "SELECT relname FROM pg_stat_user_tables ORDER BY relname"
        ).fetchall()
        counts = {
            table: database.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            ).fetchone()
            for (table,) in tables
        }
    return {table: int(row[0]) if row else -1 for table, row in counts.items()}


def _url(site: Site, name: str) -> str:
    url = site.processes.environment["DATABASE_URL"]
    return f"{url.rpartition('/')[0]}/{name}" if name else url


def _decrypted(site: Site, name: str) -> tuple[int, int]:
    program = [sys.executable, "-m", "proofs.inside", "proofs.rotated_tokens", "compare"]
    ran = _tried(site, ["env", f"DATABASE_URL={_url(site, name)}", *program], given="{}")
    if ran.returncode:
        return 1, 0
    found = json.loads(ran.stdout)
    return int(found["wrong"]), int(found["tokens"])


@contextmanager
def _server(restored: _Restored) -> Iterator[Worker]:
    site, began = restored.site, time.monotonic()
    worker = site.daphne("restored")
    worker = Worker(worker.name, worker.address, tuple(restored.command(*worker.command)))
    site.start(worker)
    restored.seconds += time.monotonic() - began
    yield worker
    site.end(worker)


async def _everybody(worker: Worker, people: Iterable[Person]) -> int:
    async with httpx.AsyncClient(timeout=30) as web:
        answers = [
            await asked(web, worker, "get_my_profile", {}, token=each.token) for each in people
        ]
    return sum(each.succeeded for each in answers)


def _tried(
    site: Site, command: list[str], *, given: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=PROJECT,
        env=dict(site.processes.environment),
        input=given,
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )


def _timed(step: Callable[[], object]) -> float:
    began = time.monotonic()
    step()
    return time.monotonic() - began


if __name__ == "__main__":
    print_measured(prove)
