"""One asynchronous Redis client for each event loop."""

from django.conf import settings
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mcp_app.event_loops import PerEventLoop

# A call waits for Redis at most this long; then it goes on without, or is refused.
SECONDS = 0.5
# A burst of calls shares these: connecting takes far longer than asking.
_MOST_CONNECTIONS = 16


def _new_client() -> Redis:
    pool = BlockingConnectionPool.from_url(
        settings.REDIS_URL,
        max_connections=_MOST_CONNECTIONS,
        timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        socket_timeout=SECONDS,
        # One try again at once: a connection that idled may have been closed by Redis.
        retry=Retry(NoBackoff(), 1),
    )
    return Redis.from_pool(pool)


_clients = PerEventLoop(_new_client)


def redis_client() -> Redis:
    """Return this event loop's client, made at the first call; it connects when it is used."""
    return _clients.current()


async def close_redis_client() -> None:
    """Close this event loop's client, if there is one."""
    client = _clients.taken()
    if client is not None:
        await client.aclose()
