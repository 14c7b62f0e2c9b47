"""Headers that repeat the body say the same as the body, once, in every revision."""

import json
from typing import Any

import pytest

from mcp_app.exceptions import HeaderMismatch
from mcp_app.header_agreement import require_agreement
from tests.mcp_app.clients import ENVELOPE, HANDSHAKE, MODERN, Http, call, request
from tests.mcp_app.people import Person

CALL = call("get_incident", {"number": "INC0000001"})
READ = request("resources/read", {"uri": "servicenow://me"})
PROMPT = request("prompts/get", {"name": "caf\u00e9"})
REPLY = {"jsonrpc": "2.0", "id": 1, "result": {}}


def agree(message: dict[str, Any], *headers: tuple[str, str]) -> None:
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    require_agreement({"headers": pairs}, message)


@pytest.mark.parametrize(
    ("message", "header"),
    [
        (CALL, ("Mcp-Method", "tools/list")),
        (CALL, ("Mcp-Method", "Tools/Call")),
        (CALL, ("Mcp-Method", "")),
        (CALL, ("Mcp-Method", "tools/call, tools/list")),
        (REPLY, ("Mcp-Method", "tools/call")),
        (CALL, ("Mcp-Name", "get_my_profile")),
        (CALL, ("Mcp-Name", "GET_INCIDENT")),
        (CALL, ("Mcp-Name", "")),
        (CALL, ("Mcp-Name", "=?base64?Z2V0X215X3Byb2ZpbGU=?=")),
        (CALL, ("Mcp-Name", "=?base64?%%%?=")),
        (request("tools/call"), ("Mcp-Name", "get_incident")),
        (request("tools/call", {"name": None}), ("Mcp-Name", "")),
        (request("tools/call", {"name": ["get_incident"]}), ("Mcp-Name", "get_incident")),
        (READ, ("Mcp-Name", "servicenow://my_work")),
        (PROMPT, ("Mcp-Name", "caf\xe9s")),
    ],
)
@pytest.mark.parametrize("version", ["", *HANDSHAKE, MODERN])
def test_a_header_that_says_something_else_is_refused_in_every_revision(
    message: dict[str, Any], header: tuple[str, str], version: str
):
    with pytest.raises(HeaderMismatch):
        agree(message, header, *([("MCP-Protocol-Version", version)] if version else []))


@pytest.mark.parametrize(
    "name", ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id", "Last-Event-ID"]
)
@pytest.mark.parametrize("second", ["tools/call", "other"])
def test_a_header_is_said_once(name: str, second: str):
    with pytest.raises(HeaderMismatch, match=f"{name} appears more than once"):
        agree(CALL, (name, "tools/call"), (name.upper(), second))


@pytest.mark.parametrize(
    ("message", "headers"),
    [
        (CALL, []),
        (CALL, [("Mcp-Method", " tools/call\t"), ("Mcp-Name", "get_incident")]),
        (CALL, [("Mcp-Name", "=?base64?Z2V0X2luY2lkZW50?=")]),
        (READ, [("Mcp-Method", "resources/read"), ("Mcp-Name", "servicenow://me")]),
        (PROMPT, [("Mcp-Name", "=?base64?Y2Fmw6k=?=")]),
        (request("ping"), [("Mcp-Method", "ping"), ("Mcp-Name", "anything")]),
        (REPLY, [("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Session-Id", "a")]),
    ],
)
def test_a_header_that_repeats_the_body_is_taken(
    message: dict[str, Any], headers: list[tuple[str, str]]
):
    agree(message, *headers)


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
