"""The ground that every other test stands on."""

import redis
from channels.db import database_sync_to_async

from oauth_app.models import User


def test_a_database_copy_starts_empty_and_keeps_commits(db: None) -> None:
    assert User.objects.count() == 0
    User.objects.create(username="abel")
    assert User.objects.count() == 1


async def test_another_thread_sees_what_was_committed(db: None) -> None:
    await User.objects.acreate(username="beth")
    assert await database_sync_to_async(User.objects.count, thread_sensitive=False)() == 1


def test_redis_is_real_and_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        assert connection.set("a", "1") is True
