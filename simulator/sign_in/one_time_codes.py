"""Second factors: time-based one-time codes (RFC 6238), as authenticator apps show them."""

import binascii
import hmac
from base64 import b32decode
from hashlib import sha1

DIGITS = 6
PERIOD = 30
ACCEPTED_PERIODS = (-1, 0, 1)  # clocks differ


def code_at(secret: str, *, at: int) -> str:
    """The code of a Base32 secret at a time in seconds since 1970.

    Raises ValueError for a secret that is no Base32.
    """
    try:
        padded = secret.strip().replace(" ", "").upper()
        content = b32decode(padded + "=" * (-len(padded) % 8))
    except binascii.Error as problem:
        raise ValueError(secret) from problem
    digest = hmac.digest(content, (max(at, 0) // PERIOD).to_bytes(8, "big"), sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def is_right(code: str, *, secret: str, at: int) -> bool:
    """Whether a code is that of now, or of the period before or after."""
    if len(code) != DIGITS or not code.isascii():
        return False
    try:
        codes = [code_at(secret, at=at + shift * PERIOD) for shift in ACCEPTED_PERIODS]
    except ValueError:
        return False
    return any(hmac.compare_digest(code, known) for known in codes)
