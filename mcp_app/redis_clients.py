"""One asynchronous Redis client for each event loop."""

import asyncio
import weakref

from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# A call waits for Redis at most this long; then it goes on without, or is refused.
SECONDS = 0.5

_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = weakref.WeakKeyDictionary()


def redis_client() -> Redis:
    """Return this event loop's client, made at the first call; it connects when it is used."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=SECONDS,
            socket_timeout=SECONDS,
            # One try again at once: a connection that idled may have been closed by Redis.
            retry=Retry(NoBackoff(), 1),
        )
    return client


async def close_redis_client() -> None:
    """Close this event loop's client, if there is one."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()
