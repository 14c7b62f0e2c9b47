"""A wrong setting is told at the start, with an id and a hint."""

from collections.abc import Iterable

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from mcp_app.checks import check_origins, check_proxies, check_rate_limit, check_url_tokens


def ids(messages: Iterable[CheckMessage]) -> list[str | None]:
    found = list(messages)
    assert all(message.hint for message in found)
    return [message.id for message in found]


@pytest.mark.parametrize(
    "origin", ["https://a.example", "http://localhost:6274/", "https://[::1]:8", "vscode://app"]
)
def test_an_origin_may_be_listed(settings: Settings, origin: str):
    settings.ALLOWED_ORIGINS = [origin]
    assert ids(check_origins()) == []


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example",
        "a.example",
        "https://a.example/mcp",
        "https://",
        "http://[",
        "null",
    ],
)
def test_what_is_no_origin_is_told(settings: Settings, origin: str):
    settings.ALLOWED_ORIGINS = [origin]
    assert ids(check_origins()) == ["mcp_app.E001"]


@pytest.mark.parametrize(
    ("proxies", "told"),
    [
        ([], []),
        (["10.0.0.7", "10.1.0.0/16", "::1"], []),
        (["proxy.internal"], ["mcp_app.E002"]),
        (["0.0.0.0/0"], ["mcp_app.W002"]),
        (["nonsense", "::/0"], ["mcp_app.E002", "mcp_app.W002"]),
    ],
)
def test_proxies_are_addresses_and_not_everybody(
    settings: Settings, proxies: list[str], told: list[str]
):
    settings.TRUSTED_PROXIES = proxies
    assert ids(check_proxies()) == told


@pytest.mark.parametrize(("limit", "told"), [(0, True), (-1, True), (1, False), (2_000_000, True)])
def test_a_limit_that_cannot_be_kept_is_told(settings: Settings, limit: int, *, told: bool):
    settings.RATE_LIMIT_PER_USER = limit
    assert ids(check_rate_limit()) == (["mcp_app.E003"] if told else [])


def test_personal_urls_are_pointed_out_in_a_deployment(settings: Settings):
    settings.MCP_URL_TOKENS = True
    assert ids(check_url_tokens()) == ["mcp_app.W001"]
    settings.MCP_URL_TOKENS = False
    assert ids(check_url_tokens()) == []
