"""`python -m proofs.skewed_callers SKEW CALLERS SECONDS`: callers in a process with a wrong clock.

Every clock that Python code can read is SKEW seconds off. Each caller spends from one bucket as
fast as Redis answers, once a line arrives on standard input; how many calls were allowed, and in
how many seconds, is printed as JSON.
"""

import asyncio
import json
import sys
import time
from typing import Final

_USER_ID: Final = 999_999  # nobody's
_BETWEEN_SECONDS: Final = 0.05  # so that they wait for Redis and not for one another


def shift_clocks(seconds: float) -> None:
    """Put the clocks of this process forward, or back."""
    for name in ("time", "monotonic"):
        read = getattr(time, name)
        setattr(time, name, lambda read=read: read() + seconds)
    for name in ("time_ns", "monotonic_ns"):
        read = getattr(time, name)
        setattr(time, name, lambda read=read: read() + int(seconds * 1e9))


def main(skew: float, callers: int, seconds: float) -> None:
    """Spend and print."""
    shift_clocks(skew)
    import django  # noqa: PLC0415  # whatever remembers a clock remembers the wrong one

    django.setup()
    print(json.dumps(asyncio.run(_spent(callers, seconds))))


async def _spent(callers: int, seconds: float) -> list[float]:
    from mcp_app.limits import RateLimit  # noqa: PLC0415  # see above

    limits = [RateLimit() for _ in range(callers)]
    for limit in limits:  # connect first, one after the other
        await limit.spend_from("snmcp:warming", limit=callers)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    began = time.perf_counter()  # a length of time, which no skew changes
    allowed = 0

    async def spend_on(limit: RateLimit) -> None:
        nonlocal allowed
        while time.perf_counter() - began < seconds:
            answer = await limit.spend(_USER_ID, writes=True, tool="x", tool_limit=None)
            allowed += answer.is_allowed
            await asyncio.sleep(_BETWEEN_SECONDS)

    await asyncio.gather(*map(spend_on, limits))
    return [allowed, time.perf_counter() - began]


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
