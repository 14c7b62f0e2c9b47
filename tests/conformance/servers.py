"""The servers that the conformance suite runs against, started once for all runs.

One daphne, as the product runs it, and one uvicorn with two workers: two sites, so that neither
hears what changes at the other, over one database and one Redis.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from snmcp_project import embedded_redis
from snmcp_project.demo.client import MemoryStorage, connected
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import DemoSite
from snmcp_project.demo.startup import MANAGE, free_port, wait_until_ready

_MODULE = "tests.conformance.application"
# One person sends in a minute what a whole suite sends.
_NO_LIMIT = {"RATE_LIMIT_PER_USER": "1000000"}


@dataclass(frozen=True)
class Server:
    """A running server, an access token of a person for it, and its log."""

    address: str
    token: str
    log: Path

    def url(self, endpoint: str) -> str:
        """Where the suite finds an endpoint, `mcp` or `fixture/mcp`."""
        return f"{self.address}/as/{self.token}/{endpoint}"


@dataclass(frozen=True)
class Servers:
    """Both servers."""

    daphne: Server
    two_workers: Server


@contextmanager
def running(folder: Path) -> Iterator[Servers]:
    """Start everything in `folder`, sign a person in, and end everything afterwards.

    Raises ChildFailed or NotReady if one of the servers does not come up.
    """
    first = DemoSite(folder, free_port(), free_port())
    second = DemoSite(folder, free_port(), first.simulator_port)
    logs = folder / "logs"
    with (
        Processes(logs, first.environment() | _NO_LIMIT) as processes,
        Processes(logs, second.environment() | _NO_LIMIT) as workers,
    ):
        processes.adopt("redis", embedded_redis.start(first.redis_directory))
        processes.start("simulator", _simulator(first, second))
        # They ask the database nothing before the first request.
        processes.start("daphne", _daphne(first.port))
        workers.start("uvicorn", _uvicorn(second.port))
        processes.run("migrate", [*MANAGE, "migrate", "--verbosity=0"])
        for address in (first.instance_address, first.address, second.address):
            wait_until_ready(address, processes)
        tokens = [asyncio.run(_access_token(site)) for site in (first, second)]
        yield Servers(
            Server(first.address, tokens[0], logs / "daphne.log"),
            Server(second.address, tokens[1], logs / "uvicorn.log"),
        )


def _simulator(first: DemoSite, second: DemoSite) -> list[str]:
    return [*first.simulator_command(), f"--redirect-uri={second.address}/oauth/callback"]


def _daphne(port: int) -> list[str]:
    return [sys.executable, "-m", "tests.support.serve", _MODULE, str(port)]


def _uvicorn(port: int) -> list[str]:
    options = [f"--port={port}", "--workers=2", "--no-access-log", "--log-level=warning"]
    # No connection is used twice, so that each request may land on either worker.
    return [
        sys.executable,
        "-m",
        "uvicorn",
        *options,
        "--header=connection:close",
        f"{_MODULE}:application",
    ]


async def _access_token(site: DemoSite) -> str:
    """Sign Abel in with a client that registers, as any client does."""
    storage = MemoryStorage()
    async with connected(f"{site.address}/mcp", "abel.tuter", storage=storage):
        assert storage.tokens is not None
        return storage.tokens.access_token
