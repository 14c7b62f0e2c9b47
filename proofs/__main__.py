"""`python -m proofs [short] [NAME …]`: all proofs, or these, one after the other.

Each runs in a process of its own, which may take so long and no longer; nothing of it is left
behind. In full, what is measured is written into `docs/proof.md`. Exit code 1: a promise is broken.
"""

import ast
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from django.core.management.base import OutputWrapper

from oauth_app.progress import Progress
from proofs.alone import terminated_as_an_exit
from proofs.kept import PAGE, keep, seconds_expected
from proofs.measured import Scale
from proofs.running import ROOT, Ran, adopt_orphans, run

_MOST_SECONDS: Final = {Scale.FULL: 900.0, Scale.SHORT: 120.0}
_LINES_OF_A_FAULT: Final = 40


def main(arguments: Sequence[str]) -> int:
    """Run them; return 0 only if every promise holds and no proof leaves processes behind."""
    scale = Scale.SHORT if "short" in arguments else Scale.FULL
    every = names()
    wanted = [each for each in arguments if each != "short"] or every
    if unknown := set(wanted) - set(every):
        print(f"No such proof: {', '.join(sorted(unknown))}. There are: {', '.join(every)}")
        return 2
    adopt_orphans()
    with terminated_as_an_exit(), tempfile.TemporaryDirectory(prefix="snmcp-proofs-") as folder:
        return _all(wanted, scale, folder=Path(folder))


def names() -> list[str]:
    """The modules of this folder with a function `prove`, found without importing any."""
    return sorted(
        file.stem
        for file in (ROOT / "proofs").glob("*.py")
        if any(
            isinstance(each, ast.FunctionDef) and each.name == "prove"
            for each in ast.parse(file.read_text(encoding="utf-8")).body
        )
    )


def _all(wanted: Sequence[str], scale: Scale, *, folder: Path) -> int:
    began = time.monotonic()
    expected = {name: seconds_expected(name) for name in wanted}
    bar = Progress(OutputWrapper(sys.stdout), total=sum(expected.values()))
    broken: list[str] = []
    passed = 0
    for number, name in enumerate(wanted, 1):
        print(f"{number} of {len(wanted)}: {name} …", flush=True)
        ran = run(
            name,
            scale,
            folder=folder,
            most_seconds=_MOST_SECONDS[scale],
            meanwhile=_showing(bar, before=passed, most=expected[name]),
        )
        passed += expected[name]
        _tell(ran)
        if scale is Scale.FULL:
            keep(ran)
        if not ran.holds or ran.left_behind:
            broken.append(name)
    verdict = f"BROKEN: {', '.join(broken)}" if broken else "Every promise holds"
    print(f"\n{verdict}; {len(wanted)} proofs in {time.monotonic() - began:.0f} s", flush=True)
    if scale is Scale.FULL:
        print(f"All numbers: {PAGE.relative_to(ROOT)}")
    return 1 if broken else 0


def _showing(bar: Progress, *, before: int, most: int) -> Callable[[float], None]:
    """Draw the bar on a terminal: one step for each second that the proofs took last time."""

    def show(seconds: float) -> None:
        if sys.stdout.isatty():
            bar.show(before + min(round(seconds), most))

    return show


def _tell(ran: Ran) -> None:
    if sys.stdout.isatty():
        print("\r\033[K", end="")  # the bar makes room
    for each in ran.measured:
        print(f"  {each}")
    if ran.failed:
        lines = ran.printed.splitlines()[-_LINES_OF_A_FAULT:]
        print("".join(f"  | {line}\n" for line in lines), end="")
    if ran.left_behind:
        print(f"  It left {ran.left_behind} processes behind; they were ended.")
    print(f"  {ran.seconds:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
