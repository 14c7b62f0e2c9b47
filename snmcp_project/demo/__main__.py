"""`make demo`: run the whole product on this machine until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from snmcp_project.demo.banner import banner
from snmcp_project.demo.failures import DemoFailed
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import DEFAULT_DIRECTORY, DemoSite
from snmcp_project.demo.startup import bring_up
from snmcp_project.embedded_redis import RedisDidNotStart


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; returns 0 after Ctrl-C or SIGTERM, 1 after a failure, which it explains."""
    site = _site(arguments)
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        with Processes(site.directory / "logs", site.environment()) as processes:
            bring_up(site, processes, report=lambda step: print(f"  {step} …", flush=True))
            print(banner(site), flush=True)
            _watch(processes)
    except KeyboardInterrupt:
        print("\nEverything has ended. Your data are kept in", site.directory)
        return 0
    except (DemoFailed, RedisDidNotStart) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


def _site(arguments: list[str] | None) -> DemoSite:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    environment = os.environ
    parser.add_argument("--port", type=int, default=int(environment.get("MCP_PORT", "8080")))
    parser.add_argument(
        "--simulator-port", type=int, default=int(environment.get("SIMULATOR_PORT", "8090"))
    )
    parser.add_argument("--directory", type=Path, default=DEFAULT_DIRECTORY)
    chosen = parser.parse_args(arguments)
    return DemoSite(chosen.directory.resolve(), chosen.port, chosen.simulator_port)


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _watch(processes: Processes) -> None:
    while True:
        if failure := processes.failed():
            raise failure
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
