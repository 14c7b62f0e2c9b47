"""ACLs of incidents."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, READ, WRITE, Acl
from simulator.access.conditions import is_any
from simulator.access.people import Person
from simulator.access.roles import ITIL
from simulator.switches import Switches

_CLOSED_STATES = ("7", "8")

# What somebody without a role may still change on an incident of their own.
_CALLER_WRITES = ("short_description", "description", "urgency", "comments", "watch_list")


def acls(_: Switches) -> Sequence[Acl]:
    """`itil` works on all that are open; callers see theirs and change little of them."""
    own = is_any("caller_id", "opened_by")
    seen = ("caller_id", "opened_by", "watch_list")
    return (
        Acl(table="incident", operation=READ, roles=ITIL),
        Acl(table="incident", operation=READ, condition=_takes_part, needs=seen),
        Acl(table="incident", operation=CREATE),
        Acl(table="incident", operation=WRITE, roles=ITIL),
        Acl(table="incident", operation=WRITE, condition=own, needs=("caller_id", "opened_by")),
        Acl(
            table="incident",
            operation=WRITE,
            condition=_is_open,
            needs=("state",),
            deny_unless=True,
        ),
        Acl(table="incident", operation=WRITE, field="*", roles=ITIL),
        *(Acl(table="incident", operation=WRITE, field=field) for field in _CALLER_WRITES),
        *(
            Acl(table=table, operation=operation, roles=ITIL)
            for table in ("interaction", "interaction_related_record")
            for operation in (READ, CREATE, WRITE)
        ),
        Acl(
            table="interaction",
            operation=READ,
            condition=is_any("opened_for"),
            needs=("opened_for",),
        ),
        *(
            Acl(table="interaction", operation=operation, field="work_notes", roles=ITIL)
            for operation in (READ, CREATE, WRITE)
        ),
    )


def _takes_part(person: Person, row: Mapping[str, str]) -> bool:
    if person.sys_id in (row.get("caller_id"), row.get("opened_by")):
        return True
    return person.sys_id in row.get("watch_list", "").split(",")


def _is_open(_: Person, row: Mapping[str, str]) -> bool:
    return row.get("state") not in _CLOSED_STATES
