"""A standing stream is for a session that is open, and for no other."""

import pytest
from asgiref.sync import sync_to_async
from starlette.types import Message, Scope

from mcp_app.auth import VerifiedUser
from mcp_app.credentials import credential_of_reconnect_token
from mcp_app.exceptions import SessionUnknown
from mcp_app.sessions.finding import session_of
from mcp_app.wire.http import HttpExchange
from mcp_app.wire.standing import stand
from tests.mcp_app.wire.talkative import Talk


async def receive() -> Message:
    """The client neither sends nor leaves."""
    raise AssertionError


async def send(_message: Message) -> None:
    """Nothing is to be sent."""
    raise AssertionError


async def test_a_session_that_ends_while_its_stream_opens_gets_none(talk: Talk) -> None:
    opened = await talk.open()
    find = sync_to_async(credential_of_reconnect_token)
    credential = await find(opened.token, address="203.0.113.7", client="talker")
    assert credential is not None
    headers = [
        (b"accept", b"text/event-stream"),
        (b"mcp-session-id", opened.session.encode()),
    ]
    scope: Scope = {"type": "http", "headers": headers, "user": VerifiedUser(credential)}
    session = await session_of(scope)
    assert session is not None
    await opened.wire(b"", method="DELETE").run()
    service = await opened.endpoint.services.current()
    with pytest.raises(SessionUnknown):
        await stand(HttpExchange(scope, receive, send), session, service=service)
    assert not service.worker.streams.tell(session.id_hash, {})
