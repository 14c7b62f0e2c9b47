"""Running a proof in a process of its own, and seeing that nothing of it stays behind."""

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from proofs.measured import Measured, Scale

ROOT: Final = Path(__file__).resolve().parent.parent
_SECONDS_TO_CLEAN_UP: Final = 60.0
_SECONDS_TO_END: Final = 10.0
_BECOME_SUBREAPER: Final = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
_SECONDS_BETWEEN_LOOKS: Final = 0.2


@dataclass(frozen=True)
class Ran:
    """What came of a proof: its numbers; where it `failed`, a fault of the proof itself last."""

    name: str
    measured: tuple[Measured, ...]
    seconds: float
    printed: str
    left_behind: int
    failed: bool

    @property
    def holds(self) -> bool:
        """Whether every promise holds."""
        return all(each.holds for each in self.measured)


def adopt_orphans() -> None:
    """Have the processes whose parents die become ours, where the system can do that (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def run(
    name: str,
    scale: Scale,
    *,
    folder: Path,
    most_seconds: float,
    meanwhile: Callable[[float], None],
) -> Ran:
    """Run a proof; `meanwhile` hears the seconds passed. Ends whatever it has started."""
    numbers, log = folder / f"{name}.jsonl", folder / f"{name}.txt"
    began = time.monotonic()
    with log.open("wb") as printed:
        child = subprocess.Popen(
            [sys.executable, "-m", "proofs.one", name, scale.value, str(numbers)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone
        )
    is_late = False
    try:
        while child.poll() is None and not is_late:
            passed = time.monotonic() - began
            meanwhile(passed)
            is_late = passed > most_seconds
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    finally:
        _end(child)
        left_behind = _end_what_is_left()
    measured = _read(numbers)
    failed = is_late or child.returncode != 0 or not measured
    if failed:
        why = f"no end after {most_seconds:.0f} s" if is_late else f"exit code {child.returncode}"
        measured.append(_fault(name, measured, why))
    return Ran(
        name,
        tuple(measured),
        time.monotonic() - began,
        log.read_text(encoding="utf-8", errors="replace"),
        left_behind,
        failed,
    )


def _read(numbers: Path) -> list[Measured]:
    if not numbers.exists():
        return []
    lines = numbers.read_text(encoding="utf-8").splitlines()
    return [Measured(**json.loads(line)) for line in lines]


def _fault(name: str, measured: list[Measured], why: str) -> Measured:
    return Measured(
        goal=measured[-1].goal if measured else "",
        what=f"the proof `{name}` itself",
        promised="runs to its end",
        reached=why,
        holds=False,
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let it clean up, and kill it if that takes too long."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(_SECONDS_TO_CLEAN_UP)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_what_is_left() -> int:
    """End every process below this one; return how many there were."""
    _forget_the_dead()
    left = psutil.Process().children(recursive=True)
    for process in left:
        _quietly(process.terminate)
    _, alive = psutil.wait_procs(left, timeout=_SECONDS_TO_END)
    for process in alive:
        _quietly(process.kill)
    psutil.wait_procs(alive, timeout=_SECONDS_TO_END)
    _forget_the_dead()
    return len(left)


def _quietly(end: Callable[[], None]) -> None:
    try:
        end()
    except psutil.NoSuchProcess:
        return


def _forget_the_dead() -> None:
    """Collect what has ended; nobody waits for orphans but the one who adopted them."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return
