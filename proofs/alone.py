"""Running one proof by hand: `python -m proofs.<name> [short]`."""

import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager

from proofs.measured import Measured, Scale

Prove = Callable[[Scale], Iterable[Measured]]


def print_measured(prove: Prove) -> None:
    """Run it, print each number as it comes, and exit with 1 if a promise is broken."""
    scale = Scale.SHORT if "short" in sys.argv[1:] else Scale.FULL
    broken = 0
    for each in proved(prove, scale):
        print(each, flush=True)  # it talks to a person at a terminal
        broken += not each.holds
    sys.exit(1 if broken else 0)


def proved(prove: Prove, scale: Scale) -> Iterator[Measured]:
    """What a proof measures. It cleans up whatever ends it: a fault, Ctrl-C or SIGTERM."""
    with terminated_as_an_exit():
        measured = prove(scale)
        try:
            yield from measured
        finally:
            if isinstance(measured, Generator):
                measured.close()


@contextmanager
def terminated_as_an_exit() -> Iterator[None]:
    """Turn SIGTERM into SystemExit, so that everything begun is ended on the way out."""

    def leave(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once: the way out is not to be interrupted
        sys.exit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
