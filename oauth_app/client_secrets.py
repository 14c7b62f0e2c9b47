"""Secrets of OAuth clients that were not registered by the clients themselves."""

import secrets
from typing import Final

# Begins as reconnect tokens do, so that secret scanners and our own logs know it.
PREFIX: Final = "snmcp_secret_"
_BYTES: Final = 32


def new_client_secret() -> str:
    """Return a fresh secret. django-oauth-toolkit hashes it when it is stored."""
    return PREFIX + secrets.token_urlsafe(_BYTES)
