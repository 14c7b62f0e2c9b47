"""Requests made of good ones, and broken: in members, bytes, headers, method or address."""

import json
import random
from dataclasses import dataclass, replace
from pickle import dumps, loads
from typing import Any

from mcp.shared.inbound import encode_header_value

from tests.mcp_app.clients import ENVELOPE, HANDSHAKE, INITIALIZE, MODERN, call, request
from tests.mcp_app.raw_requests import Asked

PROFILE = call("get_my_profile")
GOOD: tuple[dict[str, Any], ...] = (
    request("initialize", INITIALIZE),
    request("ping"),
    request("server/discover"),
    request("tools/list", {"cursor": "abc"}),
    PROFILE,
    call("get_incident", {"number": "INC0000001"}),
    call("search_incidents", {"text": "printer", "limit": 5}),
    call("create_incident", {"short_description": "The printer is on fire"}),
    request("resources/list"),
    request("resources/read", {"uri": "servicenow://me"}),
    request("resources/templates/list"),
    request("prompts/get", {"name": "my_day", "arguments": {"a": "b"}}),
    request("completion/complete", {"ref": {"type": "ref/prompt", "name": "my_day"}}),
    request("logging/setLevel", {"level": "debug"}),
    request("subscriptions/listen", {"notifications": {"toolsListChanged": True}}),
    request("tasks/get", {"taskId": "1"}),
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
    {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": 1}},
    {"jsonrpc": "2.0", "id": "a", "result": {"action": "accept", "content": {}}},
    {"jsonrpc": "2.0", "id": "a", "error": {"code": -1, "message": "no"}},
)


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value] if depth % 2 else {"a": value}
    return value


