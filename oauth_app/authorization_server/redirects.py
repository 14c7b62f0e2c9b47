"""Where an answer may go: https, this machine, or the scheme of a known desktop client."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from oauth_app.authorization_server.provider_settings import CUSTOM_SCHEMES

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_CHARACTERS = 1_000
# RFC 3986, 2 and 3.2.2. Letters beyond ASCII look like others, browsers read a backslash as a slash
# and decode a host: the consent page would name another host than the answer goes to.
_ADDRESS = re.compile(r"[\w.~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_AUTHORITY = re.compile(r"([\w.-]*|\[[0-9a-fA-F:.]+\])(:\d+)?", re.ASCII)


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
    if len(uri) > MOST_CHARACTERS or not _ADDRESS.fullmatch(uri):
        raise RedirectNotAllowed("a redirect URI is one ASCII address of at most 1000 characters")
    try:
        parts = urlsplit(uri)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError as fault:
        raise RedirectNotAllowed("a redirect URI must be a valid address") from fault
    if "#" in uri or not _AUTHORITY.fullmatch(parts.netloc):
        raise RedirectNotAllowed("a redirect URI has no fragment, and a plain host and port only")
    if parts.scheme == "https" and host:
        return Redirect(uri, Destination.WEBSITE, f"{host}:{port}" if port else host)
    if parts.scheme == "http" and host in LOOPBACK_HOSTS:
        return Redirect(uri, Destination.THIS_COMPUTER, host)
    if parts.scheme in CUSTOM_SCHEMES:
        return Redirect(uri, Destination.APPLICATION, f"{parts.scheme}://{host}")
    raise RedirectNotAllowed("a redirect URI is https, http on localhost, or a known client's own")
