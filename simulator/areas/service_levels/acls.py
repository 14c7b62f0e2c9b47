"""ACLs of service levels and schedules."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.roles import ITIL
from simulator.switches import Switches

_SLA_ROLES = frozenset({"sla_admin", "sla_manager"})
_SCHEDULE_ROLES = frozenset({"schedule_admin"})
_SCHEDULES = ("cmn_schedule", "cmn_schedule_span", "cmn_other_schedule", "cmn_relative_duration")


def acls(_: Switches) -> Sequence[Acl]:
    """`itil` reads them, administrators of theirs write them; everybody reads schedules."""
    return (
        Acl(table="contract_sla", operation=READ, roles=ITIL | _SLA_ROLES),
        Acl(table="task_sla", operation=READ, roles=ITIL | _SLA_ROLES),
        *(
            Acl(table=table, operation=operation, roles=_SLA_ROLES)
            for table in ("contract_sla", "task_sla")
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table=table, operation=operation, roles=_SCHEDULE_ROLES)
            for table in _SCHEDULES
            for operation in (CREATE, WRITE, DELETE)
        ),
    )
