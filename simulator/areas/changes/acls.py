"""ACLs of changes, their tasks and what belongs to them."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.conditions import is_any
from simulator.access.people import Person
from simulator.switches import Switches

READERS = frozenset({"itil", "sn_change_read", "sn_change_write", "change_manager"})
WRITERS = frozenset({"itil", "sn_change_write", "change_manager"})
MANAGERS = frozenset({"change_manager"})

_WITH_A_CHANGE = (
    "change_task",
    "conflict",
    "task_ci",
    "task_cmdb_ci_service",
    "task_service_offering",
)
_ABOUT_ALL_CHANGES = (
    "std_change_record_producer",
    "std_change_producer_version",
    "std_change_proposal",
    "cab_definition",
    "cab_meeting",
    "cab_agenda_item",
)
_MODELS = (
    "sttrm_model",
    "chg_model",
    "sttrm_state",
    "sttrm_state_transition",
    "sttrm_transition_condition",
    "chg_mgt_worker",
)


def acls(_: Switches) -> Sequence[Acl]:
    """`itil` works on changes that are open; only a change manager touches closed ones."""
    own = is_any("requested_by", "opened_by", "assigned_to")
    seen = ("requested_by", "opened_by", "assigned_to")
    return (
        Acl(table="change_request", operation=READ, roles=READERS),
        Acl(table="change_request", operation=READ, condition=own, needs=seen),
        Acl(table="change_request", operation=CREATE, roles=WRITERS),
        Acl(
            table="change_request",
            operation=WRITE,
            roles=WRITERS,
            condition=_is_active,
            needs=("active",),
        ),
        Acl(table="change_request", operation=WRITE, roles=MANAGERS),
        Acl(table="change_request", operation=DELETE, roles=MANAGERS),
        *_worked_on(_WITH_A_CHANGE, deleters=WRITERS),
        *_worked_on(_ABOUT_ALL_CHANGES, deleters=MANAGERS),
        *(Acl(table=table, operation=READ, roles=READERS) for table in _MODELS),
    )


def _worked_on(tables: Sequence[str], *, deleters: frozenset[str]) -> Sequence[Acl]:
    operations = {READ: READERS, CREATE: WRITERS, WRITE: WRITERS, DELETE: deleters}
    return tuple(
        Acl(table=table, operation=operation, roles=roles)
        for table in tables
        for operation, roles in operations.items()
    )


def _is_active(_: Person, row: Mapping[str, str]) -> bool:
    return row.get("active") == "true"
