"""The keys that sign access tokens of the format JWT, and `/api/now/oauth/jwks`."""

from collections.abc import Callable
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from simulator.instance import Instance
from simulator.oauth.jwt import encoded, signed_token
from simulator.sign_in.sealing import opened, sealed

JWKS_PATH = "/api/now/oauth/jwks"
KEPT_AFTER_ROTATION = 105 * 86_400  # seconds, as documented
ADDRESS_PROPERTY = "glide.servlet.uri"
DEFAULT_ADDRESS = "https://instance.service-now.com/"

_SCHEMA = """CREATE TABLE IF NOT EXISTS simulator_signing_key (
    kid TEXT PRIMARY KEY, pem TEXT NOT NULL, retired INTEGER)"""


class SigningKeys:
    """Kept with the instance's data; the first one is made when it is needed.

    They are in no table that the Table API knows. `now` gives seconds since 1970.
    """

    def __init__(self, instance: Instance, *, now: Callable[[], int]) -> None:
        self._instance = instance
        self._now = now
        self._loaded: dict[str, rsa.RSAPrivateKey] = {}

    def token(self, *, client_id: str, subject: str, scope: str, expires: int) -> str:
        """A signed access token for a client; which claims a real one has is not verified."""
        kid, signer = self._current()
        claims = {
            "iss": self._instance.property(ADDRESS_PROPERTY, default=DEFAULT_ADDRESS).rstrip("/"),
            "aud": client_id,
            "sub": subject,
            "scope": scope,
            "jti": uuid4().hex,
            "iat": self._now(),
            "exp": expires,
        }
        return signed_token(claims, signer=signer, kid=kid)

    def rotate(self) -> str:
        """Sign with a new key from now on; its id. Old ones are published for 105 days more."""
        self._install()
        self._instance.store.write(
            "UPDATE simulator_signing_key SET retired = ? WHERE retired IS NULL", (self._now(),)
        )
        return self._current()[0]

    def published(self) -> dict[str, list[dict[str, str]]]:
        """The JSON Web Key Set (RFC 7517)."""
        self._current()
        self._instance.store.write(
            "DELETE FROM simulator_signing_key WHERE retired <= ?",
            (self._now() - KEPT_AFTER_ROTATION,),
        )
        rows = self._instance.store.rows(
            "SELECT kid, pem FROM simulator_signing_key ORDER BY retired IS NOT NULL, retired DESC"
        )
        return {"keys": [_as_jwk(kid, self._load(kid, pem)) for kid, pem in rows]}

    def _current(self) -> tuple[str, rsa.RSAPrivateKey]:
        self._install()
        rows = self._instance.store.rows(
            "SELECT kid, pem FROM simulator_signing_key WHERE retired IS NULL"
        )
        if rows:
            kid, pem = rows[0]
            return kid, self._load(kid, pem)
        kid, signer = uuid4().hex, rsa.generate_private_key(public_exponent=65537, key_size=2048)
        content = signer.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._instance.store.write(
            "INSERT INTO simulator_signing_key (kid, pem) VALUES (?, ?)",
            (kid, sealed(content.decode())),
        )
        self._loaded[kid] = signer
        return kid, signer

    def _load(self, kid: str, pem: str) -> rsa.RSAPrivateKey:
        if kid not in self._loaded:
            loaded = load_pem_private_key(opened(pem).encode(), password=None)
            if not isinstance(loaded, rsa.RSAPrivateKey):
                raise TypeError(kid)
            self._loaded[kid] = loaded
        return self._loaded[kid]

    def _install(self) -> None:
        self._instance.store.write(_SCHEMA)


def _as_jwk(kid: str, signer: rsa.RSAPrivateKey) -> dict[str, str]:
    numbers = signer.public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": kid,
        "n": encoded(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
        "e": encoded(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")),
    }
