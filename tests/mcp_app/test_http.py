"""What HTTP says before MCP is spoken: hosts, origins, methods, sizes, media types."""

import json
from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from tests.mcp_app.clients import ERAS, MCP, Http, Wire, call, request
from tests.mcp_app.people import Person

PING = request("ping")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8080",
        "localhost@evil.example",
        "127.0.0.1.evil.example",
        "169.254.169.254",
        "[::2]:8080",
        "localhost:port",
        "",
        "localhost, evil.example",
        "LOCALHOST\\evil",
    ],
)
async def test_a_foreign_host_is_misdirected(mcp: Http, abel: Person, host: str):
    answer = await mcp.post(PING, token=await abel.access_token(), headers={"Host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:9", "[::1]:8080"])
async def test_our_own_hosts_are_served(mcp: Http, abel: Person, host: str):
    answer = await mcp.post(PING, token=await abel.access_token(), headers={"Host": host})
    assert answer.status_code == 200


async def test_two_host_headers_are_misdirected(mcp: Http, abel: Person):
    headers = [("Host", "localhost"), ("Host", "evil.example")]
    answer = await mcp.web.post(MCP, headers=headers, content=b"{}")
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost",
        "http://localhost:8081",
        "https://localhost:8080",
        "http://localhost:8080.evil.example",
        "http://localhost:8080@evil.example",
        "http://localhost:8080/",
        "file://",
        "chrome-extension://abcdef",
        "",
    ],
)
async def test_a_foreign_origin_is_forbidden(mcp: Http, abel: Person, origin: str):
    answer = await mcp.post(PING, token=await abel.access_token(), headers={"Origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "POST"])
async def test_a_foreign_origin_is_forbidden_with_every_method(mcp: Http, method: str):
    answer = await mcp.web.request(method, MCP, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["http://localhost:8080", "HTTP://127.0.0.1:8080"])
async def test_our_own_origin_is_served(mcp: Http, abel: Person, origin: str):
    answer = await mcp.post(PING, token=await abel.access_token(), headers={"Origin": origin})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin


async def test_beside_loopback_only_the_public_origin_is_ours(
    mcp: Http, abel: Person, settings: Settings
):
    settings.PUBLIC_BASE_URL = "https://mcp.example.com"
    settings.IS_LOOPBACK = False
    settings.ALLOWED_HOSTS = ["mcp.example.com"]
    token = await abel.access_token()
    host = {"Host": "mcp.example.com"}
    ours = await mcp.post(PING, token=token, headers={**host, "Origin": "https://mcp.example.com"})
    local = await mcp.post(PING, token=token, headers={**host, "Origin": "https://localhost"})
    assert (ours.status_code, local.status_code) == (200, 403)


async def test_a_listed_origin_may_ask_and_read(mcp: Http, abel: Person, settings: Settings):
    settings.ALLOWED_ORIGINS = ["https://inspector.example/"]
    origin = {"Origin": "https://inspector.example"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    preflight = await mcp.web.options(MCP, headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, POST, DELETE"
    may_send = preflight.headers["access-control-allow-headers"]
    assert {"Authorization", "X-API-Key", "Mcp-Session-Id"} <= set(may_send.split(", "))
    answer = await mcp.post(PING, token=await abel.access_token(), headers=origin)
    assert answer.status_code == 200
    assert "access-control-allow-methods" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"]
    assert "WWW-Authenticate" in exposed
    assert "Mcp-Session-Id" in exposed


async def test_a_page_can_read_why_it_was_refused(mcp: Http):
    answer = await mcp.post(PING, headers={"Origin": "http://localhost:8080"})
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == "http://localhost:8080"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD"])
async def test_only_post_carries_mcp(mcp: Http, abel: Person, method: str):
    headers = {"Authorization": f"Bearer {await abel.access_token()}"}
    answer = await mcp.web.request(method, MCP, headers=headers)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


async def test_the_address_may_end_in_a_slash(mcp: Http, abel: Person):
    answer = await mcp.post(PING, token=await abel.access_token(), address=f"{MCP}/")
    assert answer.status_code == 200


async def test_everything_else_is_djangos(mcp: Http):
    answer = await mcp.web.get("http://localhost:8080/mcp/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_no_cache_may_keep_an_answer(mcp: Http, abel: Person):
    answer = await mcp.post(PING, token=await abel.access_token())
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_body_over_a_mebibyte_is_too_large(mcp: Http, abel: Person):
    token = await abel.access_token()
    filler = "x" * 1024 * 1024
    declared = await mcp.post(call("get_incident", {"number": filler}), token=token)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65_536

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    undeclared = await mcp.web.post(MCP, headers=headers, content=chunks())
    assert (declared.status_code, undeclared.status_code) == (413, 413)


async def test_a_body_of_a_mebibyte_is_read(mcp: Http, abel: Person):
    body = json.dumps(PING).encode()
    answer = await mcp.post(body.ljust(1024 * 1024), token=await abel.access_token())
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
async def test_a_body_of_another_kind_is_unsupported(mcp: Http, abel: Person, kind: str):
    answer = await mcp.post(PING, token=await abel.access_token(), headers={"Content-Type": kind})
    assert answer.status_code == 415


async def test_an_encoded_body_is_unsupported(mcp: Http, abel: Person):
    encoded = {"Content-Encoding": "gzip"}
    answer = await mcp.post(PING, token=await abel.access_token(), headers=encoded)
    assert answer.status_code == 415


async def test_a_charset_is_no_other_kind(mcp: Http, abel: Person):
    kind = {"Content-Type": "Application/JSON; charset=utf-8", "Content-Encoding": "identity"}
    answer = await mcp.post(PING, token=await abel.access_token(), headers=kind)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "*/*",
        "application/json",
        "application/json, text/event-stream",
        "text/event-stream, application/json",
        "text/html",
        "application/json;q=0.5, text/event-stream;q=1",
        "",
    ],
)
@ERAS
async def test_whatever_a_client_accepts_it_gets_json(
    mcp: Http, abel: Person, accept: str | None, era: str
):
    token = await abel.access_token()
    message = request("tools/list")
    if accept is None:
        del mcp.web.headers["accept"]
    headers = {"Accept": accept} if accept is not None else {}
    answer = await mcp.in_era(era, message, token=token, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["result"]["tools"]


async def test_two_accept_headers_are_no_problem(mcp: Http, abel: Person):
    headers = [
        ("Accept", "application/json"),
        ("Accept", "text/event-stream"),
        ("Authorization", f"Bearer {await abel.access_token()}"),
        ("Content-Type", "application/json"),
    ]
    answer = await mcp.web.post(MCP, headers=headers, content=json.dumps(PING))
    assert answer.headers["content-type"] == "application/json"


async def test_a_client_that_takes_only_events_gets_events(mcp: Http, abel: Person):
    accept = {"Accept": "text/event-stream"}
    answer = await mcp.post(PING, token=await abel.access_token(), headers=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"result":{}' in answer.text


async def test_a_notification_is_accepted_without_an_answer(mcp: Http, abel: Person):
    message = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    answer = await mcp.post(message, token=await abel.access_token())
    assert (answer.status_code, answer.content) == (202, b"")


async def test_an_answer_outside_of_a_session_is_refused(mcp: Http, abel: Person):
    message = {"jsonrpc": "2.0", "id": 7, "result": {}}
    answer = await mcp.post(message, token=await abel.access_token())
    assert answer.status_code == 400
    assert "belongs to a session" in answer.json()["error"]["message"]


async def test_a_client_that_leaves_while_it_sends_is_not_missed(mcp: Http, abel: Person):
    headers = {"Authorization": f"Bearer {await abel.access_token()}"}
    request = Wire(b'{"jsonrpc":', headers=headers, more=True)
    request.leave()
    await request.run()
    assert request.sent == []
