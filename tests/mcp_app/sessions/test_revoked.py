"""A stream ends when the credential that opened it opens nothing any more, and not before."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from mcp_app.endpoint import verified_credentials
from mcp_app.exceptions import CredentialRefused, CredentialUnverifiable
from mcp_app.sessions.revoked import put_verification, until_revoked
from oauth_app import reconnect_tokens
from oauth_app.models import ReconnectToken
from tests.mcp_app.clients import modern, request
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, going_on, talkative

ENDED = {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.fixture
async def talk(redis_url: str, abel: Person) -> AsyncIterator[Talk]:
    """Abel's client of a worker that looks often."""
    verified_credentials.forget()
    async with talkative(comment_seconds=0.01) as (endpoint, tools):
        yield Talk(endpoint, await abel.reconnect_token(), tools)


@sync_to_async
def revoke_everything() -> None:
    """Revoke every reconnect token."""
    assert reconnect_tokens.revoke_all(ReconnectToken.objects.all())
    connection.close()


async def test_a_standing_stream_ends_with_its_credential(talk: Talk) -> None:
    opened = await talk.open()
    wire = opened.wire(b"", method="GET")
    async with going_on(wire) as task:
        await wire.until(": still here\r\n\r\n: still here")
        await revoke_everything()
        await task
    assert wire.sent[-1] == ENDED


async def test_a_listening_stream_ends_with_its_credential(talk: Talk) -> None:
    message, headers = modern(
        request("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    )
    wire = talk.wire(message, **headers)
    async with going_on(wire) as task:
        await wire.until(": still here\r\n\r\n: still here")
        await revoke_everything()
        await task
    assert wire.events()[-1]["error"]["message"] == (
        "The credential that opened this stream has ended"
    )


async def test_a_stream_goes_on_while_nobody_can_tell() -> None:
    answers = [None, CredentialUnverifiable("The database is away"), None, CredentialRefused("No")]
    scope: dict[str, object] = {}

    async def verify() -> None:
        if (answer := answers.pop(0)) is not None:
            raise answer

    put_verification(scope, verify)
    await until_revoked(scope, every=0)
    assert answers == []
