"""A running PostgreSQL in rough hands: killed and started again, frozen, out of room."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

_SECONDS_TO_END: Final = 20.0
_SMALL: Final = "size=3m"


class Postmaster:
    """The server behind a connection, as its processes."""

    def __init__(self, database: "psycopg.Connection[Any]") -> None:
        row = database.execute("SHOW data_directory").fetchone()
        assert row is not None
        self.folder = Path(row[0])
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        process = psutil.Process(pid)
        self._command, self._environment = process.cmdline(), process.environ()
        self.user, self.group = process.uids().real, process.gids().real
        self._process = process
        self._child: subprocess.Popen[bytes] | None = None

    def stop_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, every connection breaks."""
        everybody = [self._process, *self._process.children()]
        self._process.send_signal(signal.SIGQUIT)
        psutil.wait_procs(everybody, timeout=_SECONDS_TO_END)
        if self._child is not None:
            self._child.wait()

    def start(self) -> None:
        """Start it again as it was; it recovers before it takes connections."""
        as_itself = {"user": self.user, "group": self.group} if os.geteuid() == 0 else {}
        self._child = subprocess.Popen(
            self._command,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **as_itself,
        )
        self._process = psutil.Process(self._child.pid)

    def freeze(self) -> None:
        """Stop every process of it, as a host that hangs does (SIGSTOP)."""
        self._process.suspend()
        for each in self._process.children():
            each.suspend()

    def thaw(self) -> None:
        """Let them go on."""
        for each in [self._process, *self._process.children()]:
            each.resume()

    def end(self) -> None:
        """Stop what was started here; what somebody else has started is theirs to stop."""
        if self._child is not None and self._child.poll() is None:
            self.thaw()
            self._child.send_signal(signal.SIGINT)
            self._child.wait(_SECONDS_TO_END)

    @contextmanager
    def small_disk(self, folder: Path) -> Iterator[Path]:
        """A disk of three megabytes that it may write to. Raises OSError where nobody may mount."""
        folder.mkdir()
        options = f"{_SMALL},uid={self.user},gid={self.group},mode=700"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise OSError("a small disk takes the right to mount one")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Fill a disk to its last byte; return the file that does so."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler
