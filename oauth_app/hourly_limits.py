"""How often one address may do what leaves a row here before anybody has signed in."""

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

HOUR_SECONDS: Final = 3600


@dataclass(frozen=True)
class HourlyLimit:
    """At most `most` of one thing in an hour from one address, over all processes."""

    thing: str
    most: int

    def allows(self, request: HttpRequest) -> bool:
        """Count one of this request's address; False where it had too many within the hour."""
        return self.allows_address(request.META.get("REMOTE_ADDR", ""))

    def allows_address(self, address: str) -> bool:
        """Count one; False where there were too many in the hour that the first one began."""
        counter = f"{self.thing}:{address}"
        cache.add(counter, 0, timeout=HOUR_SECONDS)
        try:
            return bool(cache.incr(counter) <= self.most)
        except ValueError:
            # The hour ended in between, or Redis went away: counting begins anew.
            cache.set(counter, 1, timeout=HOUR_SECONDS)
            return True
