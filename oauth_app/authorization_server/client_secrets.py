"""How secrets of clients are made, and stored: fast, because nobody can guess them."""

import secrets
from typing import Any, Final

from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare

from oauth_app.hashing import stored_hash

# Begins as reconnect tokens do, so that secret scanners and our own logs know it.
PREFIX: Final = "snmcp_secret_"
_SECRET_BYTES: Final = 32


def new_client_secret() -> str:
    """Return a fresh secret for a client that somebody registers by hand, or for themselves."""
    return PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


class RandomSecretHasher(BasePasswordHasher):
    """SHA-256 for secrets that the server itself chose, of 43 random characters and more.

    Slow hashes are for what people make up. Here they would let anybody keep a processor busy for
    half a second with each registration and each wrong secret.
    """

    algorithm = "random_secret"

    def salt(self) -> str:
        """Return no salt: no two secrets are the same."""
        return ""

    def encode(self, password: str, salt: str) -> str:
        """Return what is stored of a secret."""
        return f"{self.algorithm}${salt}${stored_hash(salt + password)}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of what is stored."""
        algorithm, salt, checksum = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": checksum}

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is this secret."""
        return constant_time_compare(encoded, self.encode(password, self.decode(encoded)["salt"]))

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what an operator may see."""
        return {"algorithm": self.algorithm, "hash": mask_hash(self.decode(encoded)["hash"])}

    def must_update(self, encoded: str) -> bool:  # noqa: ARG002  # Django's signature
        """Whether it should be stored anew: never."""
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: there is no slower hash to be like."""
