"""ACLs of update sets: they are for those who configure the instance."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, READ, WRITE, Acl
from simulator.access.roles import ADMIN
from simulator.switches import Switches

AUTOMATION = frozenset({"sn_cicd.sys_ci_automation"})
DEVELOPERS = frozenset({"delegated_developer"})

_READ = (
    *("sys_update_set", "sys_update_xml", "sys_remote_update_set", "sys_update_preview_problem"),
    *("sys_update_version", "sys_update_set_log", "sys_execution_tracker"),
)


def acls(_: Switches) -> Sequence[Acl]:
    """Administrators do everything, delegated developers make sets, pipelines read."""
    return (
        *(
            Acl(table=table, operation=READ, roles=ADMIN | AUTOMATION | DEVELOPERS)
            for table in _READ
        ),
        *(
            Acl(table="sys_update_set", operation=operation, roles=ADMIN | DEVELOPERS)
            for operation in (CREATE, WRITE)
        ),
        # A payload holds records whole, also such as only administrators read.
        *(
            Acl(table=table, operation=READ, field="payload", roles=ADMIN)
            for table in ("sys_update_xml", "sys_update_version")
        ),
        Acl(table="sys_update_set_source", operation=READ, roles=ADMIN | AUTOMATION),
        Acl(table="sys_update_set_source", operation=READ, field="password", roles=ADMIN),
    )
