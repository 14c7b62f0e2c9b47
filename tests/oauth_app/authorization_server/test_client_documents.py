"""Documents are fetched from the open internet only, whole or not at all, in bounded time."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_address
from socket import inet_aton, inet_ntoa
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from oauth2_provider.cimd import CIMDError
from pytest_django import Settings

from oauth_app.authorization_server.client_documents import PublicDocuments
from oauth_app.authorization_server.public_addresses import is_public
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_clients import CLIENT_MUSTS

DOCUMENT = "https://client.example/oauth/metadata.json"
PUBLIC, PUBLIC_6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
JSON = {"Content-Type": "application/json"}

# What an attacker's DNS may answer.
INSIDE_4 = (
    "127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 "
    "192.168.0.1 169.254.169.254 100.64.0.1 100.100.100.200 192.0.0.8 192.0.0.192 192.0.2.1 "
    "198.18.0.1 198.51.100.7 203.0.113.7 192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 "
    "255.255.255.255"
)
INSIDE_6 = (
    ":: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 3fff::1 5f00::1 "
    "::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 ::a9fe:a9fe ::ffff:0:10.0.0.1 100::1 "
    "64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::10.0.0.1 2002:7f00:1:: 2002:a9fe:a9fe::1 "
    "2001:0:7f00:1:: 2001:0:808:808:0:0:80ff:fffe 2001:20::1 2606:2800::5efe:10.0.0.1 "
    "2606:2800::200:5efe:127.0.0.1"
)
INSIDE = [*INSIDE_4.split(), *INSIDE_6.split()]
# The same, written into the address of the document.
SPELT_4 = (
    "127.1 127.0.1 0 0x7f000001 0x7f.0.0.1 0x7f.1 2130706433 017700000001 0177.0.0.1 0177.1 "
    "127.0.0.1. 127.0.0.1.. 127.0.0.1:6379 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.43518 "
    "127\u30020\u30020\u30021 \u2460\u2461\u2466.0.0.1 "
    "%31%32%37.0.0.1 localhost localhost. LOCALHOST"
)
SPELT_6 = (
    "[::1] [::] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] [fe80::1%251] [::127.0.0.1] [64:ff9b::7f00:1]"
)
SPELT = [*SPELT_4.split(), *SPELT_6.split()]


def numbers_as_the_system_reads_them(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
    """Stand where the resolver stands, for numbers and this computer's own name."""
    name = host.encode("idna").decode().rstrip(".").lower()
    try:
        found = str(ip_address(name)) if ":" in name else inet_ntoa(inet_aton(name))
    except (OSError, ValueError):
        if name != "localhost":
            raise socket.gaierror("no such name") from None
        found = "127.0.0.1"
    return [(0, 0, 0, "", (found, port))]


class Resolver:
    """Answers with one list of addresses after the other, for any name."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[object] = []

    def __call__(self, host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        found = self.answers.pop(0)
        return [(0, 0, 0, "", (address, port)) for address in found]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Resolver]:
    """Stand where the system's resolver stands."""

    def answering(*answers: list[str]) -> Resolver:
        found = Resolver(*answers)
        monkeypatch.setattr(socket, "getaddrinfo", found)
        return found

    return answering


