"""The child processes of a demo: started in order, watched, and all ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from snmcp_project.demo.failures import DemoFailed
from snmcp_project.demo.site import PROJECT

STOP_SECONDS = 10.0
LOG_LINES_SHOWN = 20


class ChildFailed(DemoFailed):
    """A child ended with an error or never became ready; carries the end of what it printed."""

    def __init__(self, name: str, log: Path) -> None:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        shown = "\n".join(lines[-LOG_LINES_SHOWN:]) or "(it printed nothing)"
        super().__init__(f"{name} failed. The end of {log}:\n{shown}")


@dataclass
class Processes:
    """A context in which children run; leaving it ends every one, last started first."""

    logs: Path
    environment: Mapping[str, str]
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run `command` to its end; raises ChildFailed if it exits with anything but 0."""
        if self._spawn(name, command).wait() != 0:
            raise ChildFailed(name, self._log(name))

    def start(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start `command`, which goes on until this context ends."""
        child = self._running[name] = self._spawn(name, command)
        return child

    def adopt(self, name: str, child: subprocess.Popen[bytes]) -> None:
        """End `child`, started elsewhere, together with the others."""
        self._running[name] = child

    def pid(self, name: str) -> int:
        """Return the process id of a running child."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """End one child at once, as a crash would (SIGKILL)."""
        child = self._running.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def end(self, name: str) -> None:
        """Ask one child to end, as a restart does (SIGTERM), and wait; kill it after 10 s."""
        child = self._running.pop(name)
        child.terminate()
        _wait_or_kill([child])

    def failed(self) -> ChildFailed | None:
        """Return the failure of the first child that is no longer running, if any."""
        for name, child in self._running.items():
            if child.poll() is not None:
                return ChildFailed(name, self._log(name))
        return None

    def stop(self) -> None:
        """Ask every child to end, last started first; kill those that do not within 10 s."""
        children = list(reversed(self._running.values()))
        self._running.clear()
        for child in children:
            if child.poll() is None:
                child.terminate()
        _wait_or_kill(children)

    def _spawn(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C reaches only us and we end the children in order.
        with self._log(name).open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _log(self, name: str) -> Path:
        log = self.logs / f"{name.replace(' ', '-')}.log"
        log.touch()
        return log


def _wait_or_kill(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait for all of them within 10 s, and kill those that are left then."""
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
