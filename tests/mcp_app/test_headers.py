"""Whose address a request has, and what a client calls itself."""

import pytest
from pytest_django import Settings
from starlette.types import Scope

from mcp_app.headers import remote_address, user_agent


def scope(*, peer: str | None, forwarded: list[str] | None = None) -> Scope:
    headers = [(b"X-Forwarded-For", value.encode("latin-1")) for value in forwarded or []]
    return {"headers": headers, "client": (peer, 40000) if peer is not None else None}


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
        ("/run/proxy.sock", ["198.51.100.1"], "/run/proxy.sock"),
        ("", ["198.51.100.1"], ""),
        (None, ["198.51.100.1"], ""),
    ],
)
def test_only_trusted_proxies_are_believed(
    settings: Settings, peer: str | None, forwarded: list[str] | None, address: str
):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "::1"]
    assert remote_address(scope(peer=peer, forwarded=forwarded)) == address


def test_without_trusted_proxies_nobody_is_believed(settings: Settings):
    settings.TRUSTED_PROXIES = []
    assert remote_address(scope(peer="10.0.0.1", forwarded=["192.0.2.1"])) == "10.0.0.1"


def test_what_a_client_calls_itself_is_shortened_and_printable():
    agent = {"headers": [(b"user-agent", b"a\x1b[31m\n\x85" + b"b" * 300)]}
    assert user_agent(agent) == "a[31m" + "b" * 195
    assert user_agent({"headers": []}) == ""
