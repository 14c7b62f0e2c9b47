"""Which texts may be the address of an instance."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_DEFAULT_PORTS = {"https": 443, "http": 80}


class InvalidBaseUrl(ValueError):
    """The text cannot be the address of an instance; the message says why."""


def validated_base_url(text: str) -> str:
    """Return `scheme://host[:port]` in lower case, without a slash at the end.

    https is required, because tokens travel there; http is allowed to loopback addresses, for
    the demo. Whether a host is *wanted* is the caller's question. Raises InvalidBaseUrl.
    """
    if any(character <= " " or character in "\\\x7f" for character in text.strip()):
        message = "the address holds a space, a control character or a backslash"
        raise InvalidBaseUrl(message)
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        message = "the address is not a URL"
        raise InvalidBaseUrl(message) from error
    if not _HOST.fullmatch(host):
        message = "the address needs a plain host name, such as https://example.service-now.com"
        raise InvalidBaseUrl(message)
    if "@" in parts.netloc or "?" in text or "#" in text or parts.path not in ("", "/"):
        message = "the address must be only https://host, without user, path, query or fragment"
        raise InvalidBaseUrl(message)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        message = "the address must begin with https:// (http:// only on this machine)"
        raise InvalidBaseUrl(message)
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{shown_host}{shown_port}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
