"""ACLs of configuration items."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, WRITE, Acl
from simulator.access.roles import ITIL
from simulator.switches import Switches


def acls(_: Switches) -> Sequence[Acl]:
    """People who work on tasks keep configuration items, too."""
    return tuple(
        Acl(table="cmdb_ci", operation=operation, roles=ITIL) for operation in (CREATE, WRITE)
    )
