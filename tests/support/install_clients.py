"""Install the MCP clients of `tests/clients` exactly as locked."""

import os
import subprocess
import sys

from tests.support.node import CLIENTS, node_program, npm_command


def main() -> int:
    """Run `npm ci` there with this environment's Node; returns npm's exit status."""
    environment = {**os.environ, "PATH": f"{node_program().parent}:{os.environ['PATH']}"}
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
    return subprocess.run(command, cwd=CLIENTS, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
