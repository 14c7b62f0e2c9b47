"""Word from worker to worker, over Redis publish and subscribe: nothing is kept there.

Whatever matters after a restart is in the database. What is said here is only of use while the
request it belongs to is open; if Redis is away, each worker still serves its own clients.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mcp_app.redis_clients import SECONDS, redis_client

log = structlog.get_logger(__name__)

Word = dict[str, Any]

_AGAIN_SECONDS = 0.5
# In this time a worker that lost Redis has found it again.
_PAUSES = (0, 0.1, 0.4, 0.5, 0.5, 0.5)
_QUIET_SECONDS = 15.0
_PATIENCE_SECONDS = 2.0


class RelayUnavailable(Exception):
    """Redis did not take the word; nobody else has heard it."""


def channel(worker_id: str = "all") -> str:
    """The channel of one worker, or of all.

    Channels are not apart by Redis database, so the public address keeps deployments apart.
    """
    site = hashlib.sha256(settings.PUBLIC_BASE_URL.encode()).hexdigest()[:12]
    return f"snmcp:{site}:mcp:{worker_id}"


def as_bytes(word: Word) -> bytes:
    """A word as it travels; ids of clients may be numbers that orjson does not write."""
    return json.dumps(word, separators=(",", ":")).encode()


class Relay:
    """One worker's ear and mouth."""

    def __init__(
        self,
        worker_id: str,
        hear: Callable[[Word], None],
        *,
        quiet_seconds: float = _QUIET_SECONDS,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._worker_id = worker_id
        self._hear = hear
        self._quiet_seconds = quiet_seconds
        self._patience_seconds = patience_seconds
        self._has_tried = asyncio.Event()
        self.is_listening = False

    async def tell(self, worker_id: str, word: Word) -> None:
        """Say something to one worker. Raises `RelayUnavailable`.

        A worker that does not hear is over, or has not found Redis again yet. That takes it a
        moment, so it is told a few times before it is given up.
        """
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            if await self._publish(channel(worker_id), word):
                return

    async def tell_all(self, word: Word) -> None:
        """Say something to every other worker. Raises `RelayUnavailable`."""
        await self._publish(channel(), {**word, "by": self._worker_id})

    async def _publish(self, to: str, word: Word) -> int:
        """Say something on a channel; returns how many have heard it."""
        try:
            return int(await redis_client().publish(to, as_bytes(word)))
        except (RedisError, OSError, TimeoutError) as fault:
            raise RelayUnavailable from fault

    async def tried(self, *, within: float = SECONDS) -> None:
        """Wait until others are heard or cannot be, `within` seconds at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._has_tried.wait(), within)

    async def listen(self) -> None:
        """Listen until cancelled; while Redis is away, try again twice a second."""
        while True:
            try:
                await self.listen_until_lost()
            except (RedisError, OSError, TimeoutError) as fault:
                if self.is_listening:
                    log.warning("relay_lost", reason=type(fault).__name__)
            self.is_listening = False
            self._has_tried.set()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def listen_until_lost(self) -> None:
        """Listen while Redis is there. Raises `RedisError`, `OSError` or `TimeoutError`."""
        client = Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=SECONDS,
            # Nothing is repeated behind our back: `listen` does that, and knows about it.
            retry=Retry(NoBackoff(), 0),
        )
        async with client, client.pubsub() as heard:
            await heard.subscribe(channel(), channel(self._worker_id))
            while True:
                message = await self._next(heard)
                if message["type"] == "subscribe":
                    self.is_listening = True
                    self._has_tried.set()
                elif message["type"] == "message":
                    self._take(message["data"])

    async def _next(self, heard: PubSub) -> Word:
        """The next message. Raises `TimeoutError` if Redis does not even answer any more.

        A host that went away closes no connection; that it did shows only to who asks.
        """
        message: Word | None = await heard.get_message(timeout=self._quiet_seconds)
        if message is None:
            await heard.ping()
            message = await heard.get_message(timeout=self._patience_seconds)
        if message is None:
            raise TimeoutError
        return message

    def _take(self, data: bytes) -> None:
        try:
            word = json.loads(data)
            if word.get("by") != self._worker_id:
                self._hear(word)
        except Exception:
            # Another release may say what this one does not know; the ear stays open.
            log.exception("relay_word_not_understood")
