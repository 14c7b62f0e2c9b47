"""How many tool calls a minute a person may make: a token bucket in Redis, exact over all workers.

The bucket holds RATE_LIMIT_PER_USER calls and refills evenly, so a person may use a minute's
worth at once and then goes on at the even rate; Retry-After is the time until the next call is
free, not the end of a window. `limits` has no such bucket and needs a second round trip for the
numbers of the headers, `throttled-py` takes the time from the worker's clock: hence `bucket.lua`.

Without Redis, reads go on within a bucket in this process that holds half as much: two workers
then allow the limit, four twice the limit. Writes are refused, since nobody can count them.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from mcp_app.event_loops import PerEventLoop
from mcp_app.redis_clients import SECONDS, redis_client

log = structlog.get_logger(__name__)

_MINUTE = 60_000_000
_SECOND = 1_000_000
# After a failure Redis is left alone this long, so that an outage does not slow every call.
_PAUSE_SECONDS = 1.0
_RETRY_WRITES_AFTER = 5
_MOST_BUCKETS = 10_000


@dataclass(frozen=True)
class Allowance:
    """What the bucket said: whether the call may go on, and what is left."""

    is_allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    retry_after: int = 0
    is_counted: bool = True

    def headers(self) -> dict[str, str]:
        """The three headers of every answer, and Retry-After where the call may not go on."""
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }
        return headers if self.is_allowed else {**headers, "Retry-After": str(self.retry_after)}


class LocalBuckets:
    """The same bucket in this process, at most `_MOST_BUCKETS` of them, the latest used."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def spend(self, bucket: str, *, limit: int) -> Allowance:
        """Take one call from a bucket."""
        refill, now = _refill(limit), self._clock() * _SECOND
        most = now + limit * refill
        full_at = min(max(self._full_at.pop(bucket, now), now), most)
        wait = max(0.0, full_at + refill - most)
        if not wait:
            full_at += refill
        self._full_at[bucket] = full_at
        if len(self._full_at) > _MOST_BUCKETS:
            self._full_at.popitem(last=False)
        return _allowance(limit, [not wait, (most - full_at) // refill, full_at - now, wait])


class RateLimit:
    """The limit of every person, for one event loop."""

    SCRIPT: Final = Path(__file__).with_name("bucket.lua").read_text(encoding="utf-8")

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._local = LocalBuckets(clock=clock)
        self._away_until = -math.inf

    async def spend(
        self, user_id: int, *, writes: bool, tool: str, tool_limit: int | None
    ) -> Allowance:
        """Take one call from this person's bucket, and from their bucket for this tool.

        The allowance is the person's, or the tool's where that one is empty.
        """
        person = f"snmcp:calls:{user_id}"
        if tool_limit is not None:
            of_tool = await self.spend_from(f"{person}:{tool}", limit=tool_limit, writes=writes)
            if not of_tool.is_allowed:
                return of_tool
        return await self.spend_from(person, limit=settings.RATE_LIMIT_PER_USER, writes=writes)

    async def spend_from(self, bucket: str, *, limit: int, writes: bool = False) -> Allowance:
        """Take one from a bucket that holds `limit` and refills in a minute."""
        counted = await self._ask_redis(bucket, limit)
        if counted is not None:
            return _allowance(limit, counted)
        if writes:
            return Allowance(
                is_allowed=False,
                limit=limit,
                remaining=0,
                reset_seconds=_RETRY_WRITES_AFTER,
                retry_after=_RETRY_WRITES_AFTER,
                is_counted=False,
            )
        return self._local.spend(bucket, limit=max(1, limit // 2))

    async def _ask_redis(self, bucket: str, limit: int) -> list[Any] | None:
        if self._clock() < self._away_until:
            return None
        try:
            async with asyncio.timeout(2 * SECONDS):
                script = redis_client().register_script(self.SCRIPT)
                answer: list[Any] = await script(keys=[bucket], args=[limit, _refill(limit)])
        except (RedisError, OSError, TimeoutError) as failure:
            self._away_until = self._clock() + _PAUSE_SECONDS
            log.warning("rate_limit_without_redis", failure=type(failure).__name__)
            return None
        return answer


_limits = PerEventLoop(RateLimit)


def rate_limit() -> RateLimit:
    """Return this event loop's limit."""
    return _limits.current()


def _refill(limit: int) -> int:
    return _MINUTE // limit


def _allowance(limit: int, answer: list[Any]) -> Allowance:
    is_allowed, remaining, until_full, until_free = answer
    return Allowance(
        is_allowed=bool(is_allowed),
        limit=limit,
        remaining=int(remaining),
        reset_seconds=math.ceil(until_full / _SECOND),
        retry_after=math.ceil(until_free / _SECOND),
    )
