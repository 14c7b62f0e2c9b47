"""The key that signs seals and checkpoints: Ed25519.

It is AUDIT_SIGNING_KEY, or derived from SECRET_KEY where that is not set. Whoever only has the
public part can verify and cannot sign.
"""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from audit_app.exceptions import UnfitSigningKey

_SEED_BYTES = 32
_DERIVED_FOR = b"snmcp audit seals 1"


def sign(digest: str) -> str:
    """Return the signature of a digest as base64. Raises UnfitSigningKey."""
    return _text(_private().sign(digest.encode()))


def public_key() -> str:
    """Return the public part as base64: safe to print. Raises UnfitSigningKey."""
    return _text(_private().public_key().public_bytes_raw())


def is_signed(digest: str, *, signature: str, by: str) -> bool:
    """Whether `signature` was made for this digest by the owner of the public key `by`."""
    try:
        signed = base64.b64decode(signature, validate=True)
        _public(by).verify(signed, digest.encode())
    except (InvalidSignature, UnfitSigningKey, ValueError):
        return False
    return True


@lru_cache(maxsize=16)
def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_seed(text))


def _private() -> Ed25519PrivateKey:
    return _private_of(settings.AUDIT_SIGNING_KEY, settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _private_of(given: str, secret: str) -> Ed25519PrivateKey:
    if given:
        return Ed25519PrivateKey.from_private_bytes(_seed(given))
    derivation = HKDF(algorithm=SHA256(), length=_SEED_BYTES, salt=None, info=_DERIVED_FOR)
    return Ed25519PrivateKey.from_private_bytes(derivation.derive(secret.encode()))


def _seed(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise UnfitSigningKey from fault
    if len(raw) != _SEED_BYTES:
        raise UnfitSigningKey
    return raw


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
