"""The servers that the conformance suite runs against, started once for all runs.

One daphne, as the product runs it, and one uvicorn with two workers. They share the database, Redis
and public address, as the workers of one site do.
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

APPLICATION = "tests.conformance.application:application"


@dataclass(frozen=True)
class Servers:
    """The addresses of both servers, an access token of a person for either, and their logs."""

    daphne: str
    two_workers: str
    token: str
    logs: tuple[Path, ...]

    def url(self, server: str, endpoint: str) -> str:
        """Where the suite finds an endpoint, `mcp` or `fixture/mcp`, of one of them."""
        return f"{server}/as/{self.token}/{endpoint}"


@contextmanager
def running(folder: Path) -> Iterator[Servers]:
    """Start everything in `folder`, sign a person in, and end everything afterwards.

    Raises ChildFailed or NotReady if one of the servers does not come up.
    """
    site, second_port = DemoSite(folder, free_port(), free_port()), free_port()
    second = f"http://localhost:{second_port}"
    # The suite comes from the origin it goes to.
    environment = site.environment() | {"ALLOWED_ORIGINS": second}
    with Processes(folder / "logs", environment) as processes:
        processes.adopt("redis", embedded_redis.start(site.redis_directory))
        processes.start("simulator", site.simulator_command())
        # They ask the database nothing before the first request.
        processes.start("daphne", _daphne(site.port))
        processes.start("uvicorn", _uvicorn(second_port))
        processes.run("migrate", [*MANAGE, "migrate", "--verbosity=0"])
        for address in (site.instance_address, site.address, second):
            wait_until_ready(address, processes)
        logs = (folder / "logs/daphne.log", folder / "logs/uvicorn.log")
        yield Servers(site.address, second, asyncio.run(_access_token(site)), logs)


def _daphne(port: int) -> list[str]:
    return [sys.executable, "-m", "tests.conformance.serve", str(port)]


def _uvicorn(port: int) -> list[str]:
    options = [f"--port={port}", "--workers=2", "--no-access-log", "--log-level=warning"]
    # No connection is used twice, so that each request may land on either worker.
    return [sys.executable, "-m", "uvicorn", *options, "--header=connection:close", APPLICATION]


async def _access_token(site: DemoSite) -> str:
    """Sign Abel in with a client that registers, as any client does."""
    storage = MemoryStorage()
    async with connected(f"{site.address}/mcp", "abel.tuter", storage=storage):
        assert storage.tokens is not None
        return storage.tokens.access_token
