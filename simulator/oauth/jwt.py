"""JSON Web Tokens: signing with RS256, and verifying what others signed (RFC 7515, RFC 7518)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

Claims = Mapping[str, Any]
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

_LONGEST = 16_384
_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "256": hashes.SHA256,
    "384": hashes.SHA384,
    "512": hashes.SHA512,
}
_CURVES = {"256": "secp256r1", "384": "secp384r1", "512": "secp521r1"}


class NotAToken(Exception):  # what arrived is something else
    """The text is no JSON Web Token."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token taken apart; nothing about it is verified yet."""

    header: Claims
    claims: Claims
    signed: bytes
    signature: bytes

    def is_signed_by(self, public: PublicKey | bytes) -> bool:
        """Whether the signature is right for a public key, or for a shared secret (bytes).

        The key's kind decides which algorithms are taken, never the token's header alone.
        """
        family, size = str(self.header.get("alg", ""))[:2], str(self.header.get("alg", ""))[2:]
        if size not in _HASHES:
            return False
        try:
            return self._verifies(public, family=family, size=size)
        except (InvalidSignature, ValueError):
            return False

    def _verifies(self, public: PublicKey | bytes, *, family: str, size: str) -> bool:
        digest = _HASHES[size]()
        if isinstance(public, bytes):
            if family != "HS":
                return False
            code = hmac.HMAC(public, digest)
            code.update(self.signed)
            code.verify(self.signature)
        elif isinstance(public, rsa.RSAPublicKey):
            if family != "RS":
                return False
            public.verify(self.signature, self.signed, padding.PKCS1v15(), digest)
        else:
            if family != "ES" or public.curve.name != _CURVES[size]:
                return False
            signature = _dss(self.signature, curve=public.curve)
            public.verify(signature, self.signed, ec.ECDSA(digest))
        return True


def read_token(text: str) -> Token:
    """Take a compact token apart. Raises NotAToken."""
    parts = text.split(".")
    if len(parts) != 3 or len(text) > _LONGEST:
        raise NotAToken
    try:
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
        signature = _decoded(parts[2])
    except (ValueError, RecursionError):
        raise NotAToken from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise NotAToken
    signed = f"{parts[0]}.{parts[1]}".encode()
    return Token(header=header, claims=claims, signed=signed, signature=signature)


def signed_token(claims: Claims, *, signer: rsa.RSAPrivateKey, kid: str) -> str:
    """A compact token, signed with RS256."""
    header = {"typ": "JWT", "kid": kid, "alg": "RS256"}
    text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
    signature = signer.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{encoded(signature)}"


def public_key_of(pem: str) -> PublicKey | None:
    """The public key in a PEM certificate or a PEM public key; None if there is no such."""
    content = pem.strip().encode("ascii", errors="replace")
    try:
        public = (
            load_pem_x509_certificate(content).public_key()
            if b"BEGIN CERTIFICATE" in content
            else load_pem_public_key(content)
        )
    except (ValueError, TypeError):
        return None
    is_usable = isinstance(public, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey))
    return public if is_usable else None  # type: ignore[return-value]  # it has just been looked at


def encoded(content: bytes) -> str:
    """Base64 for addresses, without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _dss(signature: bytes, *, curve: ec.EllipticCurve) -> bytes:
    """The two numbers of an ECDSA signature, which JWTs put side by side, as DER."""
    half = (curve.key_size + 7) // 8
    if len(signature) != 2 * half:
        raise ValueError(len(signature))
    return encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )
