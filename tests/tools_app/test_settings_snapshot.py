"""The operator's settings reach every call within a second, for three or four queries."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.support.clock import Clock
from tools_app.models import ToolsetGrant, ToolSetting
from tools_app.policy import PolicySnapshot, Reach, ToolRule
from tools_app.settings_snapshot import (
    SnapshotCache,
    asnapshot,
    forget_snapshot,
    read_snapshot,
    snapshot,
)

pytestmark = pytest.mark.usefixtures("db")


def test_without_settings_nothing_is_narrowed() -> None:
    assert read_snapshot() == PolicySnapshot()


def test_settings_are_read_as_they_stand_with_the_members_of_their_groups_only() -> None:
    desk, idle = Group.objects.create(name="Desk"), Group.objects.create(name="Idle")
    empty = Group.objects.create(name="Empty")
    abel = get_user_model().objects.create(username="abel.tuter")
    abel.groups.add(desk, idle)
    ToolsetGrant.objects.create(toolset="people", reach="off")
    ToolsetGrant.objects.create(toolset="people", group=desk, reach="read")
    ToolSetting.objects.create(tool="create_incident", group=empty, is_on=False)
    ToolSetting.objects.create(tool="lookup_user", calls_per_minute=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = read_snapshot()
    assert len(queries) == 3
    assert found.toolsets == {"people": {None: Reach.OFF, desk.pk: Reach.READ}}
    assert found.tools == {
        "create_incident": {empty.pk: ToolRule(is_on=False)},
        "lookup_user": {None: ToolRule(calls_per_minute=5)},
    }
    assert found.members == {desk.pk: frozenset({abel.pk}), empty.pk: frozenset()}


def test_the_setting_read_only_is_part_of_it(settings: Settings) -> None:
    settings.READ_ONLY = True
    assert read_snapshot().read_only


def test_a_snapshot_is_kept_for_a_second_and_no_longer() -> None:
    clock, read = Clock(), iter([PolicySnapshot(), PolicySnapshot(read_only=True)])
    cache = SnapshotCache(lambda: next(read), clock=clock)
    assert not cache.current().read_only
    clock.now += 1.0
    assert not cache.current().read_only
    clock.now += 0.001
    assert cache.fresh() is None
    assert cache.current().read_only


async def test_a_change_shows_at_once_where_it_was_made() -> None:
    forget_snapshot()
    assert (await asnapshot()).toolsets == {}
    assert snapshot() is await asnapshot()
    await ToolsetGrant.objects.acreate(toolset="people", reach="off")
    assert (await asnapshot()).toolsets == {}
    forget_snapshot()
    assert (await asnapshot()).toolsets == {"people": {None: Reach.OFF}}
    forget_snapshot()


def test_there_is_one_rule_for_everybody_and_one_for_each_group() -> None:
    desk = Group.objects.create(name="Desk")
    for model, name in ((ToolsetGrant, "toolset"), (ToolSetting, "tool")):
        for group in (None, desk):
            model.objects.create(**{name: "x"}, group=group)
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.create(**{name: "x"}, group=group)


def test_a_limit_allows_at_least_one_call() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ToolSetting.objects.create(tool="lookup_user", calls_per_minute=0)


def test_rules_say_what_they_are() -> None:
    desk = Group.objects.create(name="Desk")
    assert str(ToolsetGrant(toolset="people", reach="read")) == "people for everybody: Read only"
    assert str(ToolsetGrant(toolset="people", group=desk)) == "people for Desk: Read and write"
    assert str(ToolSetting(tool="lookup_user", is_on=False)) == "lookup_user for everybody: off"
    assert str(ToolSetting(tool="lookup_user", group=desk)) == "lookup_user for Desk: on"
