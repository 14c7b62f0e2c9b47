"""Secrets at rest: AES-256-GCM, with a key id and bound to the row and field they belong to.

An envelope is text: `version|key id|nonce|ciphertext`, the last two in URL-safe base64. Text, so
that `LIKE '1|old|%'` finds what is still under an old key.
"""

import base64
import binascii
import itertools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from oauth_app.exceptions import DecryptionFailed, WeakKey

VERSION = "1"
KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, the size NIST SP 800-38D recommends for GCM
BARE_KEY_ID = "default"

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_BETWEEN_KEYS = re.compile(r"[,\r\n]")
_FEWEST_DISTINCT_BYTES = 16  # 32 random bytes hold about 30; fewer than 16 never happens by chance


@dataclass(frozen=True)
class Binding:
    """What a ciphertext belongs to; it decrypts nowhere else."""

    instance: str
    user: str
    row: str
    field: str

    def as_bytes(self) -> bytes:
        """Return the associated data of the encryption."""
        return "|".join(("v" + VERSION, self.instance, self.user, self.row, self.field)).encode()


class Envelope(str):
    """The stored form of a secret, as against its clear text."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """The id of the key this was encrypted with."""
        return self.split("|")[1] if self.count("|") == 3 else ""


@dataclass(frozen=True)
class Keyset:
    """Several keys: the first encrypts, all decrypt."""

    primary_id: str
    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Read `base64` or `id:base64,id:base64…`; in a file each may stand on its own line.

        Raises:
            WeakKey: nothing there, a wrong length, a guessable value or an id used twice.
        """
        keys: dict[str, bytes] = {}
        for part in filter(None, (piece.strip() for piece in _BETWEEN_KEYS.split(text))):
            left, colon, right = part.partition(":")
            key_id, encoded = (left, right) if colon else (BARE_KEY_ID, left)
            if not is_key_id(key_id):
                raise WeakKey("a key id must be 1 to 32 letters, digits, '_' or '-'")
            if key_id in keys:
                raise WeakKey(f"the key id {key_id!r} is used twice")
            keys[key_id] = _strong_key(encoded, key_id=key_id)
        if not keys:
            raise WeakKey("no key is set")
        return cls(primary_id=next(iter(keys)), keys=keys)

    @property
    def key_ids(self) -> frozenset[str]:
        """The ids of all keys."""
        return frozenset(self.keys)

    def encrypt(self, clear: str, *, binding: Binding, key_id: str | None = None) -> Envelope:
        """Return the envelope of `clear`, with a nonce used only here; under the first key, or
        that of `key_id`.
        """
        chosen = self.primary_id if key_id is None else key_id
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.keys[chosen]).encrypt(nonce, clear.encode(), binding.as_bytes())
        return Envelope("|".join((VERSION, chosen, _text(nonce), _text(sealed))))

    def decrypt(self, envelope: str, *, binding: Binding) -> str:
        """Return the clear text.

        Raises:
            DecryptionFailed: not an envelope, an unknown key, a changed text, or a ciphertext
                that belongs to another row, field, person or instance.
        """
        parts = envelope.split("|")
        if len(parts) != 4 or parts[0] != VERSION:
            raise DecryptionFailed("this is not a stored secret of a version known here")
        secret = self.keys.get(parts[1])
        if secret is None:
            raise DecryptionFailed(f"the key {parts[1]!r} is not in TOKEN_ENCRYPTION_KEY")
        try:
            nonce, sealed = _bytes(parts[2]), _bytes(parts[3])
            return AESGCM(secret).decrypt(nonce, sealed, binding.as_bytes()).decode()
        except (InvalidTag, ValueError) as fault:
            raise DecryptionFailed("the secret was changed or belongs elsewhere") from fault


def keyset() -> Keyset:
    """Return the keys of TOKEN_ENCRYPTION_KEY. Raises WeakKey when they are unfit."""
    return _keyset_of(settings.TOKEN_ENCRYPTION_KEY)


def generated_key() -> str:
    """Return a fresh key without an id, which TOKEN_ENCRYPTION_KEY takes as `default`."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@lru_cache(maxsize=4)
def _keyset_of(text: str) -> Keyset:
    return Keyset.parsed(text)


def is_key_id(text: str) -> bool:
    """Whether a key may be called that."""
    return _KEY_ID.fullmatch(text) is not None


def _strong_key(encoded: str, *, key_id: str) -> bytes:
    try:
        raw = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as fault:
        raise WeakKey(f"the key {key_id!r} is not base64") from fault
    if len(raw) != KEY_BYTES:
        raise WeakKey(f"the key {key_id!r} has {len(raw)} bytes instead of {KEY_BYTES}")
    if _is_guessable(raw):
        raise WeakKey(f"the key {key_id!r} is not random; `manage.py generate_key` makes one")
    return raw


def _is_guessable(raw: bytes) -> bool:
    few_bytes = len(set(raw)) < _FEWEST_DISTINCT_BYTES
    steps = {(after - before) % 256 for before, after in itertools.pairwise(raw)}
    # 32 random bytes are all printable once in 10^14: such a key was typed, not made.
    typed = all(32 <= byte < 127 for byte in raw)
    return few_bytes or len(steps) == 1 or typed


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
