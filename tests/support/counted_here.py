"""The server's cache, counted in this process: what counts in Redis has tests of its own."""

from django.core.cache.backends.locmem import LocMemCache

from oauth_app.token_buckets import Allowance, LocalBuckets
from tests.support.clock import Clock

# Django makes one cache for each thread. No time passes, so that nothing refills in between.
_buckets = LocalBuckets(clock=Clock())


class CountedHere(LocMemCache):
    """Django's local cache with buckets."""

    def spend(self, bucket: str, *, limit: int, seconds: int) -> Allowance | None:
        """Take one from a bucket."""
        return _buckets.spend(bucket, limit=limit, seconds=seconds)

    def clear(self) -> None:
        """Forget everything and fill every bucket."""
        super().clear()
        _buckets.clear()


class NobodyCounts(LocMemCache):
    """The cache while Redis is away."""

    def spend(self, *_: object, **__: object) -> Allowance | None:
        """Say that nobody can count."""
        return None
