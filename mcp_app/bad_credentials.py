"""Credentials that open nothing: how many of them an address may try a minute.

Nobody guesses a credential of 256 bits; what is bounded is how often strangers make the database
look for one. A first request without a credential, and a malformed one, ask no database and are
not counted.

An address is often many people: an office, or a proxy that is not in TRUSTED_PROXIES. So the
limit is wide enough for an office whose tokens have all expired over night, and a credential that
was good within the last hour, at any worker, is looked up whatever its neighbours do. A new one
has to wait for its turn (429 with Retry-After) while somebody there is guessing.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar

from redis.exceptions import RedisError

from mcp_app.event_loops import PerEventLoop
from mcp_app.exceptions import TooManyBadCredentials
from mcp_app.limits import rate_limit
from mcp_app.redis_clients import redis_client
from oauth_app.address_limits import network_of
from oauth_app.token_buckets import Allowance

BAD_A_MINUTE: Final = 300
HELD_OFF_SECONDS: Final = 10
GOOD_SECONDS: Final = 3600
# How often a worker tells the others that a credential is good.
_TELL_SECONDS: Final = 600
_MOST: Final = 10_000

Name = TypeVar("Name", str, bytes)


class BadCredentials:
    """What this worker knows of good credentials and of addresses that try bad ones."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._blocked: OrderedDict[str, float] = OrderedDict()
        self._good: OrderedDict[bytes, float] = OrderedDict()

    async def require_patience(self, hashed: bytes, *, address: str) -> None:
        """Raise `TooManyBadCredentials` for one not known as good, of an address that guesses."""
        wait = self._blocked.get(network_of(address), -math.inf) - self._clock()
        if wait > 0 and not await self._is_known(hashed):
            seconds = math.ceil(wait)
            none_left = Allowance(
                is_allowed=False,
                limit=BAD_A_MINUTE,
                remaining=0,
                reset_seconds=seconds,
                retry_after=seconds,
            )
            raise TooManyBadCredentials(
                "Too many credentials from this address were refused: try again later",
                headers=none_left.headers(),
            )

    async def note_good(self, hashed: bytes) -> None:
        """Remember a credential that was just verified, and tell the other workers."""
        if self._good.get(hashed, 0) > self._clock() + GOOD_SECONDS - _TELL_SECONDS:
            return
        _keep(self._good, hashed, until=self._clock() + GOOD_SECONDS)
        try:
            await redis_client().set(_good(hashed), 1, ex=GOOD_SECONDS)
        except (RedisError, OSError):
            return  # then only this worker knows

    async def note_bad(self, hashed: bytes, *, address: str) -> dict[str, str]:
        """Count a credential that opens nothing; forget that it was ever good.

        Returns the headers that say how many more the address may try.
        """
        network = network_of(address)
        if self._good.pop(hashed, None) is not None:
            await self._forget_everywhere(hashed)
        left = await rate_limit().spend_from(f"snmcp:bad:{network}", limit=BAD_A_MINUTE)
        if not left.is_allowed:
            _keep(self._blocked, network, until=self._clock() + HELD_OFF_SECONDS)
        return left.headers()

    async def _is_known(self, hashed: bytes) -> bool:
        if self._good.get(hashed, -math.inf) > self._clock():
            return True
        try:
            return bool(await redis_client().exists(_good(hashed)))
        except (RedisError, OSError):
            return False

    async def _forget_everywhere(self, hashed: bytes) -> None:
        try:
            await redis_client().delete(_good(hashed))
        except (RedisError, OSError):
            return  # it expires


_per_loop = PerEventLoop(BadCredentials)


def bad_credentials() -> BadCredentials:
    """Return what this event loop knows."""
    return _per_loop.current()


def _good(hashed: bytes) -> str:
    return f"snmcp:good:{hashed.hex()}"


def _keep(kept: OrderedDict[Name, float], name: Name, *, until: float) -> None:
    kept[name] = until
    kept.move_to_end(name)
    if len(kept) > _MOST:
        kept.popitem(last=False)
