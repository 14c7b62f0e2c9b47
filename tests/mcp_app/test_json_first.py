"""Plain JSON where the answer comes first, a stream where something else does."""

import json

import pytest
from starlette.types import Message, Receive, Scope, Send

from mcp_app.json_first import JsonFirst

HEAD = [(b"content-type", b"text/event-stream"), (b"x-own", b"1"), (b"connection", b"keep-alive")]
ANSWER = b'event: message\r\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\r\n\r\n'
PROGRESS = b'event: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\r\n\r\n'
COMMENT = b": ping\r\n\r\n"


async def served(*chunks: bytes, accept: str, headers: list = HEAD) -> tuple[Message, bytes]:
    """The head and the whole body of an answer that the transport writes in these chunks."""
    sent: list[Message] = []

    async def transport(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, chunk in enumerate(chunks, start=1):
            more = number < len(chunks)
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "headers": [(b"accept", accept.encode())]}
    await JsonFirst(transport)(scope, receive, send)
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1
    assert sent[0] is starts[0]
    assert not sent[-1].get("more_body", False)
    return starts[0], b"".join(message.get("body", b"") for message in sent[1:])


BOTH = "application/json, text/event-stream"


@pytest.mark.parametrize("accept", [BOTH, "application/json", "*/*", ""])
async def test_an_answer_that_comes_first_leaves_as_json(accept: str):
    head, body = await served(ANSWER, b"", accept=accept)
    assert json.loads(body) == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert dict(head["headers"]) == {
        b"x-own": b"1",
        b"content-type": b"application/json",
        b"content-length": str(len(body)).encode(),
    }


@pytest.mark.parametrize("first", [PROGRESS, COMMENT])
async def test_a_client_that_takes_events_gets_what_comes_before_the_answer(first: bytes):
    head, body = await served(first, ANSWER, accept=BOTH)
    assert head["headers"] == HEAD
    assert body == first + ANSWER


@pytest.mark.parametrize("first", [PROGRESS, COMMENT, PROGRESS + COMMENT])
async def test_a_client_that_takes_json_gets_the_answer_alone(first: bytes):
    head, body = await served(first, ANSWER, accept="application/json")
    assert dict(head["headers"])[b"content-type"] == b"application/json"
    assert json.loads(body)["id"] == 1


async def test_events_in_pieces_are_put_together():
    _, body = await served(*(bytes([byte]) for byte in ANSWER), accept=BOTH)
    assert json.loads(body)["id"] == 1


async def test_a_client_that_takes_only_events_gets_events():
    head, body = await served(ANSWER, b"", accept="text/event-stream")
    assert (head["headers"], body) == (HEAD, ANSWER)


@pytest.mark.parametrize("accept", [BOTH, "application/json"])
async def test_a_stream_that_ends_without_an_answer_is_an_error(accept: str):
    head, body = await served(b"", accept=accept)
    assert (head["status"], body) == (500, b"")


async def test_an_answer_that_is_json_already_passes():
    headers = [(b"content-type", b"application/json")]
    head, body = await served(b'{"id":1}', accept=BOTH, headers=headers)
    assert (head["headers"], body) == (headers, b'{"id":1}')
