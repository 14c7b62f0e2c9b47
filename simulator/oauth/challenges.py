"""PKCE: what a code challenge is made of."""

from base64 import urlsafe_b64encode
from hashlib import sha256


def challenge_of(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636, section 4.2)."""
    digest = sha256(verifier.encode("ascii", errors="replace")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
