"""Two-way encrypted fields (`password2`): what a read of them shows, and what is behind it.

The same text is always sealed alike, so that a token that is presented can be looked up. This keeps
secrets out of answers, lists and queries; it is no protection against whoever holds the state file.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

PREFIX = "sealed."

_CIPHER = AESSIV(sha256(b"a simulated instance has nothing to hide but from readers").digest())


def sealed(text: str) -> str:
    """What is stored for a secret; nothing for nothing, and what is sealed stays as it is."""
    if not text or is_sealed(text):
        return text
    content = text.encode("utf-8", errors="surrogatepass")
    return PREFIX + urlsafe_b64encode(_CIPHER.encrypt(content, None)).decode()


def opened(stored: str) -> str:
    """The secret behind a stored value; a value that was stored in clear is the secret itself."""
    secret = _secret_behind(stored)
    return stored if secret is None else secret


def is_sealed(text: str) -> bool:
    """Whether a text is what :func:`sealed` returns for some secret."""
    return _secret_behind(text) is not None


def _secret_behind(stored: str) -> str | None:
    if not stored.startswith(PREFIX):
        return None
    try:
        content = _CIPHER.decrypt(urlsafe_b64decode(stored.removeprefix(PREFIX)), None)
    except (ValueError, InvalidTag):
        return None
    return content.decode("utf-8", errors="surrogatepass")
