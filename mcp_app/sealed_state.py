"""What a client carries from one round of a call to the next (2026-07-28), sealed.

The client gets it and gives it back, so it is worth no more than the client's own word. The SDK
encrypts it and binds it to the person, their client, the method, the tool with its arguments, and
ten minutes. Its key is derived from TOKEN_ENCRYPTION_KEY, which all workers share and which may be
rotated: the first key seals, all open.
"""

from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from oauth_app.encryption import keyset

SECONDS = 600.0


def sealed_state() -> RequestStateBoundary:
    """Return the SDK's middleware that seals and opens the state with our keys."""
    # The SDK derives its own keys from these and takes none twice.
    keys = list(dict.fromkeys(keyset().keys.values()))
    security = RequestStateSecurity(keys=keys, ttl=SECONDS, audience="snmcp")
    return RequestStateBoundary(security, default_audience=None)
