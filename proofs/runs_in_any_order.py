"""Run inside the apps: so many runs of the state machine; prints what came of them as JSON."""

import json
import logging

from tests.identity.credential_machine import run_many
from tests.identity.credential_place import place_at
from tests.support.one_process import whole_site


def main(runs: str) -> None:
    """Print `runs`, what was presented, the steps by their names, and what went `wrong` first."""
    logging.disable()  # thousands of refusals, as they should be
    wrong = ""
    with whole_site() as simulator, place_at(simulator) as place:
        try:
            run_many(place, runs=int(runs))
        except Exception as fault:  # noqa: BLE001  # whatever goes wrong is what is to be shown
            wrong = " ".join((place.wrong or f"{type(fault).__name__}: {fault}").split())[:300]
    shown = {"answered": place.answered, "refused": place.refused, "paused": place.paused}
    came = shown | {"runs": place.runs, "steps": place.steps, "wrong": wrong}
    print(json.dumps(came))  # read by the proof
