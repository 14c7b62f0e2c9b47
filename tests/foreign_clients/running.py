"""Scripts that use a client by others, and what became of each of their functions."""

import ast
import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.foreign_clients import environment

SCRIPTS = Path(__file__).with_name("scripts")
SECONDS = 60


def names_in(script: str) -> list[str]:
    """The names of the functions of a script that show something, in their order."""
    tree = ast.parse((SCRIPTS / f"{script}.py").read_text(encoding="utf-8"))
    functions = (
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [one.name for one in functions if not one.name.startswith("_")]


def outcomes_of(script: str, *, settings: dict[str, str]) -> dict[str, str]:
    """Run a script with the clients: for each function its traceback, empty where it succeeded.

    `settings` are environment variables. A script that cannot even be imported has one outcome,
    named `import`.
    """
    with tempfile.TemporaryDirectory() as directory:
        written = Path(directory) / "outcomes.json"
        ended = subprocess.run(
            [str(environment.python()), str(SCRIPTS / "runner.py"), script, str(written)],
            env={**_own_environment(), **settings, "HOME": directory},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        if not written.exists():
            return {"import": ended.stdout + ended.stderr}
        outcomes: dict[str, str] = json.loads(written.read_text(encoding="utf-8"))
        return outcomes


def _own_environment() -> dict[str, str]:
    """This process's, without what would lead the clients elsewhere."""
    kept = ("PATH", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}
