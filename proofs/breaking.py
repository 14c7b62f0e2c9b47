"""`python -m proofs.breaking [NAME …]`: whether each proof notices a deliberate break.

Each break (`breaks`) is made in a copy of the project, and the short form of its proof runs there.
Exit code 1: a proof held although the product was broken, or failed without a number that says so.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from proofs.alone import terminated_as_an_exit
from proofs.breaks import BREAKS, Break
from proofs.running import ROOT

_MOST_SECONDS: Final = 240.0
# A promise, not the proof itself, which breaks where it cannot come to its end.
_BROKEN: Final = re.compile(r"^  (G\d+ BROKEN: (?!the proof `).*)$", re.MULTILINE)


def main(names: Sequence[str]) -> int:
    """Try them; return 0 only if every break is noticed."""
    tried = [each for each in BREAKS if not names or each.proof in names]
    with terminated_as_an_exit():
        unnoticed = [f"{each.proof} ({each.what})" for each in tried if not _notices(each)]
    verdict = f"NOT NOTICED: {', '.join(unnoticed)}" if unnoticed else "All were noticed"
    print(f"\n{len(tried)} breaks. {verdict}.")
    return 1 if unnoticed or not tried else 0


def _notices(each: Break) -> bool:
    print(f"{each.proof}: {each.what} …", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="snmcp-break-") as folder:
        copy = Path(folder) / "project"
        _copy(copy)
        make(each, root=copy)
        printed = _prove(each.proof, copy)
    found = _BROKEN.findall(printed)
    print("\n".join(f"  {line}" for line in found or printed.splitlines()[-20:]))
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return bool(found)


def make(each: Break, *, root: Path) -> None:
    """Break the product below `root`. Raises ValueError where `old` does not stand there once."""
    file = root / each.file
    text = file.read_text(encoding="utf-8")
    if text.count(each.old) != 1:
        raise ValueError(f"{each.proof}: its text stands {text.count(each.old)} times")
    file.write_text(text.replace(each.old, each.new), encoding="utf-8")


def _copy(to: Path) -> None:
    """Copy what is or may be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def _prove(proof: str, root: Path) -> str:
    """What the proof prints; it ends whatever it has started, also when it takes too long."""
    child = subprocess.Popen(
        [sys.executable, "-m", "proofs", "short", proof],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        return child.communicate(timeout=_MOST_SECONDS)[0]
    except subprocess.TimeoutExpired:
        child.terminate()
        return child.communicate()[0]
    finally:
        if child.poll() is None:  # somebody wants to stop
            child.terminate()
            child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
