"""When an item may be changed: maintenance windows it has, and blackouts it is under."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from simulator.areas.service_levels.schedules import Schedules, WorkingTime
from simulator.instance import Instance
from simulator.queries.matching import matches

_SECOND = timedelta(seconds=1)


def planned_at(text: str) -> datetime:
    """A planned moment, aware. Raises ValueError for what is none."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


class Windows:
    """The schedules that count for one item, each read once."""

    def __init__(self, instance: Instance, item: str) -> None:
        self._schedules = Schedules(instance)
        row = instance.row("cmdb_ci", item) or {}
        self.maintenance = list(_applying(instance, "cmn_schedule_maintenance", row))
        if row.get("maintenance_schedule"):
            self.maintenance.append(row["maintenance_schedule"])
        self.blackouts = list(_applying(instance, "cmn_schedule_blackout", row))

    def broken_blackouts(self, start: datetime, end: datetime) -> list[str]:
        """Blackouts in which a part of the time lies."""
        return [one for one in self.blackouts if self._hours(one).between(start, end) > 0]

    def missed_maintenance(self, start: datetime, end: datetime) -> list[str]:
        """Maintenance windows in which not all of the time lies."""
        length = int((end - start).total_seconds())
        return [one for one in self.maintenance if self._hours(one).between(start, end) < length]

    def next_opening(self, start: datetime) -> datetime | None:
        """The first moment from `start` on that lies in every maintenance window, if any does."""
        for schedule in self.maintenance:
            opened = self._hours(schedule).after(start, 1)
            if opened is None:
                return None
            start = max(start, opened - _SECOND)
        return start

    def _hours(self, schedule: str) -> WorkingTime:
        return self._schedules.hours(schedule, zone="")


def _applying(instance: Instance, table: str, item: dict[str, str]) -> Iterator[str]:
    """Schedules of a kind whose condition the item meets; one without a condition is nobody's."""
    for row in instance.query(table):
        if row["condition"] and _meets(item, row["condition"]):
            yield row["sys_id"]


def _meets(item: dict[str, str], condition: str) -> bool:
    """Whether an item meets a condition; what its own values do not tell does not hold."""
    return matches(item, condition, otherwise=lambda _: False)