NASTY: tuple[object, ...] = (
    *(None, True, False, 0, -1, -0.0, 1.5, 1e308, 2**53, 2**63 - 1, 2**64, -(10**30), 10**400),
    *("", " ", "\x00", "a\x00b", "\ud800", "\U0010ffff", "\u202e", "x" * 300, "y" * 70_000),
    *("__proto__", "2.0", "null", "../../etc/passwd", "'; DROP TABLE task; --", "^ORactive=true"),
    *("javascript:gs.sleep(9)", "tools/call", "-32600", "=?base64?%%?=", "INC0000001"),
    *([], {}, [[]], [{}], {"": ""}, {"__proto__": {"a": 1}, "constructor": {"prototype": 1}}),
    *(["a"] * 2, {"a": 1, "A": 2}, _nested(30), _nested(70), _nested(300), list(range(500))),
    {f"k{number}": number for number in range(300)},
)
BYTES = (
    *(b"", b"NaN", b"-Infinity", b"1e999", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf"),
    *(b"\\u0000", b"\\ud800", b"[" * 10_000, b'{"a":' * 10_000, b'"' * 3, b"}", b",", b"9" * 5_000),
    *(b'"id":1,', b'"method":"tools/call",', b'"params":{},', b'"Method":"ping",', b"/* */", b"\n"),
    *(b" " * 1024 * 1024, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", b"{}" * 1000),
)
HEADERS = (
    *((b"content-type", kind) for kind in (b"", b"text/plain", b"application/json", b"\xff")),
    *((b"content-type", b"application/json; charset=" + name) for name in (b"utf-8", b"utf-16")),
    *((b"content-encoding", coding) for coding in (b"gzip", b"identity", b"br, br", b"")),
    *((b"content-length", size) for size in (b"-1", b"0", b"x", b"9" * 30, b"1048577", b"\xb2")),
    *((b"accept", kinds) for kinds in (b"", b"text/event-stream", b"*/*", b"a/b;q=x", b"\x00")),
    *((b"mcp-protocol-version", name.encode()) for name in ("", *HANDSHAKE, MODERN, "2099-01-01")),
    *((b"mcp-protocol-version", name) for name in (b"\xff", b"2025", b"2025-11-25 ", b"null")),
    *((b"mcp-method", name) for name in (b"", b"ping", b"tools/call", b"Tools/Call", b"\xe9")),
    *(
        (b"mcp-name", name)
        for name in (b"", b"get_my_profile", b"=?base64?4pi6?=", b"=?base64?!?=")
    ),
    *((b"mcp-session-id", name) for name in (b"", b"x", b"y" * 5_000, b"\xff\x00", b"%00", b"'")),
    *((b"last-event-id", name) for name in (b"", b"1", b"-1", b"\xff" * 100)),
    *((b"mcp-param-number", name) for name in (b"", b"=?base64?!?=", b"INC0000001")),
    *(
        (b"authorization", name)
        for name in (b"", b"Basic YTpi", b"Bearer", b"Bearer " + b"x" * 9000)
    ),
    *((b"origin", name) for name in (b"null", b"http://localhost:8080", b"\xff", b"http://[")),
    *((b"cookie", name) for name in (b"sessionid=a", b"\xff;;=", b"a=" + b"b" * 9000)),
    *((b"x-forwarded-for", name) for name in (b"1.1.1.1", b"\xff", b",,,", b"a" * 5_000)),
    *((name, b"1") for name in (b"transfer-encoding", b"expect", b"upgrade", b"x-http-method")),
    *((b"user-agent", name) for name in (b"", b"\x1b[31m", b"\xff" * 2_000)),
)
METHODS = (
    "GET",
    "DELETE",
    "PUT",
    "PATCH",
    "OPTIONS",
    "HEAD",
    "TRACE",
    "CONNECT",
    "post",
    "\xff",
    "",
)
PATHS = (b"/mcp/", b"/mcp/servicenow", b"/mcp/servicenow/", b"/mcp%00", b"/mcp/../mcp", b"/MCP")
QUERIES = (
    b"a=b",
    b"token=",
    b"token=snmcp_x",
    b"access_token=x",
    b"%ff=%fe",
    b"&&==",
    b"a=1&" * 50,
)

# Copies are made of these: what is spoilt once must not stay so.
_GOOD, _NASTY = [dumps(each) for each in GOOD], [dumps(each) for each in NASTY]
_ENVELOPE = dumps(ENVELOPE)
# How many members, and how many bytes or headers, are spoilt: most requests reach the inside.
_MEMBERS, _OUTSIDE = (0, 1, 1, 1, 2, 4), (0,) * 8 + (1, 1, 2)


@dataclass(frozen=True)
class Good:
    """What makes a good request: a credential, and a session of it."""

    token: str
    session: str


def hostile_request(good: Good, seed: int) -> Asked:
    """The request that a number stands for; most have one thing or two spoilt."""
    chance = random.Random(seed)
    message: Any = loads(chance.choice(_GOOD))
    era = chance.choice(("modern", "modern", "session", "alone"))
    if era == "modern" and "method" in message:
        message["params"] = {**message.get("params", {}), "_meta": loads(_ENVELOPE)}
    for _ in range(chance.choice(_MEMBERS)):
        message = _spoilt_member(message, chance)
    headers = _good_headers(message, good, era=era)
    body = json.dumps(message, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass")
    for _ in range(chance.choice(_OUTSIDE)):
        body = _spoilt_bytes(body, chance)
    for _ in range(chance.choice(_OUTSIDE)):
        _spoil_headers(headers, chance)
    asked = Asked(headers=headers, body=body)
    return _moved(asked, chance) if chance.random() < 0.1 else asked


def _good_headers(message: Any, good: Good, *, era: str) -> list[tuple[bytes, bytes]]:  # any JSON
    headers = [
        (b"content-type", b"application/json"),
        (b"accept", b"application/json, text/event-stream"),
        (b"authorization", b"Bearer " + good.token.encode()),
    ]
    if era == "session":
        headers.append((b"mcp-session-id", good.session.encode()))
    if era == "modern" and isinstance(message, dict):
        params = message.get("params")
        named = params.get("name", params.get("uri")) if isinstance(params, dict) else None
        headers.append((b"mcp-protocol-version", MODERN.encode()))
        repeated = ((b"mcp-method", message.get("method")), (b"mcp-name", named))
        headers += [(name, _in_header(text)) for name, text in repeated if isinstance(text, str)]
    return headers


def _in_header(text: str) -> bytes:
    try:
        return encode_header_value(text).encode()
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def _places(value: object) -> list[tuple[Any, Any]]:
    """Every member and item in a value, as its container and the name or index in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        container = waiting.pop()
        if isinstance(container, dict | list):
            names = list(container) if isinstance(container, dict) else range(len(container))
            found += [(container, name) for name in names]
            waiting += [container[name] for name in names]
        if len(found) > 200:
            break
    return found


def _spoilt_member(message: Any, chance: random.Random) -> Any:  # any JSON
    places = _places(message)
    if not places or chance.random() < 0.05:
        return chance.choice(([message], [message, message], [], {}, None, 1, "", {"a": message}))
    container, name = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        del container[name]
    elif kind == 1 and isinstance(container, dict):
        container[_respelt(str(name), chance)] = container.pop(name)
    elif kind == 2 and isinstance(container, dict):
        added = chance.choice((_respelt(str(name), chance), "__proto__", "id", "result", "_meta"))
        container[added] = loads(chance.choice(_NASTY))
    else:
        container[name] = loads(chance.choice(_NASTY))
    return message


def _respelt(name: str, chance: random.Random) -> str:
    return chance.choice(
        (
            name.upper(),
            name.title(),
            name + " ",
            name + "\x00",
            name[:-1],
            name.replace("s", "\u017f"),
        )
    )


def _spoilt_bytes(body: bytes, chance: random.Random) -> bytes:
    at, to = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    match chance.randrange(6):
        case 0:
            return body[:at]
        case 1:
            flipped = bytes([chance.randrange(256)])
            return body[:at] + flipped + body[at + 1 :]
        case 2:
            return body[:at] + chance.choice(BYTES) + body[at:]
        case 3:
            return body[:at] + body[at:to] * 2 + body[to:]
        case 4:
            coding = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "latin-1"))
            return body.decode("latin-1").encode(coding)
        case _:
            return body.replace(b"{", b"{" + chance.choice(BYTES), 1)


def _spoil_headers(headers: list[tuple[bytes, bytes]], chance: random.Random) -> None:
    kind = chance.randrange(4)
    if kind == 0 and headers:
        headers.pop(chance.randrange(len(headers)))
    elif kind == 1 and headers:
        headers.append(chance.choice(headers))
    else:
        name, value = chance.choice(HEADERS)
        if kind == 2:
            headers[:] = [pair for pair in headers if pair[0] != name]
        headers.append((name, value))


def _moved(asked: Asked, chance: random.Random) -> Asked:
    match chance.randrange(4):
        case 0:
            return replace(asked, method=chance.choice(METHODS))
        case 1:
            return replace(asked, path=chance.choice(PATHS))
        case 2:
            return replace(asked, query=chance.choice(QUERIES))
        case _:
            return replace(asked, host=chance.choice((None, b"evil.example", b"", b"\xff")))
