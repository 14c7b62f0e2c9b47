"""ACLs of problems and their tasks."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.people import Person
from simulator.areas.problems.states import CLOSED
from simulator.switches import Switches

_MANAGERS = frozenset({"problem_manager", "problem_admin"})
_COORDINATORS = _MANAGERS | {"problem_coordinator"}
_WRITERS = _COORDINATORS | {"itil", "sn_problem_write", "problem_task_analyst"}
_READERS = _WRITERS | {"sn_problem_read"}


def acls(switches: Switches) -> Sequence[Acl]:
    """`itil` works on problems that are open; those who coordinate them on closed ones too."""

    def state_is_writable(_: Person, __: Mapping[str, str]) -> bool:
        return switches.problem_states_over_table_api

    return (
        Acl(table="problem", operation=WRITE, field="state", condition=state_is_writable),
        Acl(table="problem", operation=READ, roles=_READERS),
        Acl(table="problem", operation=CREATE, roles=_WRITERS),
        Acl(
            table="problem",
            operation=WRITE,
            roles=_WRITERS,
            condition=_is_open,
            needs=("state",),
        ),
        Acl(table="problem", operation=WRITE, roles=_COORDINATORS),
        Acl(table="problem", operation=DELETE, roles=_MANAGERS),
        Acl(table="problem_task", operation=READ, roles=_READERS),
        Acl(table="problem_task", operation=CREATE, roles=_WRITERS),
        Acl(table="problem_task", operation=WRITE, roles=_WRITERS),
        Acl(table="problem_task", operation=DELETE, roles=_MANAGERS),
    )


def _is_open(_: Person, row: Mapping[str, str]) -> bool:
    return row.get("state") != CLOSED
