"""What an operator changes is announced once it is committed, to those whom it concerns."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.contrib.auth.models import Group
from django.db import transaction
from pytest_django import Settings

from mcp_app.sessions.relay import channel
from oauth_app.models import User
from tools_app.models import ToolsetGrant, ToolSetting


class Ear:
    """What is said to all workers."""

    def __init__(self, url: str) -> None:
        self._connection = redis.Redis.from_url(url)
        self._heard = self._connection.pubsub(ignore_subscribe_messages=True)
        self._heard.subscribe(channel())
        self._heard.get_message(timeout=1)

    def heard(self) -> list[dict[str, Any]]:
        """All that was said since."""
        words = []
        while message := self._heard.get_message(timeout=0.05):
            words.append(json.loads(message["data"]))
        return words

    def close(self) -> None:
        self._heard.close()
        self._connection.close()


@pytest.fixture
def ear(db: None, redis_url: str) -> Iterator[Ear]:
    ear = Ear(redis_url)
    yield ear
    ear.close()


WHAT = ("tools", "prompts", "resources")


def changed(user_id: int | None) -> list[dict[str, Any]]:
    """What is said of one change."""
    return [
        {
            "kind": "changed",
            "method": f"notifications/{what}/list_changed",
            "told": None,
            "user": user_id,
        }
        for what in WHAT
    ]


def test_every_change_of_a_setting_is_announced(ear: Ear):
    setting = ToolSetting.objects.create(tool="get_incident", is_on=False)
    setting.is_on = True
    setting.save()
    setting.delete()
    ToolsetGrant.objects.create(toolset="incidents", reach=ToolsetGrant.Reach.READ)
    assert ear.heard() == changed(None) * 4


def test_a_change_that_is_taken_back_is_not_announced(ear: Ear):
    with transaction.atomic():
        ToolSetting.objects.create(tool="get_incident", is_on=False)
        transaction.set_rollback(True)
    assert ear.heard() == []


def test_who_joins_a_group_is_told_alone(ear: Ear):
    person, group = User.objects.create(username="abel"), Group.objects.create(name="readers")
    person.groups.add(group)
    assert ear.heard() == changed(person.pk)
    group.user_set.clear()
    assert ear.heard() == changed(None)


def test_without_redis_a_setting_is_saved_all_the_same(db: None, settings: Settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    ToolSetting.objects.create(tool="get_incident", is_on=False)
    assert ToolSetting.objects.count() == 1
