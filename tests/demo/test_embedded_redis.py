"""The embedded Redis starts, is found again, and says why it could not start."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from snmcp_project import embedded_redis


def test_a_running_redis_is_not_started_twice() -> None:
    with TemporaryDirectory(prefix="snmcp-redis-") as folder:
        child = embedded_redis.ensure_running(Path(folder))
        assert child is not None
        try:
            assert embedded_redis.ensure_running(Path(folder)) is None
        finally:
            child.terminate()
            child.wait()


def test_a_start_that_fails_says_what_redis_printed() -> None:
    too_long_for_a_socket = TemporaryDirectory(prefix="snmcp-" + "x" * 120)
    failing = pytest.raises(embedded_redis.RedisDidNotStart, match="Opening Unix socket")
    with too_long_for_a_socket as folder, failing:
        embedded_redis.start(Path(folder))
