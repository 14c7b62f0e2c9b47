"""Keys are rotated while people work, whatever is killed; and a wrong key starts nothing.

Real processes: PostgreSQL, Redis, the simulator, two servers (the second not yet restarted with
the new key first), somebody who stores new tokens all the time, and `manage.py rotate_keys`, killed
in its midst again and again. `python -m proofs.key_rotation` runs it alone, in full.
"""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import environ
import psycopg

from oauth_app.encryption import generated_key
from proofs.alone import print_measured
from proofs.calling import Calls, call_until, signed_in
from proofs.measured import Measured, Scale
from snmcp_project import embedded_redis
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import PROJECT, DemoSite
from snmcp_project.demo.startup import CELERY, MANAGE, free_port, wait_until_ready
from tests.postgres import running_postgres

_OLD: Final = f"old:{generated_key()}"
_NEW: Final = f"new:{generated_key()}"
_WRONG: Final = f"new:{generated_key()}"
# Not found by the code that rotates, so that a column it forgets is seen here.
_COUNTED: Final = """
    SELECT (SELECT count(*) FROM oauth_app_connection WHERE access_token LIKE '1|old|%')
         + (SELECT count(*) FROM oauth_app_connection WHERE refresh_token LIKE '1|old|%')
         + (SELECT count(*) FROM oauth_app_instance WHERE client_secret LIKE '1|old|%')
         + (SELECT count(*) FROM oauth_app_authorizationrequest
             WHERE code_verifier LIKE '1|old|%')"""
_TABLES: Final = (
    "oauth_app_authorizationrequest",
    "oauth_app_connection",
    "oauth_app_instance",
    "oauth_app_keycanary",
    "oauth_app_user",
)
_ACCESS_TOKEN_SECONDS: Final = 45  # so that the people's own tokens are refreshed meanwhile
_BATCH: Final = "20"
_PATIENCE_SECONDS: Final = 120.0


def prove(scale: Scale) -> Iterable[Measured]:
    """Rotate under load with kills, then try a wrong and a missing key."""
    people = scale.pick(full=5_000, short=200)
    kills = scale.pick(full=20, short=2)
    with (
        running_postgres() as url,
        tempfile.TemporaryDirectory(prefix="snmcp-proof-", ignore_cleanup_errors=True) as folder,
        _site(Path(folder), url) as site,
    ):
        site.run("inside", "proofs.rotated_tokens", "make", str(people))
        rotation = asyncio.run(_rotated_under_load(site, kills=kills))
        yield from _held(rotation, tokens=2 * people, kills=kills)
        every = (_WRONG, _OLD, f"{_WRONG},{_OLD}")
        yield from _wrong_keys(site, scale.pick(full=every, short=every[:1]))


