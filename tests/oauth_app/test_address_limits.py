"""How often an address may ask for what needs no credential, with Redis and without."""

import pytest
from django.test import Client
from pytest_django import Settings

from oauth_app.address_limits import METADATA, TOKENS, AddressLimit, WithoutRedis, network_of
from oauth_app.views import CALLBACKS, SIGN_INS

NOBODY_COUNTS = {"default": {"BACKEND": "tests.support.counted_here.NobodyCounts"}}


@pytest.mark.parametrize(
    ("limit", "method", "path", "otherwise"),
    [
        (TOKENS, "post", "/o/token/", 400),
        (TOKENS, "post", "/o/revoke_token/", 400),
        (TOKENS, "get", "/o/register/somebody/", 401),
        (METADATA, "get", "/.well-known/oauth-authorization-server", 200),
        (METADATA, "get", "/.well-known/oauth-protected-resource/mcp", 200),
    ],
)
def test_every_answer_to_strangers_tells_what_is_left_and_too_many_are_held_off(
    db: None, settings: Settings, limit: AddressLimit, method: str, path: str, otherwise: int
):
    stranger = Client(REMOTE_ADDR="2001:db8::1")
    first = getattr(stranger, method)(path)
    assert (first.status_code, first["RateLimit-Limit"]) == (otherwise, "600")
    assert first["RateLimit-Remaining"] == "599"
    assert "RateLimit-Remaining" in first["Access-Control-Expose-Headers"]
    while limit.spend("2001:db8::2").is_allowed:
        pass  # its network is one address
    refused = getattr(stranger, method)(path)
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    assert refused.json()["error"] == "temporarily_unavailable"
    assert getattr(Client(REMOTE_ADDR="203.0.113.9"), method)(path).status_code == otherwise
    settings.CACHES = NOBODY_COUNTS
    assert getattr(stranger, method)(path).status_code == otherwise


@pytest.mark.usefixtures("simulator")
def test_the_pages_of_signing_in_tell_what_is_left_and_hold_off_who_has_none(db: None):
    stranger = Client(REMOTE_ADDR="2001:db8::1")
    for limit, path, otherwise in (
        (SIGN_INS, "/oauth/authorize", 302),
        (CALLBACKS, "/oauth/callback", 400),
    ):
        first = stranger.get(path)
        assert (first.status_code, first["RateLimit-Remaining"]) == (otherwise, "599")
        while limit.spend("2001:db8::1").is_allowed:
            pass
        refused = stranger.get(path)
        assert (refused.status_code, refused["RateLimit-Remaining"]) == (429, "0")
        assert int(refused["Retry-After"]) > 0


def test_without_redis_nobody_registers_a_client(db: None, settings: Settings):
    settings.CACHES = NOBODY_COUNTS
    refused = Client().post("/o/register/", "{}", content_type="application/json")
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "cannot be counted" in refused.json()["error_description"]


def test_without_redis_what_begins_something_waits_and_what_goes_on_has_half_as_much(
    settings: Settings,
):
    gone = {
        "BACKEND": "snmcp_project.caching.SharedCache",
        "LOCATION": "unix:///nowhere/redis.sock",
    }
    settings.CACHES = {"default": gone}
    begun = AddressLimit("begun", most=4)
    gone_on = AddressLimit("gone on", most=4, without_redis=WithoutRedis.COUNT_HERE)
    refused = begun.spend("203.0.113.7")
    assert (refused.is_allowed, refused.is_counted, refused.retry_after) == (False, False, 5)
    spent = [gone_on.spend("203.0.113.7").is_allowed for _ in range(3)]
    assert spent == [True, True, False]
    assert gone_on.spend("203.0.113.8").is_allowed


def test_a_network_of_ipv6_is_one_address():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8::1")
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("") == ""
