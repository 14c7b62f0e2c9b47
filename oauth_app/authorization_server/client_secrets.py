"""How the secrets of clients are stored: fast, because nobody can guess them."""

from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare

from oauth_app.hashing import stored_hash


class RandomSecretHasher(BasePasswordHasher):
    """SHA-256 for secrets of 128 random characters, which the server itself chose.

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
