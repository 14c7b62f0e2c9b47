"""Bodies that two readers could read differently are refused, and nothing is ever a 5xx."""

import asyncio
import gzip
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.types import Message, Receive

from mcp_app.bodies import Patience, read_message
from mcp_app.exceptions import (
    BodyTooLarge,
    BodyTooSlow,
    ClientGone,
    HeaderMismatch,
    MalformedBody,
    NotJson,
)
from tests.mcp_app.clients import ENVELOPE, MODERN, Http, request
from tests.mcp_app.people import Person

JSON = [(b"content-type", b"application/json")]


async def read(raw: bytes, *, headers: list[tuple[bytes, bytes]] | None = None) -> dict[str, Any]:
    async def receive() -> Message:
        return {"type": "http.request", "body": raw}

    return await read_message({"headers": JSON + (headers or [])}, receive)


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
        b"{}",
        b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
        b'{"JSONRPC":"2.0","id":1,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"Method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","PARAMS":{}}',
        '{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}'.encode(),
        '{"jsonrpc":"2.0","id":1,"method":"p","params":{"to\u212aen":1,"_Meta":{}}}'.encode(),
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","Name":"b"}}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","ARGUMENTS":{}}}',
        b'{"jsonrpc":"2.0","id":9007199254740992,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":"' + b"x" * 257 + b'","method":"ping"}',
        b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 257 + b'"}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":9223372036854775808}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\xed\xa0\x80"}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\x00"}}',
        '{"jsonrpc":"2.0","id":1,"method":"ping"}'.encode("utf-16"),
        '{"jsonrpc":"2.0","id":1,"method":"ping"}'.encode("utf-16-le"),
        '{"jsonrpc":"2.0","id":1,"method":"ping"}'.encode("utf-32"),
        b'{"jsonrpc":"2.0","id":1,"method":"ping"}{}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping"}\x00',
        b'{"jsonrpc":"2.0","id":1,"method":"ping",}',
        b'{"jsonrpc":"2.0","id":01,"method":"ping"}',
        b"{'jsonrpc':'2.0','id':1,'method':'ping'}",
        b'{"jsonrpc":2.0,"id":1,"method":"ping"}',
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
        b'{"jsonrpc":"2.0","id":1,"result":{},"params":true}',
        b'{"jsonrpc":"2.0","id":1,"error":{},"params":[]}',
    ],
)
async def test_a_body_that_is_not_one_plain_message_is_refused(raw: bytes):
    with pytest.raises(MalformedBody):
        await read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        nested(62),
        b'{"jsonrpc":"2.0","id":-0,"method":"ping","params":{"a":-0.0,"b":1e-999,"c":-0}}',
        b'{"jsonrpc":"2.0","id":9007199254740991,"method":"p","params":{"a":-9223372036854775808}}',
        b'{"jsonrpc":"2.0","id":"","method":"","params":{"__proto__":{"a":1},"constructor":1}}',
        b'{"jsonrpc":"2.0","id":1,"method":"p","params":{"arguments":{"Name":1,"name":2}}}',
        b'{"jsonrpc":"2.0","id":"a","method":"ping","params":{"a":"\\u00e9\\ud83d\\ude00"}}',
        b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}',
        b' {"jsonrpc":"2.0","method":"ping","params":{"a":[1.5,-2,true,null,{"a":{"a":1}}]}} ',
        b'{"jsonrpc":"2.0","method":"p","params":{"a":[' + b",".join([b"[]"] * 100) + b"]}}",
    ],
)
async def test_a_plain_message_is_read(raw: bytes):
    assert await read(raw) == json.loads(raw)


@hypothesis_settings(max_examples=500, deadline=None)
@given(raw=st.binary(max_size=200) | st.text('{}[]":,0123456789e.\\u', max_size=200))
async def test_any_bytes_are_read_or_refused(raw: bytes | str):
    with suppress(MalformedBody, HeaderMismatch):
        message = await read(raw.encode() if isinstance(raw, str) else raw)
        assert message["jsonrpc"] == "2.0"


async def test_a_declared_length_is_believed_when_it_is_too_large():
    with pytest.raises(BodyTooLarge):
        await read(b"{}", headers=[(b"content-length", b"1048577")])


@pytest.mark.parametrize("length", [b"-1", b"none", b"", b"\xb2"])
async def test_a_length_that_is_none_changes_nothing(length: bytes):
    assert await read(json.dumps(request("ping")).encode(), headers=[(b"content-length", length)])


@pytest.mark.parametrize("length", [b"1048577", b"9" * 19, b"9" * 5_000, b"0" * 30])
async def test_an_absurd_length_is_refused_before_the_body_is_asked_for(length: bytes):
    async def receive() -> Message:
        raise AssertionError

    with pytest.raises(BodyTooLarge):
        await read_message({"headers": [*JSON, (b"content-length", length)]}, receive)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [*JSON, *JSON],
        [(b"content-type", b"application/json, application/json")],
        [(b"content-type", b"application/json-rpc")],
        [(b"content-type", b"text/json")],
        [(b"content-type", b"application/json; charset=utf-16")],
        [(b"content-type", b"application/json; charset=latin-1")],
        [(b"content-type", b"application/json; charset=utf-8; charset=utf-7")],
        [(b"content-type", b"multipart/form-data; boundary=application/json")],
        *[
            [*JSON, (b"content-encoding", coding)]
            for coding in (b"gzip", b"br", b"", b"x,identity")
        ],
        [*JSON, (b"content-encoding", b"identity"), (b"content-encoding", b"deflate")],
    ],
)
async def test_what_is_not_plain_json_is_refused_before_the_body_is_asked_for(
    headers: list[tuple[bytes, bytes]],
):
    async def receive() -> Message:
        raise AssertionError

    with pytest.raises(NotJson):
        await read_message({"headers": headers}, receive)


