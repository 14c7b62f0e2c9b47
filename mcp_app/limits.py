"""How much a person may ask a minute: token buckets in Redis, exact over all workers.

The bucket for calls holds RATE_LIMIT_PER_USER and refills evenly, so a person may use a minute's
worth at once and then goes on at the even rate; Retry-After is the time until the next call is
free, not the end of a window. A bucket of ten times that size is for messages of every kind, so
that a client in a loop floods nobody with pings and lists either.

Without Redis, reads go on within a bucket in this process that holds half as much: two workers
then allow the limit, four twice the limit. Writes are refused, since nobody can count them.
"""

import asyncio
import math
import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from mcp_app.event_loops import PerEventLoop
from mcp_app.redis_clients import SECONDS, redis_client
from oauth_app.token_buckets import (
    SCRIPT,
    Allowance,
    LocalBuckets,
    allowance_of,
    script_arguments,
    uncounted,
)

__all__ = ["Allowance", "RateLimit", "rate_limit"]

log = structlog.get_logger(__name__)

MESSAGES_FOR_EACH_CALL: Final = 10
# After a failure Redis is left alone this long, so that an outage does not slow every call.
_PAUSE_SECONDS: Final = 1.0


class RateLimit:
    """The limits of every person, for one event loop."""

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

    async def spend_message(self, user_id: int) -> Allowance:
        """Take one message, whatever it says, from this person's bucket for messages."""
        limit = MESSAGES_FOR_EACH_CALL * settings.RATE_LIMIT_PER_USER
        return await self.spend_from(f"snmcp:messages:{user_id}", limit=limit)

    async def spend_from(self, bucket: str, *, limit: int, writes: bool = False) -> Allowance:
        """Take one from a bucket that holds `limit` and refills in a minute."""
        counted = await self._ask_redis(bucket, limit)
        if counted is not None:
            return allowance_of(limit, counted)
        if writes:
            return uncounted(limit)
        return self._local.spend(bucket, limit=max(1, limit // 2))

    async def _ask_redis(self, bucket: str, limit: int) -> list[Any] | None:
        if self._clock() < self._away_until:
            return None
        try:
            async with asyncio.timeout(2 * SECONDS):
                script = redis_client().register_script(SCRIPT)
                answer: list[Any] = await script(keys=[bucket], args=script_arguments(limit))
        except (RedisError, OSError, TimeoutError) as failure:
            self._away_until = self._clock() + _PAUSE_SECONDS
            log.warning("rate_limit_without_redis", failure=type(failure).__name__)
            return None
        return answer


_limits = PerEventLoop(RateLimit)


def rate_limit() -> RateLimit:
    """Return this event loop's limits."""
    return _limits.current()
