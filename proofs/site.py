"""One site of real processes for a proof: PostgreSQL, Redis, the simulator, web workers, Celery."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import environ
import httpx
import psycopg

from snmcp_project import embedded_redis
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import PROJECT, DemoSite
from snmcp_project.demo.startup import CELERY, MANAGE, free_port, wait_until_ready
from tests.postgres import running_postgres

# Nobody here is to wait for the limit of calls a minute.
_SETTINGS: Final = {"RATE_LIMIT_PER_USER": "1000000", "LOG_LEVEL": "WARNING"}


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in with ServiceNow, and a reconnect token of theirs that may write.

    `sys_id` is theirs in ServiceNow.
    """

    user_name: str
    sys_id: str
    token: str


@dataclass(frozen=True)
class Worker:
    """One web worker: its name among the processes, its address and what starts it."""

    name: str
    address: str
    command: tuple[str, ...]


class Instance:
    """The simulated ServiceNow as whoever runs it sees it: journal, faults, people."""

    def __init__(self, address: str) -> None:
        self._web = httpx.Client(base_url=f"{address}/simulator", timeout=30)

    def journal(self, *, after: int = 0, path: str = "/api/") -> list[dict[str, Any]]:
        """Requests with an id above `after` whose path begins so, the oldest first."""
        answer = self._asked("GET", "/journal", params={"after": after, "path": path})
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries

    def forget_journal(self) -> None:
        """Empty the journal; ids go on."""
        self._asked("DELETE", "/journal")

    def add_fault(self, **facts: object) -> None:
        """Have a fault happen: the fields of the simulator's `Fault`."""
        self._asked("POST", "/faults", json=facts)

    def clear_faults(self) -> None:
        """Have no more faults happen."""
        self._asked("DELETE", "/faults")

    def _asked(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, object] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> httpx.Response:
        answer = self._web.request(method, path, json=json, params=params)
        return answer.raise_for_status()


@dataclass(frozen=True)
class Site:
    """The running site."""

    demo: DemoSite
    processes: Processes
    database: psycopg.Connection[Any]
    instance: Instance
    folder: Path

    def make_people(self, number: int) -> tuple[Person, ...]:
        """Sign so many people of the instance in, who all may create incidents."""
        made = json.loads(self.inside("proofs.people", str(number)))
        self.instance.forget_journal()
        return tuple(Person(*row) for row in made)

    def inside(self, module: str, *arguments: str) -> str:
        """Run `main` of one of our modules with the apps ready; return what it printed."""
        return self._ran([sys.executable, "-m", "proofs.inside", module, *arguments])

    def manage(self, *words: str) -> str:
        """Run a management command; return what it printed."""
        return self._ran([*MANAGE, *words])

    def daphne(self, name: str = "daphne") -> Worker:
        """A worker as the product runs it, not started yet."""
        port = free_port()
        command = (*MANAGE, "serve", "--host=127.0.0.1", f"--port={port}")
        return Worker(name, f"http://localhost:{port}", command)

    def start(self, *workers: Worker) -> None:
        """Start workers (again), and return once they answer."""
        for worker in workers:
            self.processes.start(worker.name, worker.command)
        for worker in workers:
            wait_until_ready(f"{worker.address}/livez", self.processes)

    def end(self, *workers: Worker) -> None:
        """Have workers end as a restart does, one after the other."""
        for worker in workers:
            self.processes.end(worker.name)

    def start_celery(self, *, beats: int = 1) -> None:
        """Start one worker of Celery and so many beats."""
        self.processes.start("worker", [*CELERY, "worker", "--concurrency=1"])
        for number in range(beats):
            schedule = f"--schedule={self.folder}/beat-{number}"
            self.processes.start(f"beat {number}", [*CELERY, "beat", schedule])

    def start_redis(self) -> None:
        """Start Redis unless it runs; returns once it answers."""
        child = embedded_redis.ensure_running(self.demo.redis_directory)
        if child is not None:
            self.processes.adopt("redis", child)

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of an answer of the database, asked as its superuser on a fresh connection."""
        with connected(self.processes.environment["DATABASE_URL"]) as database:
            return database.execute(question, values).fetchall()

    def _ran(self, command: list[str]) -> str:
        ran = subprocess.run(
            command,
            cwd=PROJECT,
            env=dict(self.processes.environment),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"{command} ended with {ran.returncode}: {ran.stderr[-2000:]}")
        return ran.stdout


@contextmanager
def running_site(
    settings: Mapping[str, str] | None = None, *, simulator: Sequence[str] = ()
) -> Iterator[Site]:
    """Run all but the web workers and Celery; end everything afterwards, those too.

    `settings` go into the environment of every process; `simulator` are options of that program.
    """
    folder = tempfile.TemporaryDirectory(prefix="snmcp-proof-", ignore_cleanup_errors=True)
    with (
        running_postgres() as url,
        folder as place,
        _on(url, Path(place), settings or {}, simulator) as site,
    ):
        yield site


@contextmanager
def _on(
    url: str, folder: Path, settings: Mapping[str, str], simulator: Sequence[str]
) -> Iterator[Site]:
    demo = DemoSite(folder, free_port(), free_port())
    environment = demo.environment() | {"DATABASE_URL": url} | _SETTINGS | dict(settings)
    with Processes(folder / "logs", environment) as processes:
        processes.adopt("redis", embedded_redis.start(demo.redis_directory))
        processes.start("simulator", [*demo.simulator_command(), *simulator])
        processes.run("migrate", [*MANAGE, "migrate", "--verbosity=0"])
        wait_until_ready(demo.instance_address, processes)
        with connected(url) as database:
            yield Site(demo, processes, database, Instance(demo.instance_address), folder)


def connected(url: str) -> "psycopg.Connection[Any]":
    """A connection to the database as its superuser, each statement a transaction."""
    where = environ.Env.db_url_config(url)
    return psycopg.connect(
        host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True
    )
