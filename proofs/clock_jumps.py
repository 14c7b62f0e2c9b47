"""The server's clock jumps an hour ahead, an hour back, or summer time begins and ends.

Nobody is signed out by that, nothing left from before keeps anybody waiting, a credential that
lives is taken and one that had ended is not. `python -m proofs.clock_jumps` runs it alone.
"""

import json
from collections.abc import Iterable

from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from proofs.refreshing import measured, refreshing

_MOST_SECONDS = 20.0


def prove(scale: Scale) -> Iterable[Measured]:
    """Let the clock jump in six ways."""
    people = scale.pick(full=100, short=8)
    jumps = scale.pick(full=6, short=3)
    with refreshing() as here:
        here.make_people(people)
        said = json.loads(here.inside("proofs.moved_clocks", str(jumps)))
        signed_out = here.count("SELECT count(*) FROM proof_state WHERE state <> 'active'")
    every = people * jumps
    ways = f"{jumps} jumps: {', '.join(said)}"
    yield measured(
        "G29", f"people signed out by {ways}", "0", str(signed_out), holds=signed_out == 0
    )
    served = sum(each["served"] for each in said.values())
    failures = [f"{name}: {each['failures'][0]}" for name, each in said.items() if each["failures"]]
    seconds = max(each["seconds"] for each in said.values())
    yield measured(
        "G29",
        "people served right after a jump, a quarter of them with the lease of a killed process "
        "in their way and a quarter with a failed refresh",
        f"{every} of {every}, within {_MOST_SECONDS:.0f} s",
        f"{served} of {every}, {seconds:.1f} s {'; '.join(failures[:2])}".strip(),
        holds=served == every and seconds <= _MOST_SECONDS and len(said) == jumps,
    )
    refused = sum(each["live_refused"] for each in said.values())
    taken = sum(each["ended_taken"] for each in said.values())
    tokens = sum(each["tokens"] for each in said.values())
    yield measured(
        "G29",
        "reconnect and access tokens taken that had ended two hours before a jump, and refused"
        " that live",
        "0 and 0",
        f"{taken} of {tokens} and {refused} of {tokens}",
        holds=taken == 0 and refused == 0 and tokens > every,
    )


if __name__ == "__main__":
    print_measured(prove)
