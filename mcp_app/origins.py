"""Which hosts and which browser origins may talk to `/mcp`, and what a browser is told.

A page of any site can send requests to this server through a visitor's browser, and DNS
rebinding can make it look same-origin. So every request must name our host, and a browser's must
come from our origin or from ALLOWED_ORIGINS. Clients that are not browsers send no Origin.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from starlette.types import Scope

from mcp_app.exceptions import ForeignHost, ForeignOrigin
from mcp_app.headers import header_values

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, X-API-Key, Content-Type, Accept, "
    "Last-Event-ID, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = (
    "Mcp-Session-Id, WWW-Authenticate, Retry-After, "
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def require_own_host(scope: Scope) -> None:
    """Raise `ForeignHost` unless exactly one Host header names this server (any port)."""
    hosts = header_values(scope, b"host")
    domain = split_domain_port(hosts[0])[0] if len(hosts) == 1 else ""
    if not (domain and validate_host(domain, settings.ALLOWED_HOSTS)):
        raise ForeignHost("This server does not answer for that host")


def allowed_origin(scope: Scope) -> str | None:
    """Return the browser origin of the request, None where there is none.

    Raises `ForeignOrigin` for one that is not allowed, `null` included.
    """
    origins = header_values(scope, b"origin")
    if not origins:
        return None
    if len(origins) > 1 or origins[0].lower() not in _our_origins():
        raise ForeignOrigin("Requests from this origin are not allowed")
    return origins[0]


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks what it may send before it sends it."""
    return scope["method"] == "OPTIONS" and bool(
        header_values(scope, b"access-control-request-method")
    )


def browser_headers(origin: str, *, preflight: bool) -> dict[str, str]:
    """The headers that let a page of `origin` read the answer. No cookies are ever involved."""
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }
    return {**headers, **_PREFLIGHT} if preflight else headers


def _our_origins() -> set[str]:
    allowed = [settings.PUBLIC_BASE_URL, *settings.ALLOWED_ORIGINS]
    if settings.IS_LOOPBACK:
        own = urlsplit(settings.PUBLIC_BASE_URL)
        port = f":{own.port}" if own.port else ""
        allowed += [f"{own.scheme}://{host}{port}" for host in _LOOPBACK]
    return {written for origin in allowed if (written := _as_browsers_write_it(origin))}


def _as_browsers_write_it(origin: str) -> str:
    """An origin of a setting in lower case and ASCII, without a path and the usual port.

    "" for what is none (`*`, `null`); a system check names it.
    """
    try:
        parts = urlsplit(origin.strip().lower())
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    except ValueError:
        return ""
    if not (parts.scheme and host):
        return ""
    is_usual = port in (None, _DEFAULT_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")
