"""Bodies that two readers could read differently are refused, and nothing is ever a 5xx."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.types import Message

from mcp_app.bodies import Body, read_body
from mcp_app.exceptions import BodyTooLarge, ClientGone, HeaderMismatch, MalformedBody
from tests.mcp_app.clients import ENVELOPE, MODERN, Http, call, request
from tests.mcp_app.people import Person

JSON = [(b"content-type", b"application/json")]


async def read(raw: bytes, *, headers: list[tuple[bytes, bytes]] | None = None) -> Body:
    async def receive() -> Message:
        return {"type": "http.request", "body": raw}

    return await read_body({"headers": JSON + (headers or [])}, receive)


def nested(depth: int) -> bytes:
    return b'{"jsonrpc":"2.0","method":"ping","params":{"a":%s}}' % (b"[" * depth + b"]" * depth)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe{}",
        b'{"jsonrpc":"2.0","id":1,"method":"p\xe9ng"}',
        b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1,"a":1}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":NaN}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":-Infinity}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1e999}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\\ud800"}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"\\udfff":1}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\\u0000"}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + b"9" * 5_000 + b"}}",
        nested(63),
        nested(900),
        nested(100_000),
        b"[]",
        b'"ping"',
        b"null",
        json.dumps([request("ping")]).encode(),
        b"{}",
        b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
        b'{"JSONRPC":"2.0","id":1,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"Method":"ping"}',
        b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":true,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"method":7}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":null}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}',
        b'{"jsonrpc":"2.0","id":1,"result":{},"error":{}}',
        b'{"jsonrpc":"2.0","result":{}}',
    ],
)
async def test_a_body_that_is_not_one_plain_message_is_refused(raw: bytes):
    with pytest.raises(MalformedBody):
        await read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        nested(62),
        b'{"jsonrpc":"2.0","id":"a","method":"ping","params":{"a":"\\u00e9\\ud83d\\ude00"}}',
        b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}',
        b' {"jsonrpc":"2.0","method":"ping","params":{"a":[1.5,-2,true,null,{"a":{"a":1}}]}} ',
        b'{"jsonrpc":"2.0","method":"p","params":{"a":[' + b",".join([b"[]"] * 100) + b"]}}",
    ],
)
async def test_a_plain_message_is_read(raw: bytes):
    body = await read(raw)
    assert body.raw == raw
    assert body.message == json.loads(raw)


@hypothesis_settings(max_examples=500, deadline=None)
@given(raw=st.binary(max_size=200) | st.text('{}[]":,0123456789e.\\u', max_size=200))
async def test_any_bytes_are_read_or_refused(raw: bytes | str):
    with suppress(MalformedBody, HeaderMismatch):
        body = await read(raw.encode() if isinstance(raw, str) else raw)
        assert body.message["jsonrpc"] == "2.0"


async def test_a_declared_length_is_believed_when_it_is_too_large():
    with pytest.raises(BodyTooLarge):
        await read(b"{}", headers=[(b"content-length", b"1048577")])


@pytest.mark.parametrize("length", [b"-1", b"none", b"", b"\xb2"])
async def test_a_length_that_is_none_changes_nothing(length: bytes):
    assert await read(json.dumps(request("ping")).encode(), headers=[(b"content-length", length)])


async def test_a_client_that_leaves_before_its_body_is_complete_gets_nothing():
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientGone):
        await read_body({"headers": JSON}, receive)


async def test_a_body_in_pieces_is_put_together():
    pieces = [b'{"jsonrpc":', b'"2.0","id":1,"method":"ping"}']

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    body = await read_body({"headers": JSON}, receive)
    assert body.message["id"] == 1


async def test_the_answer_to_a_malformed_body_is_a_json_rpc_error(mcp: Http, abel: Person):
    answer = await mcp.post(b"{]", token=await abel.access_token())
    assert answer.status_code == 400
    assert answer.json() == {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": -32700, "message": "The body is not valid JSON"},
    }


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, -32020),
        ({"MCP-Protocol-Version": "2025-11-25"}, -32020),
        ({"MCP-Protocol-Version": MODERN}, -32020),
        ({"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/list"}, -32020),
        ({"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call"}, -32020),
        (
            {
                "MCP-Protocol-Version": MODERN,
                "Mcp-Method": "tools/call",
                "Mcp-Name": "get_my_profile",
            },
            -32020,
        ),
        ({"MCP-Protocol-Version": "2027-01-01"}, -32020),
    ],
)
async def test_headers_must_repeat_the_body(
    mcp: Http, abel: Person, headers: dict[str, str], code: int
):
    message = call("create_incident", {"short_description": "x"})
    message["params"]["_meta"] = ENVELOPE
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


async def test_a_version_said_twice_is_refused(mcp: Http, abel: Person):
    headers = [
        ("Authorization", f"Bearer {await abel.access_token()}"),
        ("Content-Type", "application/json"),
        ("MCP-Protocol-Version", "2025-11-25"),
        ("MCP-Protocol-Version", MODERN),
    ]
    body = json.dumps(request("ping"))
    answer = await mcp.web.post("", headers=headers, content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32020


async def test_an_unknown_revision_is_named_together_with_the_known_ones(mcp: Http, abel: Person):
    message = request("server/discover", {"_meta": {**ENVELOPE}})
    key = "io.modelcontextprotocol/protocolVersion"
    message["params"]["_meta"][key] = "2031-01-01"
    headers = {"MCP-Protocol-Version": "2031-01-01", "Mcp-Method": "server/discover"}
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["data"]["supported"] == [MODERN]


async def test_an_unknown_method_of_the_modern_era_is_not_found(mcp: Http, abel: Person):
    answer = await mcp.modern(request("resources/list"), token=await abel.access_token())
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == -32601
