"""A quiet stream is commented on, so that no proxy takes it for dead."""

from mcp_app.endpoint import verified_credentials
from mcp_app.service import COMMENT_SECONDS
from tests.mcp_app.people import Person
from tests.mcp_app.wire.talkative import Talk, talkative


async def test_a_standing_stream_is_commented_on_again_and_again(
    redis_url: str, abel: Person
) -> None:
    verified_credentials.forget()
    async with talkative(comment_seconds=0.01) as (endpoint, tools):
        talk = await Talk(endpoint, await abel.reconnect_token(), tools).open()
        async with talk.standing() as stream:
            await stream.until(": still here\r\n\r\n: still here\r\n\r\n: still here")


def test_comments_come_every_fifteen_seconds() -> None:
    assert COMMENT_SECONDS == 15
