"""A site with two workers that share nothing but the database and Redis.

The first is daphne, as the product runs it, the second uvicorn. Each has a port of its own, so
that a test chooses which of them gets a request.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from snmcp_project import embedded_redis
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import PROJECT, DemoSite
from snmcp_project.demo.startup import free_port, wait_until_ready

_MODULE = "tests.two_workers.application"
# Nobody here is to wait for the limit of calls a minute.
_NO_LIMIT = {"RATE_LIMIT_PER_USER": "1000000", "LOG_LEVEL": "WARNING"}


@dataclass(frozen=True)
class Person:
    """Somebody with a connection, and a reconnect token for each of two clients."""

    user_name: str
    user_id: int
    token: str
    other_token: str


@dataclass(frozen=True)
class Worker:
    """One server process: its name among the processes, and its address."""

    name: str
    address: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class TwoWorkers:
    """The running site."""

    demo: DemoSite
    processes: Processes
    daphne: Worker
    uvicorn: Worker
    people: tuple[Person, ...]

    @property
    def workers(self) -> tuple[Worker, Worker]:
        """Both."""
        return self.daphne, self.uvicorn

    def start(self, *workers: Worker) -> None:
        """Start these (again), and return once they answer."""
        for worker in workers:
            self.processes.start(worker.name, worker.command)
        for worker in workers:
            wait_until_ready(f"{worker.address}/livez", self.processes)

    def start_redis(self) -> None:
        """Start Redis unless it runs; returns once it answers."""
        child = embedded_redis.ensure_running(self.demo.redis_directory)
        if child is not None:
            self.processes.adopt("redis", child)


@contextmanager
def running(folder: Path, *, people: int) -> Iterator[TwoWorkers]:
    """Start everything in `folder`, make people, and end everything afterwards.

    Raises ChildFailed or NotReady if one of the servers does not come up.
    """
    demo = DemoSite(folder, free_port(), free_port())
    with Processes(folder / "logs", demo.environment() | _NO_LIMIT) as processes:
        processes.adopt("redis", embedded_redis.start(demo.redis_directory))
        processes.start("simulator", demo.simulator_command())
        daphne, uvicorn = _daphne(demo.port), uvicorn_with(name="uvicorn")
        for worker in (daphne, uvicorn):
            # They ask the database nothing before the first request.
            processes.start(worker.name, worker.command)
        site = TwoWorkers(demo, processes, daphne, uvicorn, _made(processes, people))
        for address in (daphne.address, uvicorn.address, demo.instance_address):
            wait_until_ready(address, processes)
        yield site


def _daphne(port: int) -> Worker:
    command = (sys.executable, "-m", "tests.support.serve", _MODULE, str(port))
    return Worker("daphne", f"http://localhost:{port}", command)


def uvicorn_with(*options: str, name: str) -> Worker:
    """A uvicorn on a port of its own; it is not started yet."""
    port = free_port()
    # As patient with a quiet connection as daphne is here.
    quiet = ("--no-access-log", "--log-level=warning", "--timeout-keep-alive=60")
    command = (
        sys.executable,
        "-m",
        "uvicorn",
        f"--port={port}",
        *quiet,
        *options,
        f"{_MODULE}:application",
    )
    return Worker(name, f"http://localhost:{port}", command)


def _made(processes: Processes, number: int) -> tuple[Person, ...]:
    command = [sys.executable, "-m", "tests.two_workers.make_people", str(number)]
    made = subprocess.run(
        command,
        cwd=PROJECT,
        env=dict(processes.environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return tuple(Person(*row) for row in json.loads(made.stdout))
