"""Behind a proxy: whose request it is, and whether it came over https.

Both are believed only from TRUSTED_PROXIES, once for the whole server: the audit log, the limits
on registrations, what the browser is told of https.
"""

import ipaddress

from django.conf import settings
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_app.headers import client_address, header_values

_SCHEMES = {"http", "https"}


class BehindProxies:
    """An ASGI application that sees the client where the server saw a trusted proxy."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the address and the scheme that the client used."""
        await self._application(as_sent_by_the_client(scope), receive, send)


def as_sent_by_the_client(scope: Scope) -> Scope:
    """The scope with the client's own address and scheme, unchanged without a trusted proxy.

    `X-Forwarded-For` is read from the right: the first address that is not a trusted proxy is the
    client's; whatever stands left of it was claimed. `X-Forwarded-Proto` counts if it says one
    thing.
    """
    peer = client_address(scope)
    if not _is_trusted_proxy(peer):
        return scope
    schemes = _listed(scope, b"x-forwarded-proto")
    scheme = schemes[0].lower() if len(schemes) == 1 else ""
    port = scope["client"][1]
    return {
        **scope,
        "client": (_behind(peer, hops=_listed(scope, b"x-forwarded-for")), port),
        "scheme": scheme if scheme in _SCHEMES else scope["scheme"],
    }


def _behind(peer: str, *, hops: list[str]) -> str:
    while _is_trusted_proxy(peer) and hops and _is_address(hops[-1]):
        peer = hops.pop()
    return peer


def _listed(scope: Scope, name: bytes) -> list[str]:
    """The parts of a header that may be sent several times and is a comma list each time."""
    parts = ",".join(header_values(scope, name)).split(",")
    return [part.strip() for part in parts if part.strip()]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted_proxy(address: str) -> bool:
    if not _is_address(address):
        return False
    peer = ipaddress.ip_address(address)
    # A server that listens on IPv6 for both sees IPv4 peers as ::ffff:10.0.0.1.
    peer = getattr(peer, "ipv4_mapped", None) or peer
    return any(
        peer in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES
    )
