"""Whose request it is behind a proxy, and whether it came over https."""

from typing import Any

import httpx
import pytest
from django.core.signals import request_started
from pytest_django import Settings
from starlette.types import Scope

from snmcp_project.asgi import application
from snmcp_project.proxies import as_sent_by_the_client

FORWARDED_FOR, FORWARDED_PROTO = b"X-Forwarded-For", b"X-Forwarded-Proto"


def scope(*, peer: str | None, **forwarded: list[str] | None) -> Scope:
    names = {"addresses": FORWARDED_FOR, "schemes": FORWARDED_PROTO}
    headers = [
        (names[kind], value.encode("latin-1"))
        for kind, values in forwarded.items()
        for value in values or []
    ]
    client = (peer, 40000) if peer is not None else None
    return {"headers": headers, "client": client, "scheme": "http"}


@pytest.fixture
def proxies(settings: Settings) -> None:
    """Two networks of proxies."""
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "::1"]


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1,10.2.3.4"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.9"], "10.0.0.9"),
        ("10.0.0.1", ["<script>"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:203.0.113.7", ["198.51.100.1"], "::ffff:203.0.113.7"),
        ("/run/proxy.sock", ["198.51.100.1"], "/run/proxy.sock"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_only_trusted_proxies_say_whose_request_it_is(
    peer: str, forwarded: list[str] | None, address: str
):
    seen = as_sent_by_the_client(scope(peer=peer, addresses=forwarded))
    assert seen["client"] == (address, 40000)


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("peer", "forwarded", "scheme"),
    [
        ("203.0.113.7", ["https"], "http"),
        ("10.0.0.1", ["https"], "https"),
        ("10.0.0.1", ["HTTPS"], "https"),
        ("10.0.0.1", ["http"], "http"),
        ("10.0.0.1", ["https, http"], "http"),
        ("10.0.0.1", ["https", "https"], "http"),
        ("10.0.0.1", ["ws"], "http"),
        ("10.0.0.1", None, "http"),
    ],
)
def test_only_trusted_proxies_say_that_it_came_over_https(
    peer: str, forwarded: list[str] | None, scheme: str
):
    assert as_sent_by_the_client(scope(peer=peer, schemes=forwarded))["scheme"] == scheme


@pytest.mark.usefixtures("proxies")
def test_a_server_that_does_not_say_who_asks_is_no_proxy():
    asked = scope(peer=None, addresses=["198.51.100.1"], schemes=["https"])
    assert as_sent_by_the_client(asked) == asked


def test_without_trusted_proxies_nobody_is_believed(settings: Settings):
    settings.TRUSTED_PROXIES = []
    asked = scope(peer="10.0.0.1", addresses=["192.0.2.1"], schemes=["https"])
    assert as_sent_by_the_client(asked) == asked


@pytest.mark.usefixtures("db", "proxies")
@pytest.mark.parametrize("address", ["/o/token/", "/nowhere"])
async def test_every_page_sees_the_client_behind_the_proxy(address: str):
    seen: list[tuple[Any, str]] = []

    def note(scope: Scope, **_: object) -> None:
        seen.append((scope["client"], scope["scheme"]))

    request_started.connect(note)
    transport = httpx.ASGITransport(application, client=("10.0.0.1", 40123))
    said = {FORWARDED_FOR: b"198.51.100.1", FORWARDED_PROTO: b"https"}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as web:
        await web.get(address, headers=said)
    request_started.disconnect(note)
    assert seen == [(("198.51.100.1", 40123), "https")]
