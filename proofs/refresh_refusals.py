"""Nobody loses a connection through somebody else's fault, whatever the token endpoint answers.

Fourteen replies, each on the request path and through Celery, each to somebody whose access token
has ended and somebody whose token still lives; then an hour in which the client secret is refused.
`python -m proofs.refresh_refusals` runs it alone, in full.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any, Final

from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from proofs.refreshing import Refreshing, measured, refreshing
from snmcp_project import embedded_redis
from snmcp_project.demo.startup import CELERY, free_port, wait_until_ready

_WAYS: Final = ("request", "celery")
_GOOD: Final = ("new-token", "rotated-refresh-token", "no-later-expiry")
_OVER: Final = ("invalid_grant", "access_denied")  # said of this person, while others are refreshed
_REPLIES: Final = 14
_PEOPLE: Final = 100


def prove(scale: Scale) -> Iterable[Measured]:
    """Give every reply in both ways; in full let the hour pass."""
    port = free_port()
    address = f"http://localhost:{port}"
    with refreshing(
        settings={"SERVICENOW_INSTANCE_URL": address, "SERVICENOW_CLIENT_SECRET": "right"}
    ) as here:
        here.processes.start("endpoint", [sys.executable, "-m", "proofs.token_endpoint", str(port)])
        wait_until_ready(address, here.processes)
        ways = scale.pick(full=_WAYS, short=_WAYS[:1])
        if "celery" in ways:
            here.processes.adopt("redis", embedded_redis.start(here.demo.redis_directory))
            here.processes.start("worker", [*CELERY, "worker", "--concurrency=1"])
        told = {way: json.loads(here.inside("proofs.refresh_replies", way)) for way in ways}
        yield from _held(told)
        yield _day(here)
        if scale is Scale.FULL:
            yield _hour(here)


def _held(told: dict[str, Any]) -> Iterable[Measured]:
    cases = _REPLIES * len(told)
    wrong = {
        f"{way}: {case} -> {came}"
        for way, said in told.items()
        for case, came in said["told"].items()
        if came != _expected(case, way=way)
    }
    right = cases - len({each.rpartition(" -> ")[0].rpartition(" ")[0] for each in wrong})
    yield measured(
        "G7",
        "replies of the token endpoint that do to both people what they should, tokens kept, "
        f"{' and '.join(told)}",
        f"{cases} of {cases}",
        f"{right} of {cases} {'; '.join(sorted(wrong)[:3])}".strip(),
        holds=not wrong and all(len(said["told"]) == 2 * _REPLIES for said in told.values()),
    )
    ill = [
        case
        for said in told.values()
        for case, (answer, state, kept) in said["healed"].items()
        if answer not in ("served", "") or state != "active" or not kept
    ]
    yield measured(
        "G7",
        "of these people, who is served again without signing in once the endpoint is mended",
        f"{2 * cases} of {2 * cases}",
        f"{2 * cases - len(ill)} of {2 * cases} {'; '.join(ill[:3])}".strip(),
        holds=not ill,
    )


def _expected(case: str, *, way: str) -> list[Any]:
    reply, _, lives = case.rpartition(" ")
    is_over = reply in _OVER and lives == "-1"
    state = "needs_sign_in" if is_over else "active"
    if way == "celery":
        return ["", state, True]
    if is_over:
        return ["SignInNeeded", state, True]
    is_served = lives != "-1" or reply in _GOOD
    return ["served" if is_served else "RefreshUnavailable", state, True]


def _day(here: Refreshing) -> Measured:
    """Nobody has swept for a day: everybody's token has ended."""
    said = json.loads(here.inside("proofs.refresh_replies", "day"))
    served = said.get("served", 0)
    return measured(
        "G8",
        f"of {_PEOPLE} people, who is served on demand after a day without a sweep",
        f"{_PEOPLE}",
        f"{served} {said if served != _PEOPLE else ''}".strip(),
        holds=served == _PEOPLE,
    )


def _hour(here: Refreshing) -> Measured:
    came = json.loads(here.inside("proofs.refresh_replies", "hour"))
    again = _PEOPLE - came["afterwards"].get("served", 0)
    meanwhile = ", ".join(f"{name} {count}" for name, count in sorted(came["meanwhile"].items()))
    return measured(
        "G7",
        f"of {_PEOPLE} people, who must sign in again after an hour (of a clock put forward) with a"
        " wrong client secret",
        "0",
        f"{again}; all were active {came['healed_after']} minutes after it was put right "
        f"(told in that hour: {meanwhile})",
        holds=again == 0 and came["not_active"] == 0 and bool(came["meanwhile"]),
    )


if __name__ == "__main__":
    print_measured(prove)