@dataclass
class _Site:
    demo: DemoSite
    processes: Processes
    database: psycopg.Connection[Any]
    folder: Path

    def command(self, *words: str, keys: str) -> list[str]:
        """The words that run `manage.py …` or one of our modules with these keys."""
        program = [sys.executable, "-m", "proofs.inside"] if words[0] == "inside" else MANAGE
        rest = words[1:] if words[0] == "inside" else words
        return ["env", f"TOKEN_ENCRYPTION_KEY={keys}", *program, *rest]

    def run(self, *words: str, keys: str = _OLD, given: str = "") -> str:
        """Run a command to its end and return what it printed; raises when it fails."""
        ran = self.tried(self.command(*words, keys=keys), given=given)
        if ran.returncode:
            raise RuntimeError(f"{words} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
        return ran.stdout

    def tried(self, command: Sequence[str], *, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever it says."""
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=dict(self.processes.environment),
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def begun(self, *words: str, keys: str) -> subprocess.Popen[str]:
        """Start a command whose output is kept."""
        return subprocess.Popen(
            self.command(*words, keys=keys),
            cwd=PROJECT,
            env=dict(self.processes.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def serve(self, name: str, *, keys: str) -> str:
        """Start a server on a port of its own and return its address."""
        port = self.demo.port if name == "first" else free_port()
        self.processes.start(name, self.command("serve", f"--port={port}", keys=keys))
        address = f"http://localhost:{port}"
        wait_until_ready(address, self.processes)
        return address

    def under_old_key(self) -> int:
        """How many secrets stand under the old key."""
        row = self.database.execute(_COUNTED).fetchone()
        return int(row[0]) if row else 0

    def fingerprint(self) -> list[Any]:
        """One value for each table that a wrong key could spoil."""
        statement = "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} t"
        return [self.database.execute(statement.format(each)).fetchone() for each in _TABLES]


@dataclass
class _Rotation:
    calls: Calls = field(default_factory=Calls)
    killed: int = 0
    rotated_before_a_kill: list[int] = field(default_factory=list)
    refreshed: int = 0
    compared: dict[str, Any] = field(default_factory=dict)
    last_exit: int = -1
    left: int = -1
    after_removal: Calls = field(default_factory=Calls)
    seconds: float = 0


@contextmanager
def _site(folder: Path, url: str) -> Iterator[_Site]:
    demo = DemoSite(folder, free_port(), free_port())
    environment = demo.environment() | {
        "DATABASE_URL": url,
        "RATE_LIMIT_PER_USER": "1000000",
        "LOG_LEVEL": "WARNING",
    }
    where = environ.Env.db_url_config(url)
    with Processes(folder / "logs", environment) as processes:
        processes.adopt("redis", embedded_redis.start(demo.redis_directory))
        lifespan = f"--access-token-lifespan={_ACCESS_TOKEN_SECONDS}"
        processes.start("simulator", [*demo.simulator_command(), lifespan])
        wait_until_ready(demo.instance_address, processes)
        with psycopg.connect(
            host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True
        ) as database:
            site = _Site(demo, processes, database, folder)
            site.run("migrate", "--verbosity=0")
            yield site


async def _rotated_under_load(site: _Site, *, kills: int) -> _Rotation:
    rotation, stop, stop_second = _Rotation(), asyncio.Event(), asyncio.Event()
    first = site.serve("first", keys=f"{_OLD},{_NEW}")
    people = await signed_in(f"{first}/mcp")
    site.processes.end("first")
    # A rolling restart half done: one server writes under the new key, the other still the old.
    first, second = (
        site.serve("first", keys=f"{_NEW},{_OLD}"),
        site.serve("second", keys=f"{_OLD},{_NEW}"),
    )
    enough = site.folder / "enough"
    refreshing = site.begun(
        "inside", "proofs.rotated_tokens", "refresh", str(enough), keys=f"{_OLD},{_NEW}"
    )
    began = time.monotonic()
    calling = [
        asyncio.create_task(call_until(stop, [first], people, rotation.calls)),
        asyncio.create_task(call_until(stop_second, [second], people, rotation.calls)),
    ]
    await asyncio.to_thread(_kill_again_and_again, site, rotation, kills)
    stop_second.set()
    await calling[1]
    enough.touch()
    numbers = (await asyncio.to_thread(refreshing.communicate))[0]
    rotation.refreshed = sum(json.loads(numbers).values())
    await asyncio.to_thread(site.processes.end, "second")
    command = site.command("rotate_keys", keys=f"{_NEW},{_OLD}")
    rotation.last_exit = (await asyncio.to_thread(site.tried, command)).returncode
    rotation.left = site.under_old_key()
    stop.set()
    await calling[0]
    rotation.seconds = time.monotonic() - began
    rotation.compared = json.loads(
        site.run("inside", "proofs.rotated_tokens", "compare", keys=f"{_NEW},{_OLD}", given=numbers)
    )
    site.processes.end("first")
    first = site.serve("first", keys=_NEW)
    await call_until(stop, [first], people, rotation.after_removal)
    site.processes.end("first")
    return rotation


def _kill_again_and_again(site: _Site, rotation: _Rotation, kills: int) -> None:
    choose = random.Random(19)  # when to kill
    share = site.under_old_key() // (kills + 2)
    for number in range(kills):
        before = site.under_old_key()
        child = site.begun("rotate_keys", f"--batch={_BATCH}", keys=f"{_NEW},{_OLD}")
        until = before - choose.randint(share // 4, share)
        while child.poll() is None and site.under_old_key() > until:
            time.sleep(0.005)
        time.sleep(choose.random() / 50)
        rotation.killed += child.poll() is None
        child.kill()
        child.communicate()
        left = site.under_old_key()
        rotation.rotated_before_a_kill.append(before - left)
        say = f"  killed {number + 1} of {kills}; {left:,} secrets are left under the old key"
        print(f"{say}; {rotation.calls.made:,} calls", flush=True)  # progress


def _held(rotation: _Rotation, *, tokens: int, kills: int) -> Iterator[Measured]:
    calls, compared = rotation.calls, rotation.compared
    midway = sum(1 for number in rotation.rotated_before_a_kill if number > 0)
    failed = "; ".join(calls.failures[:2])
    yield Measured(
        goal="G19",
        what=f"calls that failed while {tokens:,} tokens were rotated, two servers, "
        f"{rotation.refreshed:,} refreshes, {rotation.seconds:.0f} s",
        promised="0",
        reached=f"{len(calls.failures):,} of {calls.made:,} {failed}".rstrip(),
        holds=not calls.failures and calls.made > 10 * kills,
    )
    yield Measured(
        goal="G19",
        what="SIGKILLs of rotate_keys in its midst",
        promised=f"{kills}",
        reached=f"{min(rotation.killed, midway)}",
        holds=rotation.killed == midway == kills,
    )
    yield Measured(
        goal="G19",
        what="secrets under the old key after the run that was not killed",
        promised="0, exit code 0",
        reached=f"{rotation.left:,}, exit code {rotation.last_exit}",
        holds=rotation.left == 0 and rotation.last_exit == 0,
    )
    yield Measured(
        goal="G19",
        what="tokens lost, changed or overwritten by an older one",
        promised=f"0 of {tokens:,}",
        reached=f"{compared['wrong']:,} of {compared['tokens']:,}",
        holds=compared["wrong"] == 0 and compared["tokens"] == tokens and rotation.refreshed > 0,
    )
    after = rotation.after_removal
    yield Measured(
        goal="G19",
        what="calls that failed after the old key was removed",
        promised="0",
        reached=f"{len(after.failures)} of {after.made} {'; '.join(after.failures[:1])}".rstrip(),
        holds=not after.failures and after.made > 0,
    )


def _wrong_keys(site: _Site, wrong: Sequence[str]) -> Iterator[Measured]:
    before, started = site.fingerprint(), []
    programs = (("serve", f"--port={free_port()}"), ("celery",), ("rotate_keys",))
    for keys in wrong:
        for words in programs:
            worker = ["env", f"TOKEN_ENCRYPTION_KEY={keys}", *CELERY, "worker", "--concurrency=1"]
            command = worker if words[0] == "celery" else site.command(*words, keys=keys)
            ran = _ended(site, command)
            if ran is None or not ran.returncode or "TOKEN_ENCRYPTION_KEY" not in ran.stderr:
                started.append(words[0])
    tries = len(wrong) * len(programs)
    changed = sum(one != other for one, other in zip(before, site.fingerprint(), strict=True))
    yield Measured(
        goal="G19",
        what="server, worker or rotation that starts with a wrong or a missing key, "
        "or does not say why it does not",
        promised=f"0 of {tries}",
        reached=f"{len(started)} of {tries} {', '.join(started)}".rstrip(),
        holds=not started,
    )
    yield Measured(
        goal="G19",
        what=f"tables of {len(_TABLES)} that changed by that",
        promised="0",
        reached=str(changed),
        holds=changed == 0,
    )


def _ended(site: _Site, command: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
    """Run what must end by itself; None when it was still running after two minutes."""
    try:
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=dict(site.processes.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    print_measured(prove)
