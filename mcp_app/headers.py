"""Reading the headers of an ASGI scope."""

import ipaddress

from django.conf import settings
from starlette.types import Scope

_LONGEST_AGENT = 200


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Every value that was sent for `name` (lower case), in order; undecodable bytes as Latin-1."""
    return [value.decode("latin-1") for sent, value in scope["headers"] if sent.lower() == name]


def user_agent(scope: Scope) -> str:
    """What the client calls itself, printable characters only, shortened."""
    agent = " ".join(header_values(scope, b"user-agent"))
    return "".join(letter for letter in agent if letter.isprintable())[:_LONGEST_AGENT]


def remote_address(scope: Scope) -> str:
    """The client's address, or "" where the server does not say.

    `X-Forwarded-For` is believed only from TRUSTED_PROXIES, read from the right: the first
    address that is not a trusted proxy is the client's; whatever stands left of it was claimed.
    """
    peer: str = (scope.get("client") or ("", 0))[0] or ""
    forwarded = ",".join(header_values(scope, b"x-forwarded-for")).split(",")
    hops = [hop.strip() for hop in forwarded if hop.strip()]
    while _is_trusted_proxy(peer) and hops:
        candidate = hops.pop()
        if not _is_address(candidate):
            break
        peer = candidate
    return peer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted_proxy(address: str) -> bool:
    if not _is_address(address):
        return False
    return any(
        ipaddress.ip_address(address) in ipaddress.ip_network(proxy, strict=False)
        for proxy in settings.TRUSTED_PROXIES
    )
