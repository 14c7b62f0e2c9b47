"""Credentials of several people, got, revoked, ended and presented in any order.

A state machine of Hypothesis, thousands of short runs on a site in one process: after every step
one credential is presented, at the end all. `python -m proofs.any_order` runs it alone, in full.
"""

from collections.abc import Iterable

from proofs.alone import print_measured
from proofs.in_one_process import counted_inside
from proofs.measured import Measured, Scale


def prove(scale: Scale) -> Iterable[Measured]:
    """Run them all, until one goes wrong."""
    runs = scale.pick(full=2_000, short=30)
    came = counted_inside("proofs.runs_in_any_order", str(runs))
    wrong = came["wrong"]
    steps = ", ".join(f"{number:,} {what}" for what, number in sorted(came["steps"].items()))
    print(f"  {steps}", flush=True)  # for whoever wonders what happened in them
    yield Measured(
        goal="G9",
        what="runs of people, credentials and what ends them in any order, in which each live"
        " credential was answered as its owner alone and no ended one was answered",
        promised=f"{runs:,} of {runs:,}",
        reached=f"{came['runs'] - bool(wrong):,} of {came['runs']:,} {wrong}".strip(),
        holds=not wrong and came["runs"] >= runs,
    )
    shown = [came[name] for name in ("answered", "refused", "paused")]
    yield Measured(
        goal="G9",
        what="credentials presented in these runs: answered, refused, told of a paused instance",
        promised=f"each at least {runs // 2:,} times",
        reached=", ".join(f"{number:,}" for number in shown),
        holds=min(shown) >= runs // 2,
    )


if __name__ == "__main__":
    print_measured(prove)
