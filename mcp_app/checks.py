"""System checks: settings of `/mcp` that cannot mean what they say.

Public address, keys and Redis are checked by `oauth_app`.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's name

_MOST_A_MINUTE = 1_000_000


@register
def check_origins(**_: object) -> list[CheckMessage]:
    """E001: an origin is a scheme, a host and perhaps a port; a pattern would match nothing."""
    return [
        Error(
            f"ALLOWED_ORIGINS: {origin!r} is not an origin.",
            hint="Such as https://inspector.example.com: no path, no wildcard.",
            id="mcp_app.E001",
        )
        for origin in settings.ALLOWED_ORIGINS
        if not _is_origin(origin.strip().rstrip("/"))
    ]


@register
def check_proxies(**_: object) -> list[CheckMessage]:
    """E002, W002: whoever is a trusted proxy says what anybody's address is."""
    networks = [(proxy, _network(proxy)) for proxy in settings.TRUSTED_PROXIES]
    wrong: list[CheckMessage] = [
        Error(
            f"TRUSTED_PROXIES: {proxy!r} is neither an address nor a network.",
            hint="Such as 10.0.0.7 or 10.0.0.0/24.",
            id="mcp_app.E002",
        )
        for proxy, network in networks
        if network is None
    ]
    if any(network is not None and network.prefixlen == 0 for _, network in networks):
        message = "TRUSTED_PROXIES trusts every address, so anybody may claim any."
        hint = "Name the proxies that stand in front of this server."
        wrong.append(Warning(message, hint=hint, id="mcp_app.W002"))
    return wrong


@register
def check_rate_limit(**_: object) -> list[CheckMessage]:
    """E003: a limit of nothing would refuse everybody."""
    if 1 <= settings.RATE_LIMIT_PER_USER <= _MOST_A_MINUTE:
        return []
    message = f"RATE_LIMIT_PER_USER must be between 1 and {_MOST_A_MINUTE}."
    return [Error(message, hint="60 calls a minute is the default.", id="mcp_app.E003")]


@register(deploy=True)
def check_url_tokens(**_: object) -> list[CheckMessage]:
    """W001: the MCP specification forbids tokens in addresses, and for a reason."""
    if not settings.MCP_URL_TOKENS:
        return []
    message = "MCP_URL_TOKENS is on: personal URLs carry a token, and addresses end up in logs."
    hint = "Turn it off unless a client needs it; keep query strings out of the proxy's log."
    return [Warning(message, hint=hint, id="mcp_app.W001")]


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return False
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    is_plain = text.lower() == f"{parts.scheme}://{host}{port}"
    return bool(is_plain and parts.scheme and host and "*" not in text)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
