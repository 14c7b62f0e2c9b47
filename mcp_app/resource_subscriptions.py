"""`resources/subscribe` and `resources/unsubscribe`, in a session of the handshake revisions.

What is subscribed to is kept with the session; `resource_updates` tells of changes. Revision
2026-07-28 has `subscriptions/listen` in their place.
"""

from typing import Final, NoReturn

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    EmptyResult,
    SubscribeRequestParams,
    UnsubscribeRequestParams,
)

from mcp_app.contexts import Context, scope_of
from mcp_app.exceptions import SessionsUnreadable
from mcp_app.models import McpSession
from mcp_app.resources import no_such_resource, resource_of
from mcp_app.sessions.finding import in_database, session_in
from mcp_app.sessions.records import Session
from mcp_app.sessions.subscriptions import (
    MOST_OF_A_SESSION,
    TooManySubscriptions,
    subscribe,
    unsubscribe,
)
from tools_app.resources import resource_at

# An address with a name of 200 characters, each of them written as three.
LONGEST_ADDRESS: Final = 255


async def subscribe_to_resource(ctx: Context, params: SubscribeRequestParams) -> EmptyResult:
    """Tell this session from now on when the person changes what is at an address.

    Raises `MCPError` where this person has no such address, and where there are too many.
    """
    session = _session_of(ctx)
    resource, named = await resource_of(ctx, params.uri)
    about = resource.one_address(named)
    if about is None or max(len(about), len(params.uri)) > LONGEST_ADDRESS:
        raise no_such_resource(ctx, params.uri)
    try:
        await in_database(subscribe, session, uri=params.uri, about=about)
    except TooManySubscriptions:
        text = f"A session may be subscribed to {MOST_OF_A_SESSION} resources: unsubscribe first"
        raise MCPError(INVALID_REQUEST, text) from None
    except (McpSession.DoesNotExist, SessionsUnreadable) as fault:
        _cannot(fault)
    return EmptyResult()


async def unsubscribe_from_resource(ctx: Context, params: UnsubscribeRequestParams) -> EmptyResult:
    """Tell this session no more of an address. Raises `MCPError` for what is none."""
    session = _session_of(ctx)
    try:
        was_told = await in_database(unsubscribe, session, uri=params.uri)
    except SessionsUnreadable as fault:
        _cannot(fault)
    if not was_told and resource_at(params.uri) is None:
        raise no_such_resource(ctx, params.uri)
    return EmptyResult()


def _session_of(ctx: Context) -> Session:
    session = session_in(scope_of(ctx))
    if session is None:
        raise MCPError(METHOD_NOT_FOUND, "Only a session can be subscribed to resources")
    return session


def _cannot(fault: Exception) -> NoReturn:
    text = "Subscriptions cannot be kept at the moment: try again"
    raise MCPError(INTERNAL_ERROR, text) from fault
