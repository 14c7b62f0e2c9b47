"""How secrets are stored that only have to be recognised: reading the database opens nothing."""

import hashlib


def stored_hash(secret: str) -> str:
    """Return the SHA-256 of a random secret, in hexadecimal.

    What has 160 random bits or more needs no salt and no slow hash. django-oauth-toolkit finds
    its tokens by the same checksum. Takes any text that JSON can carry, lone surrogates included.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
