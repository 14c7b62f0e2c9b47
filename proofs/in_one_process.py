"""Running a part of a proof where a whole site is one process: the settings of the tests."""

import json
import os
import subprocess
import sys
from typing import Any, Final

from snmcp_project.demo.site import PROJECT

_SETTINGS: Final = {"DJANGO_SETTINGS_MODULE": "tests.settings"}


def counted_inside(module: str, *arguments: str) -> dict[str, Any]:
    """Run `main` of one of our modules; return the JSON object of the last line it printed.

    What it prints before, and its log, belong to whoever watches. Raises CalledProcessError.
    """
    command = [sys.executable, "-m", "proofs.inside", module, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ran = subprocess.run(
        command,
        cwd=PROJECT,
        env=environment | _SETTINGS,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *before, last = ran.stdout.strip().splitlines()
    print("\n".join(before), flush=True)  # progress
    found: dict[str, Any] = json.loads(last)
    return found
