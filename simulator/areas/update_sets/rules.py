"""Business rules of update sets: defaults, completion, and the capture of changes."""

from collections.abc import Sequence

from simulator.areas.update_sets.capture import CAPTURED, capture
from simulator.areas.update_sets.current import (
    GLOBAL,
    IN_PROGRESS,
    current_application,
    new_default,
)
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    BusinessRule,
    Change,
    rule,
)
from simulator.switches import Switches

_TABLE = "sys_update_set"


def rules(switches: Switches) -> Sequence[BusinessRule]:
    """In the order they run."""

    def captured(change: Change) -> None:
        capture(change, by_preference=switches.update_set_by_preference)

    return (
        rule("Update set: Set application", _TABLE, _set_application, order=50, on=ON_INSERT),
        rule("Update set: Complete", _TABLE, _complete, order=60),
        rule("Update set: Keep one default", _TABLE, _keep_one_default, order=70, after=True),
        *(
            rule("Application: Set scope", table, _set_scope, order=5, on=ON_INSERT)
            for table in CAPTURED
        ),
        *(
            rule(
                "Update set: Capture change",
                table,
                captured,
                order=10_000,
                on=ON_INSERT | ON_UPDATE | ON_DELETE,
                after=True,
            )
            for table in CAPTURED
        ),
    )


def _set_application(change: Change) -> None:
    """A new set belongs to the application its maker works in, unless it names one."""
    if change.person is not None and change.get("application") in ("", GLOBAL):
        change.set("application", current_application(change.records, change.person))


def _set_scope(change: Change) -> None:
    if change.person is not None and change.get("sys_scope") in ("", GLOBAL):
        application = current_application(change.records, change.person)
        if application != GLOBAL:
            change.set("sys_scope", application)
            change.set("sys_package", application)


def _complete(change: Change) -> None:
    if not change.changes("state"):
        return
    is_complete = change.get("state") == "complete"
    change.set("completed_on", change.at if is_complete else "")
    change.set("completed_by", change.person.sys_id if is_complete and change.person else "")


def _keep_one_default(change: Change) -> None:
    """Completing the default makes a new one; a new default takes the place of the old."""
    if change.get("is_default") != "true":
        return
    if change.get("state") != IN_PROGRESS and change.changes("state"):
        change.records.update(_TABLE, change.sys_id, {"is_default": "false"})
        new_default(change.records, change.get("application") or GLOBAL)
    elif change.changes("is_default"):
        of_application = f"application={change.get('application')}^is_default=true"
        for row in change.records.query(_TABLE, of_application):
            if row["sys_id"] != change.sys_id:
                change.records.update(_TABLE, row["sys_id"], {"is_default": "false"})
