"""The environment of the clients by others: made once from their lock, kept until that changes.

`python -m tests.foreign_clients.environment` makes it ahead of the tests.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / ".venv-foreign"
LOCK = Path(__file__).with_name("requirements.lock")

_MADE_FROM = DIRECTORY / "made-from"


def python() -> Path:
    """Its interpreter; the environment is made first where it is missing or of another lock.

    Takes about twenty seconds then. Raises CalledProcessError where a package cannot be had.
    """
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    interpreter = DIRECTORY / "bin" / "python"
    if not _MADE_FROM.exists() or _MADE_FROM.read_text(encoding="ascii") != wanted:
        venv.create(DIRECTORY, clear=True, with_pip=True)
        _install(interpreter)
        _MADE_FROM.write_text(wanted, encoding="ascii")
    return interpreter


def _install(interpreter: Path) -> None:
    command = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    exactly = ["--require-hashes", "--no-deps", "--requirement", str(LOCK)]
    subprocess.run([*command, *exactly], check=True)


if __name__ == "__main__":
    python()
