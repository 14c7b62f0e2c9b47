"""Which other work a planned change collides with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.areas.changes.windows import Windows, planned_at
from simulator.instance import Instance
from simulator.queries.parsing import literal

Row = Mapping[str, str]

_MODE = "change.conflict.mode"
_ADVANCED = "advanced"


@dataclass(frozen=True, kw_only=True)
class Collision:
    """One reason why a change should not happen when it is planned."""

    kind: str
    item: str = ""
    other: str = ""
    schedule: str = ""
    related: str = ""


def detect(instance: Instance, change: Row) -> list[Collision]:
    """The collisions of a change that has a configuration item and planned dates.

    The mode is a system property: `basic` looks at the item itself, `advanced` at what stands
    above and below it too, and at all affected items.
    """
    found: list[Collision] = []
    for item in _items(instance, change):
        found += _of_item(instance, change, item)
    found += _of_the_assignee(instance, change)
    return list(dict.fromkeys(found))


def is_advanced(instance: Instance) -> bool:
    """Whether the instance looks beyond the item itself."""
    return instance.property(_MODE, default=_ADVANCED) == _ADVANCED


def overlapping(instance: Instance, change: Row, *, field: str, value: str) -> list[Row]:
    """Other changes under way or planned that happen at the same time."""
    encoded = (
        f"{field}={literal(value)}^active=true^sys_id!={change.get('sys_id', '')}"
        f"^start_date<{literal(change['end_date'])}^end_date>{literal(change['start_date'])}"
        "^state!=-5"
    )
    return [*instance.query("change_request", encoded)]


def neighbours(instance: Instance, item: str) -> tuple[list[str], list[str]]:
    """The items above and below an item, one relation away."""
    if not instance.knows("cmdb_rel_ci"):
        return [], []
    above = [row["parent"] for row in instance.query("cmdb_rel_ci", f"child={literal(item)}")]
    below = [row["child"] for row in instance.query("cmdb_rel_ci", f"parent={literal(item)}")]
    return above, below


def _items(instance: Instance, change: Row) -> Sequence[str]:
    affected = []
    if is_advanced(instance):
        affected = [row["ci_item"] for row in instance.query("task_ci", f"task={change['sys_id']}")]
    return list(dict.fromkeys([change["cmdb_ci"], *affected]))


def _of_item(instance: Instance, change: Row, item: str) -> Iterator[Collision]:
    yield from _already_scheduled(instance, change, item, kind="ci_already_scheduled")
    yield from _windows(instance, change, item)
    if is_advanced(instance):
        above, below = neighbours(instance, item)
        for relation, others in (("parent", above), ("child", below)):
            for other in others:
                for each in _already_scheduled(
                    instance, change, other, kind=f"{relation}_already_scheduled"
                ):
                    yield Collision(kind=each.kind, item=item, other=each.other, related=other)


def _already_scheduled(
    instance: Instance, change: Row, item: str, *, kind: str
) -> Iterator[Collision]:
    for other in overlapping(instance, change, field="cmdb_ci", value=item):
        yield Collision(kind=kind, item=item, other=other["sys_id"])


def _windows(instance: Instance, change: Row, item: str) -> Iterator[Collision]:
    windows = Windows(instance, item)
    start, end = planned_at(change["start_date"]), planned_at(change["end_date"])
    for schedule in windows.broken_blackouts(start, end):
        yield Collision(kind="blackout", item=item, schedule=schedule)
    for schedule in windows.missed_maintenance(start, end):
        yield Collision(kind="not_in_maintenance_window", item=item, schedule=schedule)


def _of_the_assignee(instance: Instance, change: Row) -> Iterator[Collision]:
    if not change["assigned_to"]:
        return
    for other in overlapping(instance, change, field="assigned_to", value=change["assigned_to"]):
        yield Collision(
            kind="assigned_to_already_scheduled", item=change["cmdb_ci"], other=other["sys_id"]
        )