class Web:
    """Stands where the network stands, and remembers what was asked of it."""

    def __init__(self, server: Callable[[httpx.Request], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self.server = server

    def fetch(self, client_id: str = DOCUMENT) -> tuple[dict[str, Any], int]:
        def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            return self.server(request)

        class Documents(PublicDocuments):
            transport = httpx.MockTransport(handle)

        return Documents().fetch(client_id)


class Wire(httpx.AsyncByteStream):
    """A body as it comes over the wire."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.content


def answer(content: bytes = b"{}", status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, stream=Wire(content), headers={**JSON, **headers})


def document(**headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: answer(json.dumps({"client_id": DOCUMENT}).encode(), **headers)


def test_there_are_sixty_spellings_and_more():
    assert len({*INSIDE, *SPELT}) == len(INSIDE) + len(SPELT) >= 60


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize("address", INSIDE)
def test_no_name_leads_to_an_address_inside(resolver: Callable[..., Resolver], address: str):
    resolver([address], [PUBLIC, address], [address, PUBLIC_6])
    web = Web(document())
    for _ in range(3):
        with pytest.raises(CIMDError, match="non-public"):
            web.fetch()
    assert web.requests == []


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize("host", SPELT)
def test_no_spelling_of_an_address_leads_inside(monkeypatch: pytest.MonkeyPatch, host: str):
    monkeypatch.setattr(socket, "getaddrinfo", numbers_as_the_system_reads_them)
    web = Web(document())
    with pytest.raises(CIMDError, match=r"non-public|could not resolve"):
        web.fetch(f"https://{host}/metadata.json")
    assert web.requests == []


def test_what_is_no_address_is_not_public():
    assert not any(is_public(text) for text in ("", "client.example", "1.2.3", "1.2.3.4.5", "::g"))


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, "8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_asked_as_the_host_it_belongs_to(
    resolver: Callable[..., Resolver], address: str
):
    resolver([address])
    web = Web(document())
    assert web.fetch(f"{DOCUMENT}?v=1")[0]["client_id"] == DOCUMENT
    (request,) = web.requests
    assert request.url.host == address
    assert request.url.raw_path == b"/oauth/metadata.json?v=1"
    assert request.headers["Host"] == "client.example"
    assert request.extensions["sni_hostname"] == "client.example"
    assert request.headers.get("Authorization") is None


@guards(CLIENT_MUSTS)
def test_a_name_that_changes_its_address_in_between_gains_nothing(
    resolver: Callable[..., Resolver],
):
    asked = resolver([PUBLIC], ["127.0.0.1"])
    web = Web(document())
    web.fetch()
    assert asked.asked == ["client.example"]
    assert [request.url.host for request in web.requests] == [PUBLIC]
    with pytest.raises(CIMDError, match="non-public"):
        web.fetch()


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_a_document_is_followed(resolver: Callable[..., Resolver], status: int):
    resolver([PUBLIC])
    web = Web(lambda _: answer(status=status, Location="http://169.254.169.254/latest/meta-data"))
    with pytest.raises(CIMDError, match=f"HTTP {status}"):
        web.fetch()
    assert len(web.requests) == 1


@guards(CLIENT_MUSTS)
@pytest.mark.parametrize(
    "address",
    [
        "http://client.example/metadata.json",
        "ftp://client.example/metadata.json",
        "file:///etc/passwd",
        "https://user@client.example/metadata.json",
        "https://user:secret@client.example/metadata.json",
        "https://@client.example/metadata.json",
        "https://client.example@127.0.0.1/metadata.json",
        "https://client.example/metadata.json#fragment",
        "https://client.example/metadata.json#",
        "https://client.example",
        "https:///metadata.json",
        "https://client.example:99999/metadata.json",
        "https://client.example/../metadata.json",
        "https://client.example/./metadata.json",
    ],
)
def test_an_address_of_another_form_is_never_asked(resolver: Callable[..., Resolver], address: str):
    asked = resolver([PUBLIC])
    web = Web(document())
    with pytest.raises(CIMDError):
        web.fetch(address)
    assert asked.asked == []
    assert web.requests == []


def test_the_next_address_is_asked_where_one_is_down(resolver: Callable[..., Resolver]):
    resolver([PUBLIC, PUBLIC_6])

    def only_ipv6(request: httpx.Request) -> httpx.Response:
        if request.url.host == PUBLIC:
            raise httpx.ConnectError("down", request=request)
        return document()(request)

    assert Web(only_ipv6).fetch()[0]["client_id"] == DOCUMENT


def test_a_host_that_is_down_everywhere_has_no_document(resolver: Callable[..., Resolver]):
    resolver([PUBLIC, PUBLIC_6])

    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down", request=request)

    with pytest.raises(CIMDError, match="could not fetch"):
        Web(down).fetch()


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ({"status": 404}, "HTTP 404"),
        ({"status": 500}, "HTTP 500"),
        ({"Content-Type": "text/html"}, "not JSON"),
        ({"content": b"{"}, "not valid JSON"),
        ({"content": b"[]"}, "JSON object"),
        ({"content": b"\xff"}, "not valid JSON"),
        ({"content": b" " * 16 * 1024 + b"{}"}, "maximum"),
    ],
)
def test_what_is_no_small_json_object_is_no_document(
    resolver: Callable[..., Resolver], reply: dict[str, Any], why: str
):
    resolver([PUBLIC])
    with pytest.raises(CIMDError, match=why):
        Web(lambda _: answer(**reply)).fetch()


def test_a_body_without_end_is_left_where_it_becomes_too_large(
    resolver: Callable[..., Resolver],
):
    resolver([PUBLIC])
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            sent.append(1024)
            yield b" " * 1024

    with pytest.raises(CIMDError, match="maximum"):
        Web(lambda _: httpx.Response(200, content=endless(), headers=JSON)).fetch()
    assert sum(sent) == 17 * 1024


def test_a_body_that_drips_holds_nobody(resolver: Callable[..., Resolver], settings: Settings):
    resolver([PUBLIC])
    settings.OAUTH2_PROVIDER = django_settings.OAUTH2_PROVIDER | {
        "CIMD_FETCH_TIMEOUT_SECONDS": 0.05
    }

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    with pytest.raises(CIMDError, match="TimeoutError"):
        Web(lambda _: httpx.Response(200, content=dripping(), headers=JSON)).fetch()


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("max-age=3600", 3600),
        ("no-store", 300),
        ("no-cache, max-age=9999", 300),
        ("max-age=1", 300),
        ("max-age=99999999", 86_400),
        ("", 86_400),
    ],
)
def test_a_document_is_kept_as_long_as_its_server_says_within_bounds(
    resolver: Callable[..., Resolver], cache_control: str, seconds: int
):
    resolver([PUBLIC])
    assert Web(document(**{"Cache-Control": cache_control})).fetch()[1] == seconds


@pytest.mark.parametrize(
    "grants",
    [
        ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        ["authorization_code"],
        None,
    ],
)
def test_grants_for_other_servers_do_no_harm(
    resolver: Callable[..., Resolver], grants: list[str] | None
):
    resolver([PUBLIC])
    described = {"client_id": DOCUMENT} | ({"grant_types": grants} if grants else {})
    found, _ = Web(lambda _: answer(json.dumps(described).encode())).fetch()
    assert found["grant_types"] == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize(
    "grants", [["implicit"], ["client_credentials"], [], "authorization_code", 7, {}]
)
def test_a_document_without_the_code_grant_is_refused(
    resolver: Callable[..., Resolver], grants: object
):
    resolver([PUBLIC])
    with pytest.raises(CIMDError, match="authorization_code"):
        Web(lambda _: answer(json.dumps({"grant_types": grants}).encode())).fetch()


def test_packed_bodies_are_not_unpacked(resolver: Callable[..., Resolver]):
    resolver([PUBLIC])
    web = Web(lambda _: answer(b"{}", **{"Content-Encoding": "gzip"}))
    assert "client_id" not in web.fetch()[0]
    assert web.requests[0].headers["Accept-Encoding"] == "identity"
