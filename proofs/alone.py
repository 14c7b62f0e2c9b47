"""Running one proof by hand: `python -m proofs.<name> [short]`."""

import sys
from collections.abc import Callable, Iterable

from proofs.measured import Measured, Scale


def print_measured(prove: Callable[[Scale], Iterable[Measured]]) -> None:
    """Run it, print each number as it comes, and exit with 1 if a promise is broken."""
    scale = Scale.SHORT if "short" in sys.argv[1:] else Scale.FULL
    broken = 0
    for each in prove(scale):
        print(each, flush=True)  # it talks to a person at a terminal
        broken += not each.holds
    sys.exit(1 if broken else 0)
