"""Bring a demo site up: free ports, Redis, simulator, migrations, operator, server, Celery."""

import socket
import sys
import time
from collections.abc import Callable

import httpx

from snmcp_project import embedded_redis
from snmcp_project.demo.failures import DemoFailed
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import OPERATOR, PROJECT, DemoSite

READY_SECONDS = 60.0
MANAGE = [sys.executable, str(PROJECT / "manage.py")]
CELERY = [sys.executable, "-m", "celery", "-A", "snmcp_project"]

Report = Callable[[str], None]


class PortInUse(DemoFailed):
    """Something else listens on a port the demo wants."""

    def __init__(self, port: int, option: str) -> None:
        super().__init__(
            f"Port {port} is in use. Stop what listens there, or choose another: "
            f'make demo ARGS="{option} {port + 1000}"'
        )


class NotReady(DemoFailed):
    """A server did not answer in time."""


def free_port() -> int:
    """Return a port that is free on loopback just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def require_free_ports(site: DemoSite) -> None:
    """Raise PortInUse unless both ports of `site` can be listened on."""
    for port, option in ((site.port, "--port"), (site.simulator_port, "--simulator-port")):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortInUse(port, option) from error


def bring_up(site: DemoSite, processes: Processes, *, report: Report) -> None:
    """Start everything in order; returns once pages and MCP answer.

    Raises PortInUse, ChildFailed, NotReady or RedisDidNotStart.
    """
    require_free_ports(site)
    report("Redis and the simulated ServiceNow")
    processes.adopt("redis", embedded_redis.start(site.redis_directory))
    processes.start("simulator", site.simulator_command())
    report("Database")
    processes.run("migrate", [*MANAGE, "migrate", "--verbosity=0"])
    processes.run("operator", [*MANAGE, "ensure_operator", OPERATOR])
    report("Server and Celery")
    start_server(processes)
    processes.start("worker", [*CELERY, "worker", "--loglevel=INFO", "--concurrency=1"])
    processes.start(
        "beat", [*CELERY, "beat", "--loglevel=INFO", f"--schedule={site.directory}/beat"]
    )
    wait_until_ready(site.instance_address, processes)
    wait_until_ready(site.address, processes)


def start_server(processes: Processes) -> None:
    """Start the web server of the site (again)."""
    processes.start("server", [*MANAGE, "serve", "--host=127.0.0.1"])


def wait_until_ready(address: str, processes: Processes) -> None:
    """Return once `address` answers with anything below 500; raises ChildFailed or NotReady."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if failure := processes.failed():
            raise failure
        try:
            if httpx.get(address, timeout=2).status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise NotReady(f"{address} did not answer within {READY_SECONDS:.0f} s.")
