"""Token buckets: as many at once as the bucket holds, then at the even rate at which it refills.

`bucket.lua` keeps one in Redis by Redis's own clock, exact over all processes; `LocalBuckets` are
the same in this process alone. `limits` has no such bucket and needs a second round trip for the
numbers of the headers, `throttled-py` takes the time from the worker's clock: hence the script.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

SCRIPT: Final = Path(__file__).with_name("bucket.lua").read_text(encoding="utf-8")
MINUTE_SECONDS: Final = 60
_SECOND: Final = 1_000_000  # microseconds, in which buckets count
# Of what has to wait because nobody can count it.
_RETRY_UNCOUNTED_AFTER: Final = 5
_MOST_BUCKETS: Final = 10_000


@dataclass(frozen=True)
class Allowance:
    """What the bucket said: whether one more may go on, and what is left."""

    is_allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    retry_after: int = 0
    is_counted: bool = True

    def headers(self) -> dict[str, str]:
        """The three headers of every answer, and Retry-After where it may not go on."""
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }
        return headers if self.is_allowed else {**headers, "Retry-After": str(self.retry_after)}


def uncounted(limit: int) -> Allowance:
    """What must not go on while nobody can count it."""
    wait = _RETRY_UNCOUNTED_AFTER
    return Allowance(
        is_allowed=False,
        limit=limit,
        remaining=0,
        reset_seconds=wait,
        retry_after=wait,
        is_counted=False,
    )


def script_arguments(limit: int, *, seconds: int = MINUTE_SECONDS) -> list[int]:
    """What `SCRIPT` takes for a bucket that holds `limit` and refills in so many seconds."""
    return [limit, _refill(limit, seconds)]


def allowance_of(limit: int, answer: list[Any]) -> Allowance:
    """Read what `SCRIPT` returned."""
    is_allowed, remaining, until_full, until_free = answer
    return Allowance(
        is_allowed=bool(is_allowed),
        limit=limit,
        remaining=int(remaining),
        reset_seconds=math.ceil(until_full / _SECOND),
        retry_after=math.ceil(until_free / _SECOND),
    )


class LocalBuckets:
    """The same buckets in this process, at most `_MOST_BUCKETS` of them, the latest used."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def spend(self, bucket: str, *, limit: int, seconds: int = MINUTE_SECONDS) -> Allowance:
        """Take one from a bucket."""
        with self._lock:
            return self._spend(bucket, limit=limit, refill=_refill(limit, seconds))

    def clear(self) -> None:
        """Fill every bucket."""
        self._full_at.clear()

    def _spend(self, bucket: str, *, limit: int, refill: int) -> Allowance:
        now = self._clock() * _SECOND
        most = now + limit * refill
        full_at = min(max(self._full_at.pop(bucket, now), now), most)
        wait = max(0.0, full_at + refill - most)
        if not wait:
            full_at += refill
        self._full_at[bucket] = full_at
        if len(self._full_at) > _MOST_BUCKETS:
            self._full_at.popitem(last=False)
        return allowance_of(limit, [not wait, (most - full_at) // refill, full_at - now, wait])


def _refill(limit: int, seconds: int) -> int:
    """Microseconds until one more is there."""
    return max(1, seconds * _SECOND // limit)
