"""From a request to its session, and from `initialize` to a new one."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import Error as DatabaseFault
from pydantic import BaseModel
from starlette.types import Scope

from mcp_app.auth import credential_of
from mcp_app.database_threads import answered_in_time
from mcp_app.exceptions import SessionsUnreadable, SessionUnknown
from mcp_app.headers import header_values
from mcp_app.sessions import records
from mcp_app.sessions.records import Session
from mcp_app.wire.sdk import Connection

SESSION_HEADER = "Mcp-Session-Id"
_IN_SCOPE = "snmcp.session"

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def session_of(scope: Scope) -> Session | None:
    """Return the session that a request names; None if it names none.

    Raises `SessionUnknown` for one that is over, was never opened, or is not this credential's:
    the client is told to begin anew. Raises `SessionsUnreadable` if the database cannot say.
    """
    named = header_values(scope, SESSION_HEADER.lower().encode())
    if not named:
        return None
    found: Session | None = None
    if len(named) == 1:
        found = await in_database(records.find_session, named[0], credential_of(scope))
    if found is None:
        raise SessionUnknown("There is no such session: begin a new one with `initialize`")
    return found


async def opened_session(scope: Scope, connection: Connection) -> str:
    """Keep what `initialize` agreed on and return the id of the new session.

    Raises `ClientInfoTooLarge` or `SessionsUnreadable`.
    """
    client = connection.client_params
    assert client is not None  # noqa: S101  # the kernel has just accepted it
    return await in_database(
        records.open_session,
        credential_of(scope),
        protocol_version=connection.protocol_version,
        client_info=_as_sent(client.client_info),
        capabilities=_as_sent(client.capabilities),
    )


def put_session(scope: Scope, session: Session) -> None:
    """Leave the session of a request where `session_in` finds it."""
    scope[_IN_SCOPE] = session


def session_in(scope: Scope) -> Session | None:
    """Return the session in which a request is served; None where it is served on its own."""
    session: Session | None = scope.get(_IN_SCOPE)
    return session


async def ended_session(session: Session) -> None:
    """Forget a session. Raises `SessionsUnreadable`."""
    await in_database(records.end_session, session)


def _as_sent(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


async def in_database(
    step: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
) -> Found:
    """Do one step with the records of sessions in a thread. Raises `SessionsUnreadable`."""
    try:
        work = database_sync_to_async(step)(*given, **named)
        found: Found = await answered_in_time(work)
    except DatabaseFault as fault:
        raise SessionsUnreadable("Sessions cannot be read at the moment") from fault
    return found
