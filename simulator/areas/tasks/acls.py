"""ACLs of tasks."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, READ, WRITE, Acl
from simulator.access.conditions import is_any
from simulator.access.roles import ITIL
from simulator.switches import Switches

_MINE = ("opened_by", "assigned_to")


def acls(_: Switches) -> Sequence[Acl]:
    """`itil` works on tasks; others read those that are theirs, without the work notes."""
    return (
        *(
            Acl(table="task", operation=operation, roles=ITIL)
            for operation in (READ, CREATE, WRITE)
        ),
        Acl(table="task", operation=READ, condition=is_any(*_MINE), needs=_MINE),
        *(
            Acl(table="task", operation=operation, field=field, roles=ITIL)
            for operation in (READ, CREATE, WRITE)
            for field in ("work_notes", "work_notes_list")
        ),
    )
