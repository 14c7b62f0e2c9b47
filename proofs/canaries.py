"""Looking for secrets in whatever form they may stand somewhere."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

SHORTEST: Final = 8  # characters of a secret; a shorter text is found everywhere


def forms_of(secret: str) -> set[bytes]:
    """Return how a secret may be written: as it is, in URLs, JSON, bytes as hex, and base64.

    Inside a longer text base64 has three forms, of which the middle is the secret's alone.
    """
    raw = secret.encode()
    forms = {raw, quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode()}
    forms |= {raw.hex().encode(), raw.hex().upper().encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        middle = encoded[4 if shift else 0 :].rstrip(b"=")[:-1]
        forms |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    return forms


def found_in(text: bytes, secrets: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the kinds of secrets of which at least one stands in `text`, in any form."""
    return [
        kind
        for kind, each in secrets.items()
        if any(form in text for secret in each for form in forms_of(secret))
    ]


def missed(secrets: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the kinds that would not be found where they stood in one of their forms."""
    return [
        kind
        for kind, each in secrets.items()
        for secret in each
        if len(secret) < SHORTEST or not all(_is_found(secret, shift) for shift in range(3))
    ]


def _is_found(secret: str, shift: int) -> bool:
    planted = base64.b64encode(b"x" * shift + b"before " + secret.encode() + b" after")
    return any(form in planted for form in forms_of(secret))
