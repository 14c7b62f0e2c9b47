"""The operator's settings of the moment, as `policy.py` wants them.

Read from the database at most once a second in each process, so a change holds within a second
everywhere, also without Redis.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from threading import Lock
from typing import Final

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import Group

from tools_app.models import ToolsetGrant, ToolSetting
from tools_app.policy import PolicySnapshot, Reach, ToolRule

FRESH_FOR_SECONDS: Final = 1.0

_REACH = {
    ToolsetGrant.Reach.OFF.value: Reach.OFF,
    ToolsetGrant.Reach.READ.value: Reach.READ,
    ToolsetGrant.Reach.WRITE.value: Reach.WRITE,
}


def read_snapshot() -> PolicySnapshot:
    """The settings as the database has them now: three queries."""
    toolsets: dict[str, dict[int | None, Reach]] = defaultdict(dict)
    grants = ToolsetGrant.objects.values_list("toolset", "group_id", "reach")
    for toolset, group_id, reach in grants:
        toolsets[toolset][group_id] = _REACH[reach]
    tools: dict[str, dict[int | None, ToolRule]] = defaultdict(dict)
    rows = ToolSetting.objects.values_list("tool", "group_id", "is_on", "calls_per_minute")
    for tool, group_id, is_on, calls_per_minute in rows:
        tools[tool][group_id] = ToolRule(is_on=is_on, calls_per_minute=calls_per_minute)
    named = {group for by_group in toolsets.values() for group in by_group}
    named |= {group for by_group in tools.values() for group in by_group}
    return PolicySnapshot(
        read_only=settings.READ_ONLY,
        toolsets=dict(toolsets),
        tools=dict(tools),
        members=_members(named),
    )


def _members(named: set[int | None]) -> dict[int, frozenset[int]]:
    """Who belongs to the groups that have rules; the others do not matter here."""
    people: dict[int, set[int | None]] = defaultdict(set)
    group_ids = [group_id for group_id in named if group_id is not None]
    if group_ids:
        rows = Group.objects.filter(id__in=group_ids).values_list("id", "user__id")
        for group_id, user_id in rows:
            people[group_id].add(user_id)
    return {group_id: frozenset(one for one in ids if one) for group_id, ids in people.items()}


class SnapshotCache:
    """Keeps a snapshot for a second; safe for many threads, of which one reads and all share."""

    def __init__(
        self,
        read: Callable[[], PolicySnapshot],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._kept: tuple[float, PolicySnapshot] | None = None

    def fresh(self) -> PolicySnapshot | None:
        """What is kept, if it is at most a second old."""
        kept = self._kept
        if kept is None or self._clock() - kept[0] > FRESH_FOR_SECONDS:
            return None
        return kept[1]

    def current(self) -> PolicySnapshot:
        """What is kept or, if that is too old, what the database has now."""
        with self._lock:
            found = self.fresh()
            if found is None:
                # The age counts from before reading: a change during it must show in a second.
                began = self._clock()
                found = self._read()
                self._kept = (began, found)
            return found

    def forget(self) -> None:
        """Read again at the next call: after a change in this process, and between tests."""
        self._kept = None


_cache = SnapshotCache(read_snapshot)


def snapshot() -> PolicySnapshot:
    """The operator's settings, at most one second old."""
    return _cache.fresh() or _cache.current()


async def asnapshot() -> PolicySnapshot:
    """The same for the MCP path; leaves the event loop only when the database must be asked."""
    kept = _cache.fresh()
    if kept is not None:
        return kept
    read: PolicySnapshot = await database_sync_to_async(_cache.current)()
    return read


def forget_snapshot() -> None:
    """Let the next call read the database: settings were changed here."""
    _cache.forget()
