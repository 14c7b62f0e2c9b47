"""Where an answer may go: https, this machine, or the scheme of a known desktop client."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, parse_qsl, urlsplit

from oauth_app.authorization_server.provider_settings import CUSTOM_SCHEMES

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_CHARACTERS = 1_000
_MOST_IN_HOST = 200
# RFC 3986, 2 and 3.2.2. Letters beyond ASCII look like others, browsers read a backslash as a slash
# and decode a host: the consent page would name another host than the answer goes to.
_ADDRESS = re.compile(r"[\w.~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_AUTHORITY = re.compile(r"([\w.-]*|\[[0-9a-fA-F:.]+\])(:\d+)?", re.ASCII)
# Browsers take these segments away, also encoded ones, and go elsewhere than the address says.
_DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(/|$)", re.IGNORECASE)
# Browsers take such a host for an IPv4 address, whatever its notation: 127.1, 0x7f000001.
_ENDS_IN_A_NUMBER = re.compile(r"([^:]*\.)?(\d+|0x[0-9a-f]*)")
# What an answer says (RFC 6749 4.1.2, RFC 9207). In the address too, it would be there twice.
_OF_AN_ANSWER = frozenset({"code", "state", "iss", "error", "error_description", "error_uri"})
_LOOPBACK_PORT = re.compile(r"(http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d+)?(?=[/?]|$)")


class RedirectNotAllowed(ValueError):
    """An address to which no authorization code may be sent; the text says why."""


class Destination(StrEnum):
    """Who receives the answer."""

    WEBSITE = "website"
    THIS_COMPUTER = "this_computer"
    APPLICATION = "application"


@dataclass(frozen=True)
class Redirect:
    """A redirect address that passed the policy."""

    uri: str
    destination: Destination
    host: str

    @property
    def can_be_posed_as(self) -> bool:
        """Whether any program on the person's computer could receive the answer instead."""
        return self.destination is not Destination.WEBSITE

    @property
    def content_security_source(self) -> str:
        """The source to add to `form-action`, or the browser blocks the way back."""
        parts = urlsplit(self.uri)
        # CSP has no notation for IPv6 hosts, nor for the host of a private scheme.
        if self.destination is Destination.APPLICATION or ":" in (parts.hostname or ""):
            return f"{parts.scheme}:"
        return f"{parts.scheme}://{parts.netloc}"


def read_redirect(uri: str) -> Redirect:
    """Return `uri` with its destination. Raises `RedirectNotAllowed` with the reason.

    The rules are those of OAuth 2.1 and RFC 8252: no fragment, no credentials, https everywhere
    but on the person's own computer.
    """
    parts = _split(uri)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme == "https" and host:
        is_here = _is_this_computer(host)
        destination = Destination.THIS_COMPUTER if is_here else Destination.WEBSITE
        return Redirect(uri, destination, f"{shown}:{parts.port}" if parts.port else shown)
    if parts.scheme == "http" and host in LOOPBACK_HOSTS:
        return Redirect(uri, Destination.THIS_COMPUTER, shown)
    if parts.scheme in CUSTOM_SCHEMES and parts.path[:1] in {"", "/"}:
        return Redirect(uri, Destination.APPLICATION, f"{parts.scheme}://{host}")
    raise RedirectNotAllowed("a redirect URI is https, http on localhost, or a known client's own")


def is_registered(uri: str, registered: Iterable[str]) -> bool:
    """Whether `uri` is one of `registered`, character by character.

    Of http addresses on this computer the port is free: a client takes one that it finds unused
    (RFC 8252 7.3).
    """
    wanted = _without_free_port(uri)
    return any(wanted == _without_free_port(one) for one in registered)


def _split(uri: str) -> SplitResult:
    if len(uri) > MOST_CHARACTERS or not _ADDRESS.fullmatch(uri):
        raise RedirectNotAllowed("a redirect URI is one ASCII address of at most 1000 characters")
    try:
        parts = urlsplit(uri)
        _check_host(parts.hostname or "", port=parts.port)
    except ValueError as fault:
        raise RedirectNotAllowed("a redirect URI must be a valid address") from fault
    if "#" in uri or not _AUTHORITY.fullmatch(parts.netloc):
        raise RedirectNotAllowed("a redirect URI has no fragment, and a plain host and port only")
    if _DOT_SEGMENT.search(parts.path):
        raise RedirectNotAllowed("the path of a redirect URI has no . or .. in it")
    if _OF_AN_ANSWER & {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}:
        raise RedirectNotAllowed("the query of a redirect URI has no parameter of an answer")
    return parts


def _check_host(host: str, *, port: int | None) -> None:
    """Raise `ValueError` for a host that browsers or resolvers take for another one."""
    if port == 0 or len(host) > _MOST_IN_HOST or host.startswith(".") or ".." in host:
        raise ValueError("no host and port to go to")
    if host.endswith("."):
        raise ValueError("a host in a second spelling")
    if _ENDS_IN_A_NUMBER.fullmatch(host):
        IPv4Address(host)


def _is_this_computer(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address.is_loopback or address.is_unspecified


def _without_free_port(uri: str) -> str:
    return _LOOPBACK_PORT.sub(r"\1", uri, count=1)