@pytest.mark.parametrize(
    "kind", [b'application/json; charset="UTF-8"', b"APPLICATION/json;charset=utf8;v=1"]
)
async def test_json_in_utf_8_is_json(kind: bytes):
    async def receive() -> Message:
        return {"type": "http.request", "body": b'{"jsonrpc":"2.0","method":"ping"}'}

    assert await read_message({"headers": [(b"content-type", kind)]}, receive)


async def test_a_bomb_in_gzip_is_never_unpacked(mcp: Http, abel: Person):
    bomb = gzip.compress(b" " * 10_000_000)
    gzipped = {"Content-Encoding": "gzip"}
    token = await abel.access_token()
    declared = await mcp.post(bomb, token=token, headers=gzipped)
    hidden = await mcp.post(bomb, token=token)
    assert (declared.status_code, hidden.status_code) == (415, 400)


async def test_a_batch_is_refused_in_so_many_words(mcp: Http, abel: Person):
    answer = await mcp.post([request("ping"), request("ping")], token=await abel.access_token())
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32600
    assert "Batches are not accepted" in answer.json()["error"]["message"]


def dripping(parts: int) -> Receive:
    """A body in `parts` parts with a moment between them; after them it stalls."""
    left = [b" "] * parts

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()
        await asyncio.sleep(0.001)
        return {"type": "http.request", "body": left.pop(), "more_body": True}

    return receive


async def test_a_body_that_stalls_is_given_up():
    patience = Patience(between_parts=0.01, in_all=60)
    with pytest.raises(BodyTooSlow):
        await read_message({"headers": JSON}, dripping(2), patience=patience)


async def test_a_body_that_trickles_is_given_up():
    patience = Patience(between_parts=60, in_all=0.02)
    with pytest.raises(BodyTooSlow) as refusal:
        await read_message({"headers": JSON}, dripping(10_000), patience=patience)
    assert (refusal.value.status, refusal.value.headers) == (408, {"Connection": "close"})


@pytest.mark.parametrize(
    "raw",
    [
        b'{"jsonrpc":"2.0","method":"p","params":{"a":[' + b"[]," * 340_000 + b"1]}}",
        b'{"jsonrpc":"2.0","method":"p","params":{"a":[' + b"{}," * 340_000 + b"1]}}",
        b'{"jsonrpc":"2.0","method":"p","params":{"a":[' + b"1," * 500_000 + b"1]}}",
        b'{"jsonrpc":"2.0","method":"p","params":{"a":"' + b"\\u00e9" * 170_000 + b'"}}',
        json.dumps(request("p", {f"k{number}": number for number in range(60_000)})).encode(),
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b'"' + b"x" * 1_000_000,
        b"1" * 1_000_000,
        b'{"jsonrpc":"2.0","id":' + b"1" * 1_000_000 + b"}",
        b'{"a":1e' + b"1" * 1_000_000 + b"}",
    ],
)
async def test_no_body_within_the_limit_takes_long_to_read(raw: bytes):
    assert len(raw) < 1024 * 1024
    started = time.process_time()
    with suppress(MalformedBody):
        await read(raw)
    assert time.process_time() - started < 2


async def test_a_client_that_leaves_before_its_body_is_complete_gets_nothing():
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientGone):
        await read_message({"headers": JSON}, receive)


async def test_a_body_in_pieces_is_put_together():
    pieces = [b'{"jsonrpc":', b'"2.0","id":1,"method":"ping"}']

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    message = await read_message({"headers": JSON}, receive)
    assert message["id"] == 1


async def test_the_answer_to_a_malformed_body_is_a_json_rpc_error(mcp: Http, abel: Person):
    answer = await mcp.post(b"{]", token=await abel.access_token())
    assert answer.status_code == 400
    assert answer.json() == {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": -32700, "message": "The body is not valid JSON"},
    }


async def test_a_refusal_names_the_request_once_its_body_is_read(mcp: Http, abel: Person):
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/list"}
    message = request("server/discover", {"_meta": ENVELOPE}, id_="the-clients")
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["id"] == "the-clients"
    unknown = {"Mcp-Session-Id": "nobodys"}
    answer = await mcp.post(
        request("ping", id_=7), token=await abel.access_token(), headers=unknown
    )
    assert answer.status_code == 404
    assert answer.json()["id"] == 7


async def test_the_refusal_of_an_answer_is_no_answer_to_a_request(mcp: Http, abel: Person):
    unasked = {"jsonrpc": "2.0", "id": 7, "result": {}}
    answer = await mcp.post(unasked, token=await abel.access_token())
    assert answer.status_code == 400
    assert answer.json()["id"] is None


async def test_an_unknown_revision_is_named_together_with_the_known_ones(mcp: Http, abel: Person):
    message = request("server/discover", {"_meta": {**ENVELOPE}})
    key = "io.modelcontextprotocol/protocolVersion"
    message["params"]["_meta"][key] = "2031-01-01"
    headers = {"MCP-Protocol-Version": "2031-01-01", "Mcp-Method": "server/discover"}
    answer = await mcp.post(message, token=await abel.access_token(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["data"]["supported"] == [MODERN]


async def test_an_unknown_method_of_the_modern_era_is_not_found(mcp: Http, abel: Person):
    answer = await mcp.modern(request("tasks/list"), token=await abel.access_token())
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == -32601
