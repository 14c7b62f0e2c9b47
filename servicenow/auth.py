"""What the client needs to know about tokens: how to get one, and how to get a newer one."""

from typing import Protocol

from servicenow.exceptions import NotAuthenticated


class AccessTokens(Protocol):
    """One person's access token for one instance.

    Both methods may raise whatever the implementation raises; it passes through the client
    unchanged. Both may be called by many tasks at once.
    """

    async def current(self) -> str:
        """Return a token that is believed to be good."""
        ...

    async def renewed(self, *, stale: str) -> str:
        """Return a token other than the stale one, which an instance has just refused."""
        ...


class FixedToken:
    """A token that cannot be renewed, for the moments in which there is no connection yet."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def current(self) -> str:
        """Return the token."""
        return self._token

    async def renewed(self, *, stale: str) -> str:  # noqa: ARG002  # the protocol's signature
        """Raise NotAuthenticated: there is nothing to renew it with."""
        raise NotAuthenticated
