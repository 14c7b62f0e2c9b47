"""Demo data of changes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.areas.changes.seed.approvals import asked_groups
from simulator.areas.changes.seed.models import plant_models
from simulator.areas.changes.seed.related import related_rows
from simulator.areas.changes.seed.rows import (
    Values,
    change_id,
    change_row,
    numbered,
    task_rows,
)
from simulator.areas.changes.seed.templates import TEMPLATES
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.properties import property_row

# With the values of a new instance.
PROPERTIES = {
    "change.conflict.mode": "advanced",
    "change.conflict.next_available.schedule_window": "90",
    "change.conflict.next_available.choice_limit": "10",
    "com.snc.change_management.enforce_data_requirements": "false",
}


def plant(instance: Instance) -> None:
    """Insert the base system's models and the changes, and count on from the last numbers."""
    plant_models(instance)
    moment = instance.clock()
    changes = [change_row(number, change, moment=moment) for number, change in numbered()]
    tasks = [row for number, one in numbered() for row in task_rows(number, one, moment=moment)]
    asked = [
        group
        for (number, one), row in zip(numbered(), changes, strict=True)
        for group in asked_groups(number, one, at=row["opened_at"])
    ]
    groups = [one.group for one in asked]
    for prefix, rows in (("CTASK", tasks), ("GAPRV", groups)):
        for number, row in enumerate(rows, start=FIRST_NUMBER + 1):
            row["number"] = f"{prefix}{number:07d}"
    for table, rows in (
        ("sys_properties", [property_row(*one) for one in PROPERTIES.items()]),
        ("change_request", changes),
        ("change_task", tasks),
        ("sysapproval_group", groups),
        ("sysapproval_approver", [row for one in asked for row in one.members]),
        ("sys_journal_field", list(_notes(moment))),
        *related_rows(moment),
    ):
        instance.insert_many(table, rows)
    _count_on(instance, change_request=len(changes), change_task=len(tasks))
    _count_on(instance, sysapproval_group=len(groups), std_change_proposal=len(TEMPLATES))


def _count_on(instance: Instance, **numbers: int) -> None:
    for table, used in numbers.items():
        last = {"number": str(FIRST_NUMBER + used)}
        instance.update("sys_number", stable_sys_id("sys_number", table), last)


def _notes(moment: datetime) -> Iterator[Values]:
    """What people wrote about changes, and why they rejected one."""
    for number, change in numbered():
        at = as_moment(moment - timedelta(hours=30))
        said = change.note or change.rejected
        if said:
            yield {
                "sys_id": stable_sys_id("sys_journal_field", number, said),
                "element_id": change_id(number),
                "element": "work_notes" if change.note else "comments",
                "name": "change_request",
                "value": said,
                "sys_created_on": at,
                "sys_created_by": change.assigned_to or "fred.luddy",
            }
