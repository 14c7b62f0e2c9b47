"""Django's cache: in Redis for all processes together, in this one alone while Redis is away.

What is kept here bounds what strangers may ask of this server: how many clients an address has
registered, which documents of clients could not be fetched. It is no secret, and it may be lost.
Without Redis each process keeps its own, and `spend` says that nobody counts for all of them.
`clear` removes what is ours, because Celery's messages stand in the same Redis.
"""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from oauth_app.token_buckets import SCRIPT, Allowance, allowance_of, script_arguments

log = structlog.get_logger(__name__)

_ANSWERS_WITHIN_SECONDS = 0.5
_PAUSE_SECONDS = 1.0  # after a failure, so that an outage does not slow every request
_MOST_HERE = 10_000


class JsonSerializer:
    """JSON where Django would pickle: whoever writes to Redis may run no code here."""

    def dumps(self, obj: object) -> bytes:
        """Return the stored form; of a number it is the digits, which Redis can count on."""
        return json.dumps(obj).encode()

    def loads(self, data: Any) -> Any:  # noqa: ANN401  # bytes; whatever was stored
        """Return what was stored."""
        return json.loads(data)


class RedisOrHere:
    """The operations of a cache, each tried in Redis and done in this process if that fails."""

    def __init__(self, *servers: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._away_until = 0.0
        self._here = LocMemCache("while Redis is away", {"OPTIONS": {"MAX_ENTRIES": _MOST_HERE}})
        self._redis = RedisCacheClient(
            list(servers),
            serializer=JsonSerializer(),
            socket_timeout=_ANSWERS_WITHIN_SECONDS,
            socket_connect_timeout=_ANSWERS_WITHIN_SECONDS,
            # One try again at once: a connection that idled may have been closed by Redis.
            retry=Retry(NoBackoff(), 1),
        )

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """Return one of the operations that Django's Redis client and its local cache share."""

        def run(*given: object) -> Any:  # noqa: ANN401  # whatever the operation returns
            if self._clock() >= self._away_until:
                try:
                    return getattr(self._redis, operation)(*given)
                except (RedisError, OSError) as failure:
                    self._leave_alone(failure)
            return getattr(self._here, operation)(*given)

        return run

    def spend(self, bucket: str, *, limit: int, seconds: int) -> Allowance | None:
        """Take one from a token bucket in Redis; None where Redis is away."""
        if self._clock() < self._away_until:
            return None
        try:
            script = self._redis.get_client(write=True).register_script(SCRIPT)
            answer = script(keys=[bucket], args=script_arguments(limit, seconds=seconds))
        except (RedisError, OSError) as failure:
            self._leave_alone(failure)
            return None
        return allowance_of(limit, answer)

    def _leave_alone(self, failure: Exception) -> None:
        self._away_until = self._clock() + _PAUSE_SECONDS
        log.warning("cache_without_redis", failure=type(failure).__name__)

    def remove_all(self, names: str) -> None:
        """Remove what fits a Redis pattern, and everything that is kept here."""
        self._here.clear()
        try:
            client = self._redis.get_client(write=True)
            for name in client.scan_iter(match=names):
                client.delete(name)
        except (RedisError, OSError) as failure:
            log.warning("cache_without_redis", failure=type(failure).__name__)


class SharedCache(RedisCache):
    """The backend for CACHES; LOCATION is the address of Redis."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._address = server
        # What Django's own methods work on.
        self._cache = _redis_or_here(server)  # type: ignore[assignment]  # the same operations

    def spend(self, bucket: str, *, limit: int, seconds: int) -> Allowance | None:
        """Take one from a bucket that all processes share; None where Redis is away."""
        name = f"{self.key_prefix}:limit:{bucket}"
        return _redis_or_here(self._address).spend(name, limit=limit, seconds=seconds)

    def clear(self) -> None:
        """Remove everything under KEY_PREFIX."""
        _redis_or_here(self._address).remove_all(f"{self.key_prefix}:*")


_redis_or_here = cache(RedisOrHere)  # one pool of connections for the threads of a process
