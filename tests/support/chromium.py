"""A Chromium to drive: the machine's own, else the one that npm carries for Linux."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.support.node import CLIENTS, node_program

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox, because tests run as root in containers; no traffic of its own, because tests are
# alone on the machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> tuple[Path, dict[str, str]]:
    """Return the program and the environment it needs; raises CalledProcessError if none is."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found), dict(os.environ)
    printed = subprocess.run(
        [node_program(), "unpack_chromium.mjs"],
        cwd=CLIENTS,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    unpacked = json.loads(printed)
    return Path(unpacked["program"]), {**os.environ, "LD_LIBRARY_PATH": unpacked["libraries"]}
