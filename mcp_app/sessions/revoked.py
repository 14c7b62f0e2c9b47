"""A stream that stays open for hours ends when the credential that opened it opens nothing more."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Scope

from mcp_app.exceptions import CredentialRefused, RequestRefused

CHECK_SECONDS: Final = 15.0
_IN_SCOPE = "snmcp.verify_again"

Verify = Callable[[], Awaitable[object]]


def put_verification(scope: Scope, verify: Verify) -> None:
    """Keep how the credential of a request is verified, for streams that outlast it."""
    scope[_IN_SCOPE] = verify


async def until_revoked(scope: Scope, *, every: float = CHECK_SECONDS) -> None:
    """Return once the credential of a request is refused; looks every so many seconds.

    Where nobody can tell, because the database is away for example, the stream goes on.
    """
    verify: Verify = scope[_IN_SCOPE]
    while True:
        await asyncio.sleep(every)
        try:
            await verify()
        except CredentialRefused:
            return
        except RequestRefused:
            continue
