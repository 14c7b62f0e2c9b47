"""How often one address may ask for what needs no credential: a token bucket for each thing.

Whole offices and hosted clients stand behind one address, so the limits are wide; whoever has one
IPv6 address has a network of them, which counts as one. Without Redis, what begins something
(a sign-in, a registration) waits until it can be counted; what goes on with something that was
begun (an exchange, a refresh) is counted in this process, with half as much room.
"""

import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Final, Protocol, cast

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from oauth_app.token_buckets import MINUTE_SECONDS, Allowance, LocalBuckets, uncounted

HOUR_SECONDS: Final = 3600
# Whoever has one IPv6 address has a network of this size.
_IPV6_NETWORK: Final = 64
_TOO_MANY: Final = "Too many requests came from this address. Send it again after Retry-After."
_UNCOUNTED: Final = "Requests cannot be counted at the moment. Send it again after Retry-After."

View = Callable[..., HttpResponseBase]


class WithoutRedis(Enum):
    """What becomes of a request while nobody can count for all processes together."""

    REFUSE = "refuse"
    COUNT_HERE = "count here"


class _Counting(Protocol):
    """What the server's cache can beside Django's own operations."""

    def spend(self, bucket: str, *, limit: int, seconds: int) -> Allowance | None:
        """Take one from a bucket; None where nobody can count for all processes."""


_here = LocalBuckets()


@dataclass(frozen=True)
class AddressLimit:
    """At most `most` of one thing at once from one address, refilled in `seconds`."""

    thing: str
    most: int
    seconds: int = HOUR_SECONDS
    without_redis: WithoutRedis = WithoutRedis.REFUSE

    def spend(self, address: str) -> Allowance:
        """Take one from the bucket of this address."""
        bucket = f"{self.thing}:{network_of(address)}"
        counting = cast("_Counting", caches[DEFAULT_CACHE_ALIAS])
        shared = counting.spend(bucket, limit=self.most, seconds=self.seconds)
        if shared is not None:
            return shared
        if self.without_redis is WithoutRedis.REFUSE:
            return uncounted(self.most)
        return _here.spend(bucket, limit=max(1, self.most // 2), seconds=self.seconds)


def address_of(request: HttpRequest) -> str:
    """The address of whoever sent a request, as the trusted proxies tell it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """What counts as one address: itself, or its network of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), _IPV6_NETWORK), strict=False))


def limited(limit: AddressLimit) -> Callable[[View], View]:
    """Count the requests to a view for programs, and tell each what is left.

    Too many are 429; 503 says that nobody can count at the moment. Both are JSON: a client that
    reads an error page may take its tokens for worthless.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            allowance = limit.spend(address_of(request))
            may_go_on = allowance.is_allowed
            response = view(request, *args, **kwargs) if may_go_on else _refused(allowance)
            for name, value in allowance.headers().items():
                response[name] = value
            return response

        return answer

    return decorate


def _refused(allowance: Allowance) -> HttpResponse:
    said = _TOO_MANY if allowance.is_counted else _UNCOUNTED
    return HttpResponse(
        json.dumps({"error": "temporarily_unavailable", "error_description": said}),
        status=429 if allowance.is_counted else 503,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


# A client refreshes its tokens twice a day, and a hosted one does so for all its people.
TOKENS: Final = AddressLimit(
    "tokens", most=600, seconds=MINUTE_SECONDS, without_redis=WithoutRedis.COUNT_HERE
)
METADATA: Final = AddressLimit(
    "metadata", most=600, seconds=MINUTE_SECONDS, without_redis=WithoutRedis.COUNT_HERE
)
