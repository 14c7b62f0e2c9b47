"""What all processes count together, and what becomes of it while Redis is away."""

import subprocess
import sys

import pytest
import redis
from django.utils.module_loading import import_string

from snmcp_project import settings as product
from snmcp_project.caching import JsonSerializer, RedisOrHere, SharedCache

NOWHERE = "unix:///nowhere/redis.sock"


@pytest.fixture
def shared(redis_url: str) -> SharedCache:
    return SharedCache(redis_url, {"KEY_PREFIX": "snmcp"})


def test_the_server_counts_in_the_redis_of_its_settings():
    configured = product.CACHES["default"]
    assert configured["LOCATION"] == product.REDIS_URL
    assert import_string(configured["BACKEND"]) is SharedCache


def test_another_process_goes_on_counting(shared: SharedCache, redis_url: str):
    assert shared.add("calls", 0, timeout=60)
    assert shared.incr("calls") == 1
    program = (
        "import sys; from django.conf import settings; settings.configure()\n"
        "from snmcp_project.caching import SharedCache\n"
        "print(SharedCache(sys.argv[1], {'KEY_PREFIX': 'snmcp'}).incr('calls'))"
    )
    command = [sys.executable, "-c", program, redis_url]
    assert subprocess.check_output(command, text=True).strip() == "2"
    assert shared.incr("calls") == 3


def test_what_is_kept_ends(shared: SharedCache, redis_url: str):
    shared.set("pause", value=True, timeout=60)
    assert shared.get("pause") is True
    with redis.Redis.from_url(redis_url) as connection:
        assert 0 < connection.ttl("snmcp:1:pause") <= 60


def test_whoever_writes_to_redis_runs_no_code_here(shared: SharedCache, redis_url: str):
    shared.set("words", {"a": [1, "b"]}, timeout=60)
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.get("snmcp:1:words") == b'{"a": [1, "b"]}'
        connection.set("snmcp:1:words", b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ValueError, match="Expecting value"):
        shared.get("words")
    assert JsonSerializer().loads(JsonSerializer().dumps(None)) is None


def test_clearing_removes_no_message_of_celerys(shared: SharedCache, redis_url: str):
    shared.set("pause", value=True, timeout=60)
    with redis.Redis.from_url(redis_url) as connection:
        connection.lpush("celery", "a message")
        shared.clear()
        assert connection.keys() == [b"celery"]


def test_without_redis_this_process_counts_alone():
    alone = SharedCache(NOWHERE, {"KEY_PREFIX": "snmcp"})
    assert alone.add("calls", 0, timeout=60)
    assert not alone.add("calls", 0, timeout=60)
    assert alone.incr("calls") == 1
    assert alone.spend("visits:abel", limit=2, seconds=60) is None  # nobody counts for all
    alone.clear()
    assert alone.get("calls") is None


def test_all_processes_spend_from_one_bucket(shared: SharedCache, redis_url: str):
    other = RedisOrHere(redis_url)
    first = shared.spend("visits:abel", limit=2, seconds=3600)
    second = other.spend("snmcp:limit:visits:abel", limit=2, seconds=3600)
    third = shared.spend("visits:abel", limit=2, seconds=3600)
    assert [one is not None and one.is_allowed for one in (first, second, third)] == [
        True,
        True,
        False,
    ]
    assert third is not None
    assert third.retry_after == 1800


def test_redis_is_left_alone_for_a_second_after_it_failed(shared: SharedCache, redis_url: str):
    now = [100.0]
    cached = RedisOrHere(redis_url, clock=lambda: now[0])
    cached.set("calls", 7, 60)
    with redis.Redis.from_url(redis_url) as connection:
        connection.config_set("maxmemory", 1)
        connection.config_set("maxmemory-policy", "noeviction")
        cached.set("calls", 8, 60)
        connection.config_set("maxmemory", 0)
    assert cached.get("calls", None) == 8
    now[0] += 1.0
    assert cached.get("calls", None) == 7
    cached.remove_all("*")
