"""How a client may say who it is at the token endpoint: in one way, and as one client."""

import base64
import binascii
from urllib.parse import unquote_plus

from django.http import HttpRequest


class RequestRefused(Exception):
    """A token request refused before anything is looked up: `code` of RFC 6749 5.2 and why."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


def check_client_authentication(request: HttpRequest) -> None:
    """Raise `RequestRefused` where a client authenticates itself twice, or as two clients.

    RFC 6749 2.3 forbids both a header and a secret in the body. With a header, the `client_id` in
    the body must be the same: which of two was meant is not for a server to guess.
    """
    header = request.headers.get("authorization")
    if not header:
        return
    if not header.isascii():  # base64 is; the library fails on anything else
        raise RequestRefused("invalid_client", "The Authorization header is no text.", status=401)
    if request.POST.get("client_secret"):
        raise RequestRefused("invalid_request", "The client authenticates itself in two ways.")
    named = request.POST.get("client_id")
    if named and named != _client_id_in(header):
        raise RequestRefused("invalid_request", "Header and body name two clients.")


def _client_id_in(header: str) -> str | None:
    """Return the client of a Basic header, or None for any other."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote_plus(decoded.partition(":")[0])
