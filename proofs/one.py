"""`python -m proofs.one NAME SCALE FILE`: one proof in a process of its own, for the runner.

Each number is added to FILE as soon as it is measured, one JSON object a line.
"""

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from proofs.alone import proved
from proofs.measured import Scale


def main(name: str, scale: str, file: str) -> None:
    """Run it; ends normally also where a promise is broken."""
    prove = import_module(f"proofs.{name}").prove
    with Path(file).open("a", encoding="utf-8") as kept:
        for each in proved(prove, Scale(scale)):
            print(each, flush=True)  # into the log of this proof
            kept.write(json.dumps(asdict(each)) + "\n")
            kept.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
